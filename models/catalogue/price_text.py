"""Prices in words: what they say to a customer, and what is wrong with them."""

from odoo.exceptions import ValidationError
from odoo.tools.misc import get_lang

from ...canonical.catalogue.decimals import InvalidPrice, PriceFault, read_decimal
from ...canonical.catalogue.terms import Cadence, ComponentKind, PriceModel, Timing
from ...canonical.display.amounts import write_places

_NBSP = "\N{NO-BREAK SPACE}"


def write_quantity(env, number):
    """Return an exact quantity as people read it, such as ``1,000`` or ``0.5``."""
    return _localise(env, write_places(number, 0))


def write_price(env, currency, number):
    """Return an exact amount in a currency as people read it, with all its decimals,
    such as ``€10.00`` or ``€0.005``.
    """
    text = _localise(env, write_places(number, currency.decimal_places))
    symbol = currency.symbol or currency.name
    if currency.position == "after":
        return f"{text}{_NBSP}{symbol}"
    return f"{symbol}{_NBSP if symbol[-1:].isalpha() else ''}{text}"


def describe_price(env, currency, price, component):
    """Return what a price says, as a sentence without an end: ``€10.00 per month, in
    advance`` or ``first 1,000 free, then €0.001 each``.

    :param price: a :class:`~...canonical.catalogue.price.Price`.
    :param component: the ``saas.plan.component`` that it is the price of.
    """
    text = _DESCRIBE[price.model](env, currency, price, component.kind)
    if price.included:
        text = env._(
            "first %(included)s free, then %(price)s",
            included=write_quantity(env, price.included),
            price=text,
        )
    text = _add_term(env, text, component)
    for bound, said in (
        (price.minimum, env._("%(price)s; at least %(amount)s")),
        (price.maximum, env._("%(price)s; at most %(amount)s")),
    ):
        if bound is not None:
            text = said % {"price": text, "amount": write_price(env, currency, bound)}
    return text


def describe_faults(env, faults):
    """Return a sentence for each :class:`~...canonical.catalogue.decimals.Fault`."""
    sentences, fields = _get_fault_sentences(env), _get_field_labels(env)
    return [
        env._(
            "Tier %(number)s, %(field)s: %(sentence)s",
            number=fault.tier,
            field=fields[fault.field],
            sentence=sentences[fault.fault],
        )
        if fault.tier
        else env._(
            "%(field)s: %(sentence)s",
            field=fields[fault.field],
            sentence=sentences[fault.fault],
        )
        for fault in faults
    ]


def check_decimals(env, texts, digits):
    """Raise unless all of some texts are decimals, with a sentence for each that isn't.

    :param texts: by the field's name.
    :param digits: how many digits they may have before and after the point.
    """
    faults = []
    for field, text in texts.items():
        try:
            read_decimal(text, field, digits)
        except InvalidPrice as error:
            faults += error.faults
    if faults:
        raise ValidationError("\n".join(describe_faults(env, faults)))


def _add_term(env, text, component):
    """Return a price with the period that it is for, and when that is billed."""
    period = {
        Cadence.WEEKLY: env._("per week"),
        Cadence.MONTHLY: env._("per month"),
        Cadence.QUARTERLY: env._("per quarter"),
        Cadence.HALF_YEARLY: env._("per half-year"),
        Cadence.YEARLY: env._("per year"),
    }[component.cadence]
    timing = {
        Timing.ADVANCE: env._("in advance"),
        Timing.ARREARS: env._("in arrears"),
    }[component.timing]
    values = {"price": text, "period": period, "timing": timing}
    if component.kind == ComponentKind.FLAT:
        return env._("%(price)s %(period)s, %(timing)s", **values)
    return env._("%(price)s; counted %(period)s, %(timing)s", **values)


def _describe_unit(env, currency, price, kind):
    return _write_each(env, currency, price.unit, kind)


