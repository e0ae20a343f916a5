from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction

from odoo import models
from odoo.fields import Domain

from ..canonical.moments import aware
from ..canonical.money import exact, split
from ..canonical.subscriptions.difference import Booked
from ..canonical.subscriptions.held import Layer, Rate
from ..canonical.usage.difference import Window

_FIELDS = (
    *("subscription_id", "component_id", "kind", "period_start", "period_end", "zone"),
    *("service_from", "service_to", "is_by_hand", "quantity", "rate", "full", "amount"),
    *("sequence", "move_id"),
)


@dataclass(frozen=True)
class Row:
    """A charge that is booked. Instants are aware; ``amount`` and ``full`` are in minor
    units, and below zero for a credit.
    """

    period: tuple
    start: object
    end: object
    rate: Rate
    full: int
    quantity: Fraction
    amount: int
    is_credit: bool
    is_by_hand: bool
    sequence: int
    move_id: int

    def as_booked(self, ruler):
        """Return it as what a difference is made with."""
        start, end = ruler.position(self.start), ruler.position(self.end)
        layer = Layer(self.rate, self.full, start, end)
        return Booked(layer, self.amount, self.is_credit, self.is_by_hand)

    def as_window(self):
        """Return it as what a difference of usage is made with."""
        return Window(self.rate, self.start, self.end, self.quantity, self.amount)


class SaasBillingBooked(models.AbstractModel):
    """Reads what is billed of subscriptions."""

    _name = "saas.billing.booked"
    _description = "SaaS billing booked"

    def _read(self, subscriptions):
        """Return the :class:`Row` of the periods that may have to be billed again, by
        subscription and component, and then by period.
        """
        starts = subscriptions.grouped("recompute_from")
        domain = Domain.OR(
            Domain("subscription_id", "in", own.ids)
            & (Domain("period_end", ">", since) if since else Domain.TRUE)
            for since, own in starts.items()
        )
        charges = self.env["saas.charge"].search_fetch(domain, _FIELDS, order="id")
        taken_off = self._read_by_hand(charges.move_id)
        found = defaultdict(lambda: defaultdict(list))
        for charge in charges:
            row = self._make_row(charge)
            key = charge.subscription_id.id, charge.component_id.id
            found[key][row.period].append(row)
            if amount := taken_off.get(charge):
                found[key][row.period].append(
                    replace(row, amount=-amount, is_credit=True, is_by_hand=True)
                )
        return found

    def _read_by_hand(self, moves):
        """Return what people took off charges in Odoo's own screens, in minor units:
        the credit notes that they made of documents, shared out to what these charge.
        """
        notes = self.env["account.move"].search(
            [
                ("reversed_entry_id", "in", moves.ids),
                ("move_type", "=", "out_refund"),
                ("state", "=", "posted"),
                ("saas_source_id", "=", False),
            ]
        )
        if not notes:
            return {}
        charges = self.env["saas.charge"].search(
            [("move_id", "in", notes.reversed_entry_id.ids), ("kind", "=", "charge")]
        )
        taken_off = {}
        for move, own in charges.grouped("move_id").items():
            places = move.currency_id.decimal_places
            amounts = [max(charge.amount, 0) for charge in own]
            credited = sum(
                int(exact(note.amount_untaxed, places).scaleb(own[0].exponent))
                for note in notes
                if note.reversed_entry_id == move
            )
            if any(amounts):
                parts = split(min(credited, sum(amounts)), amounts)
                taken_off |= zip(own, parts, strict=True)
        return taken_off

    def _make_row(self, charge):
        return Row(
            (aware(charge.period_start), aware(charge.period_end), charge.zone),
            aware(charge.service_from),
            aware(charge.service_to),
            Rate.from_json(charge.rate),
            charge.full,
            Fraction(charge.quantity),
            charge.amount,
            charge.kind == "credit",
            charge.is_by_hand,
            charge.sequence,
            charge.move_id.id,
        )
