from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import models

from ..canonical.kinds import Kind
from ..canonical.metrics.mirrored import find_length
from ..canonical.moments import aware
from ..canonical.money import exact, to_decimal
from ..canonical.revenue.months import get_last_served_day
from ..canonical.usage.rating import round_minor

#: What happens within an hour is one change, as for what recurs.
_AT_ONCE = timedelta(hours=1)


@dataclass(frozen=True)
class Agreed:
    """What a subscription says that a document has to cost, None if it doesn't; and the
    first and the last day that the document is for.
    """

    total: Decimal | None
    start: date | None = None
    end: date | None = None


class SaasReconcileTieAgreed(models.AbstractModel):
    """Finds what subscriptions say that documents have to cost: what Odoo bills by its
    charges; what another platform bills by the prices that it told for the period.
    """

    _name = "saas.reconcile.tie_agreed"
    _description = "SaaS documents as subscriptions have them"

    def _read(self, moves, told):
        """Return the :class:`Agreed` of documents, by document.

        :param told: the facts of mirrored documents, by document.
        """
        own = moves.filtered(lambda move: move.saas_source_id.is_own)
        return self._read_charged(own) | self._read_priced(told)

    def _read_charged(self, moves):
        """Return what charges come to, with the document's own taxes."""
        charges = self.env["saas.charge"].search([("move_id", "in", moves.ids)])
        found = {}
        for move, own in charges.grouped("move_id").items():
            tax = exact(move.amount_tax, move.currency_id.decimal_places)
            net = sum(to_decimal(each.amount, each.exponent) for each in own)
            sign = -1 if move.move_type == "out_refund" else 1
            found[move] = Agreed(
                net + sign * tax,
                min(_get_day(aware(each.service_from), each.zone) for each in own),
                max(
                    get_last_served_day(aware(each.service_to), each.zone)
                    for each in own
                ),
            )
        return found

    def _read_priced(self, told):
        """Return what the prices of subscriptions come to, where a document bills what
        its subscription holds, for one and the same period. What is billed by parts of
        a period, of use or of another plan, is nothing that a subscription tells.
        """
        facts = {
            move: fact
            for move, fact in told.items()
            if fact.kind == Kind.INVOICE and fact.lines
        }
        subscriptions = self._find_subscriptions(facts)
        levels = self.env["saas.subscription"].union(*subscriptions.values())
        levels = levels._read_recurring().levels if levels else {}
        found = {}
        for move, fact in facts.items():
            periods = {(line.period_start, line.period_end) for line in fact.lines}
            if len(periods) != 1 or None in next(iter(periods)):
                continue
            [(start, end)] = periods
            zone = move.saas_source_id.tz or "UTC"
            subscription = subscriptions.get(move)
            is_held = subscription and _bills_what_is_held(fact, subscription)
            own = levels.get(subscription.id, ()) if is_held else ()
            found[move] = Agreed(
                find_price(fact, own, start, end),
                _get_day(start, zone),
                get_last_served_day(end, zone),
            )
        return found

    def _find_subscriptions(self, facts):
        """Return the subscriptions that facts name, by document."""
        refs = defaultdict(set)
        for move, fact in facts.items():
            if fact.subscription:
                refs[move.saas_source_id].add(fact.subscription)
        known = {
            source: self.env["saas.binding"]._find(source, Kind.SUBSCRIPTION, own)
            for source, own in refs.items()
        }
        found = {}
        for move, fact in facts.items():
            binding = known.get(move.saas_source_id, {}).get(fact.subscription)
            if record := binding and binding._get_record():
                found[move] = record
        return found


def find_price(fact, levels, start, end):
    """Return what a document has to come to by the levels of its subscription, as a
    Decimal; None where they don't tell.

    Prices may be with or without taxes: it is right if either is. A document may have
    a discount of its own, or bill the rest of a period alone: of one that costs less,
    nothing is said.
    """
    months = find_length(start, end)
    valid = [each for each in levels if each.at <= start + _AT_ONCE]
    level = max(valid, key=lambda each: each.at, default=None)
    if not months or months.denominator != 1 or not level or not level.amount:
        return None
    if level.currency != fact.currency:
        return None
    minor = round_minor(level.amount * months * 10**fact.exponent)
    net = sum(line.net for line in fact.lines)
    gross = fact.stated_total()
    if gross == minor:
        return fact.decimal(gross)
    return None if net < minor else fact.decimal(minor + gross - net)


def _bills_what_is_held(fact, subscription):
    """Return whether the lines of a document are the items of its subscription."""
    billed = sorted((line.price, line.quantity) for line in fact.lines)
    held = sorted(
        (item.price_ref or "", Decimal(item.stated_quantity or "0"))
        for item in subscription.line_ids
    )
    return billed == held


def _get_day(moment, zone):
    """Return the day of an aware instant in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()