def _describe_package(env, currency, price, kind):
    return env._(
        "%(price)s for each %(size)s or part of them",
        price=write_price(env, currency, price.unit),
        size=write_quantity(env, price.package_size),
    )


def _describe_graduated(env, currency, price, kind):
    parts = []
    for tier in price.tiers:
        values = {"price": _write_tier(env, currency, tier, kind)}
        if tier.up_to is not None:
            values["bound"] = write_quantity(env, tier.up_to)
            parts.append(env._("%(price)s up to %(bound)s", **values))
        else:
            parts.append(values["price"])
    return env._("; then ").join(parts)


def _describe_volume(env, currency, price, kind):
    parts = []
    for tier in price.tiers:
        values = {"price": _write_tier(env, currency, tier, kind)}
        if tier.up_to is not None:
            values["bound"] = write_quantity(env, tier.up_to)
            parts.append(env._("%(price)s if up to %(bound)s", **values))
        elif parts:
            parts.append(env._("%(price)s for all if more", **values))
        else:
            parts.append(values["price"])
    return "; ".join(parts)


def _write_tier(env, currency, tier, kind):
    """Return what the units of a tier cost, and its flat fee."""
    each = _write_each(env, currency, tier.unit, kind)
    if not tier.flat:
        return each if tier.unit else env._("free")
    flat = write_price(env, currency, tier.flat)
    if not tier.unit:
        return env._("%s in all", flat)
    return env._("%(flat)s plus %(each)s", flat=flat, each=each)


def _write_each(env, currency, unit, kind):
    amount = write_price(env, currency, unit)
    if kind == ComponentKind.FLAT:
        return amount
    if kind == ComponentKind.SEAT:
        return env._("%s per seat", amount)
    return env._("%s each", amount)


def _localise(env, text):
    """Return a decimal text with the marks of the reader's language."""
    lang = get_lang(env)
    whole, _point, decimals = text.partition(".")
    whole = env["res.lang"].browse(lang.id).format("%d", int(whole), grouping=True)
    return f"{whole}{lang.decimal_point}{decimals}" if decimals else whole


def _get_fault_sentences(env):
    return {
        PriceFault.NOT_DECIMAL: env._(
            "Write a number with digits and a point, such as 0.005."
        ),
        PriceFault.NEGATIVE: env._("Write a number that is not below zero."),
        PriceFault.TOO_LONG: env._("Write a number with fewer digits."),
        PriceFault.NO_UNIT: env._("Enter what each costs."),
        PriceFault.NOT_BY_UNIT: env._("Leave it empty: the tiers say what each costs."),
        PriceFault.NO_PACKAGE: env._("Enter how many are in a package."),
        PriceFault.NOT_PACKED: env._("Leave it empty: nothing is sold in packages."),
        PriceFault.NO_TIERS: env._("Add a tier."),
        PriceFault.NOT_TIERED: env._("Remove the tiers: each costs the same."),
        PriceFault.MALFORMED_TIERS: env._(
            "Each tier needs a price for each, and may have an end and a flat fee."
        ),
        PriceFault.TIERS_NOT_RISING: env._(
            "Each tier ends above the one before. Only the last has no end."
        ),
        PriceFault.TIERS_NOT_OPEN: env._("Leave the end of the last tier empty."),
        PriceFault.MINIMUM_ABOVE_MAXIMUM: env._(
            "The minimum can't be above the maximum."
        ),
    }


def _get_field_labels(env):
    return {
        "unit": env._("Price"),
        "package_size": env._("Package"),
        "included": env._("Included"),
        "minimum": env._("Minimum"),
        "maximum": env._("Maximum"),
        "tiers": env._("Tiers"),
        "up_to": env._("Up To"),
        "flat": env._("Flat Fee"),
        "value": env._("Limit"),
    }


_DESCRIBE = {
    PriceModel.UNIT: _describe_unit,
    PriceModel.PACKAGE: _describe_package,
    PriceModel.GRADUATED: _describe_graduated,
    PriceModel.VOLUME: _describe_volume,
}
