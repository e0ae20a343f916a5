"""A price with all that its amount depends on, exactly, and as a snapshot in JSON."""

from dataclasses import dataclass
from fractions import Fraction

from .decimals import (
    PRICE_DIGITS,
    QUANTITY_DIGITS,
    Fault,
    InvalidPrice,
    PriceFault,
    read_decimal,
    to_exact,
    write_decimal,
)
from .terms import TIERED, PriceModel

#: How many digits a price's decimals have before and after the point, at most.
DIGITS = {
    "unit": PRICE_DIGITS,
    "package_size": QUANTITY_DIGITS,
    "included": QUANTITY_DIGITS,
    "minimum": PRICE_DIGITS,
    "maximum": PRICE_DIGITS,
}
_TIER_KEYS = frozenset(("up_to", "unit", "flat"))


@dataclass(frozen=True)
class Tier:
    """One tier of a price. It holds what is above the tier before it, up to and with
    ``up_to``; None: without an end. ``unit`` and ``flat`` are in major units: what each
    unit costs, and what the tier costs as soon as it is reached.
    """

    up_to: Fraction | None
    unit: Fraction
    flat: Fraction = Fraction(0)

    def __post_init__(self):
        _make_exact(self, _TIER_KEYS)

    def to_json(self):
        """Return the tier as plain JSON of decimal texts."""
        return {
            "up_to": _write(self.up_to),
            "unit": write_decimal(self.unit),
            "flat": write_decimal(self.flat),
        }


@dataclass(frozen=True)
class Price:
    """What a quantity of one component costs in one currency for a full period.

    Amounts (``unit``, ``minimum``, ``maximum``, those of tiers) are in major units of
    ``currency``, whose minor unit has ``exponent`` decimals. ``unit`` is for each unit,
    or for each package of ``package_size`` units. What is ``included`` is free, and
    taken off before tiers and packages are counted. ``minimum`` and ``maximum`` bound
    the amount, also that of nothing used. With ``charges_first_flat``, zero units pay
    the flat fee of the first tier; without, they pay nothing.

    All numbers are Fractions; ints and Decimals become such, a float is refused.

    :raises InvalidPrice: with all that is wrong with it.
    """

    model: PriceModel
    currency: str
    exponent: int
    unit: Fraction | None = None
    package_size: Fraction | None = None
    tiers: tuple[Tier, ...] = ()
    included: Fraction = Fraction(0)
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    charges_first_flat: bool = False

    def __post_init__(self):
        object.__setattr__(self, "model", PriceModel(self.model))
        object.__setattr__(self, "tiers", tuple(self.tiers))
        _make_exact(self, DIGITS)
        if faults := [*self._find_faults()]:
            raise InvalidPrice(*faults)

    def to_json(self):
        """Return the price as plain JSON: a snapshot that :meth:`from_json` reads."""
        return {
            "model": self.model.value,
            "currency": self.currency,
            "exponent": self.exponent,
            **{name: _write(getattr(self, name)) for name in DIGITS},
            "tiers": [tier.to_json() for tier in self.tiers],
            "charges_first_flat": self.charges_first_flat,
        }

    @classmethod
    def from_json(cls, values):
        """Return the price that a snapshot, or what a person entered, says.

        :param values: a dict as :meth:`to_json` returns it; what is None or missing is
            not stated.
        :raises InvalidPrice: with all that is wrong: each text that is no decimal, and
            if there is none, each part that does not fit the model.
        """
        return cls(
            model=values["model"],
            currency=values["currency"],
            exponent=values["exponent"],
            charges_first_flat=values.get("charges_first_flat") is True,
            **read_numbers(values),
        )

    def _find_faults(self):
        """Yield what of the price is missing, too much or against another part."""
        if self.model in TIERED:
            if self.unit is not None:
                yield Fault(PriceFault.NOT_BY_UNIT, "unit")
            yield from _find_tier_faults(self.tiers)
        else:
            if self.unit is None:
                yield Fault(PriceFault.NO_UNIT, "unit")
            if self.tiers:
                yield Fault(PriceFault.NOT_TIERED, "tiers")
        if self.model == PriceModel.PACKAGE:
            if not self.package_size:
                yield Fault(PriceFault.NO_PACKAGE, "package_size")
        elif self.package_size is not None:
            yield Fault(PriceFault.NOT_PACKED, "package_size")
        for name in DIGITS:
            if (getattr(self, name) or 0) < 0:
                yield Fault(PriceFault.NEGATIVE, name)
        if None not in (self.minimum, self.maximum) and self.minimum > self.maximum:
            yield Fault(PriceFault.MINIMUM_ABOVE_MAXIMUM, "minimum")


def read_numbers(values):
    """Return the numbers and tiers that plain JSON states, by the fields of a
    :class:`Price`. Whether they make a price is for that to say.

    :param values: a dict; what is None or missing is not stated, and is left out.
    :raises InvalidPrice: with each text that is no decimal.
    """
    numbers, faults = {}, []
    for name, digits in DIGITS.items():
        if values.get(name) is not None:
            try:
                numbers[name] = read_decimal(values[name], name, digits)
            except InvalidPrice as error:
                faults += error.faults
    try:
        numbers["tiers"] = _read_tiers(values.get("tiers"))
    except InvalidPrice as error:
        faults += error.faults
    if faults:
        raise InvalidPrice(*faults)
    return numbers


def _read_tiers(rows):
    """Return the tiers of a list of dicts with the decimal texts ``up_to`` (None: no
    end), ``unit`` and ``flat`` (missing: none).
    """
    if not isinstance(rows or [], list):
        raise InvalidPrice(Fault(PriceFault.MALFORMED_TIERS, "tiers"))
    tiers, faults = [], []
    for number, row in enumerate(rows or [], 1):
        if not isinstance(row, dict) or not {"unit"} <= {*row} <= _TIER_KEYS:
            faults.append(Fault(PriceFault.MALFORMED_TIERS, "tiers", number))
            continue
        try:
            tiers.append(_read_tier(row, number))
        except InvalidPrice as error:
            faults += error.faults
    if faults:
        raise InvalidPrice(*faults)
    return tuple(tiers)


def _read_tier(row, number):
    up_to, flat = row.get("up_to"), row.get("flat")
    return Tier(
        None
        if up_to is None
        else read_decimal(up_to, "up_to", QUANTITY_DIGITS, number),
        read_decimal(row["unit"], "unit", PRICE_DIGITS, number),
        read_decimal("0" if flat is None else flat, "flat", PRICE_DIGITS, number),
    )


def _find_tier_faults(tiers):
    """Yield what is wrong with tiers: none, not rising, not open at the end, or less
    than zero.
    """
    if not tiers:
        yield Fault(PriceFault.NO_TIERS, "tiers")
        return
    below = Fraction(0)
    for number, tier in enumerate(tiers[:-1], 1):
        if tier.up_to is None or tier.up_to <= below:
            yield Fault(PriceFault.TIERS_NOT_RISING, "up_to", number)
        else:
            below = tier.up_to
    if tiers[-1].up_to is not None:
        yield Fault(PriceFault.TIERS_NOT_OPEN, "up_to", len(tiers))
    for number, tier in enumerate(tiers, 1):
        for name in ("unit", "flat"):
            if getattr(tier, name) < 0:
                yield Fault(PriceFault.NEGATIVE, name, number)


def _make_exact(record, names):
    """Turn numbers of a frozen dataclass into Fractions; refuse floats."""
    for name in names:
        if (value := getattr(record, name)) is not None:
            object.__setattr__(record, name, to_exact(value))


def _write(number):
    return None if number is None else write_decimal(number)
