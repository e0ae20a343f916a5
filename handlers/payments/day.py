from dataclasses import dataclass
from datetime import date

from odoo import models

from ...canonical.categories import Category
from ...canonical.facts import Certainty
from ...canonical.kinds import Kind

#: What is booked for an object because of a movement, by its category.
KINDS = {
    Category.CHARGE: Kind.PAYMENT,
    Category.CHARGE_FAILURE: Kind.PAYMENT_FAILURE,
    Category.REFUND: Kind.REFUND,
    Category.REFUND_FAILURE: Kind.REFUND_RETURN,
}


@dataclass(frozen=True)
class Day:
    """A day on which money moved, and how well that is known."""

    certainty: int
    date: date

    def merge(self, other):
        """Return which of two days counts: what is known better, else the earlier."""
        if other is None:
            return self
        return min(self, other, key=lambda day: (-day.certainty, day.date))


class SaasPaymentsDay(models.AbstractModel):
    """Works out the day of money: that of its movement at the source, or else of the
    moment that the source states, the same in whatever order that is told.

    A binding keeps the day of what is booked for it. A movement that is told before its
    object is bound as ``movement_day``, with the object as its parent.
    """

    _name = "saas.payments.day"
    _description = "SaaS day of money"

    def _get_stated(self, source, moment, certainty):
        """Return the day that a fact states."""
        return Day(certainty, source._localize_date(moment))

    def _get_known(self, binding, booked=None):
        """Return the day that is known for a bound object, or None.

        :param booked: the day that is booked, for what was bound without keeping it.
        """
        if binding and binding.date:
            return Day(binding.certainty, binding.date)
        return Day(Certainty.STATED, booked) if booked else None

    def _get_moved(self, source, refs, category):
        """Return the days of movements that were told before their objects, by the
        object's id.
        """
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.MOVEMENT_DAY),
                ("parent_ref", "in", list(refs)),
                ("version", "=", category),
            ]
        )
        days = {}
        for binding in bindings:
            day = Day(Certainty.MOVED, binding.date)
            days[binding.parent_ref] = day.merge(days.get(binding.parent_ref))
        return days

    def _hold(self, source, item, day):
        """Let an item wait for its movement where only that can say whether its money
        moved on another day than one that is locked.

        :param day: the day, as far as it is known.
        """
        movement = item.fact.movement
        if day.certainty == Certainty.MOVED or not movement:
            return
        error = self.env["saas.ledger.period"]._get_error(
            source, day.date, source.clearing_journal_id
        )
        if error and source._can_fetch(Kind.MOVEMENT_DAY, movement):
            source._enqueue_fetch(Kind.MOVEMENT_DAY, movement)
            item.park(Kind.MOVEMENT_DAY, movement)

    def _keep(self, binding, day):
        """Note the day of what is booked for a bound object."""
        if (binding.certainty, binding.date) != (day.certainty, day.date):
            binding.write(self._prepare_vals(day))

    def _prepare_vals(self, day):
        """Return the values of a binding that keeps a day."""
        return {"certainty": int(day.certainty), "date": day.date}
