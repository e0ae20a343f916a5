from datetime import date

from odoo import models

from ...canonical.categories import Category
from ...canonical.facts import Certainty
from ...canonical.kinds import Kind
from .day import KINDS, Day


class SaasHandlerMovementDay(models.AbstractModel):
    """Handles when the source's balance moved because of an object: on that day belongs
    what is booked for the object. If it is booked on another one, that is reversed and
    booked anew. If it isn't booked yet, the day is kept for it.

    A movement that takes a payment back tells by itself that the payment failed.
    """

    _name = "saas.handler.movement_day"
    _inherit = "saas.handler"
    _description = "SaaS movement day handler"

    def _apply(self, source, items):
        # The old books have what moved before the cut-over, on its day.
        items = [i for i in items if not source._is_before_cutover(i.fact.moved_at)]
        for category, kind in KINDS.items():
            own = [item for item in items if item.fact.category == category]
            if own:
                bindings = self._find_bindings(source, kind, own)
                self._apply_category(source, category, own, bindings)

    def _find_bindings(self, source, kind, items):
        """Return the bindings of the objects that moved money, by item."""
        refs = [ref for item in items for ref in item.fact.object_ids]
        bindings = self.env["saas.binding"]._find(source, kind, refs)
        found = {}
        for item in items:
            own = [bindings[ref] for ref in item.fact.object_ids if ref in bindings]
            # Where attempts are not told apart, their sum has the day.
            found[item] = next((b for b in own if b.date), own[0] if own else None)
        return found

    def _apply_category(self, source, category, items, bindings):
        days = {
            item: Day(Certainty.MOVED, source._localize_date(item.fact.moved_at))
            for item in items
        }
        if category == Category.CHARGE_FAILURE:
            self._take_back(source, days, bindings)
            bindings = self._find_bindings(source, KINDS[category], items)
        for item in items:
            if binding := bindings[item]:
                item.tenant = binding._get_tenant()
                self._move(source, item, binding, days[item])
            else:
                self._keep(source, item, days[item])

    def _take_back(self, source, days, bindings):
        """Take back payments of which only the movement tells that they failed."""
        self.env["saas.handler.payment_failure"]._take_back_moved(
            source,
            {
                item.fact.object_ids[0]: (item, day)
                for item, day in days.items()
                if not bindings[item]
            },
        )

    def _move(self, source, item, binding, day):
        """Bring what is booked for an object to the day of its movement."""
        days, rebooking = self.env["saas.payments.day"], self.env["saas.ledger.rebooking"]
        record = binding._get_record()
        known = days._get_known(binding, record and record.date)
        day = day.merge(known)
        if record and day != known:
            if record._name == "account.move":
                booked_on = max(day.date, self._get_earliest(source, binding))
                if record.date != booked_on:
                    rebooking._move_entries(source, [(item, record, booked_on)])
            else:
                payments = self._get_payments(source, binding, record)
                rebooking._move_payments(
                    source,
                    [
                        (item, payment, day.date)
                        for payment in payments
                        if known.date == payment.date != day.date
                    ],
                )
                self.env["saas.handler.cash_balance_change"]._follow(
                    source, {binding.external_id: item, binding.parent_ref: item}
                )
        days._keep(binding, day)

    def _get_earliest(self, source, binding):
        """Return the first day on which money can come back, or be taken back: when it
        had moved.
        """
        moved = binding.external_id
        kind = Kind.REFUND if binding.kind == Kind.REFUND_RETURN else Kind.PAYMENT
        found = self.env["saas.binding"]._find(source, kind, [moved])
        record = moved in found and found[moved]._get_record()
        return record.date if record else date.min

    def _get_payments(self, source, binding, record):
        """Return the payments that are booked for a bound object: a sum or an attempt
        may be booked in several.
        """
        if binding.kind != Kind.PAYMENT:
            return record
        ref, main = binding.external_id, binding.parent_ref
        payments = self.env["saas.ledger.payment"]._find(source, [main]).get(main, record)
        if ref == main:
            return payments
        return payments.filtered(lambda payment: payment.saas_attempt in (False, ref))

    def _keep(self, source, item, day):
        """Keep the day of an object that is not booked yet."""
        bindings, fact = self.env["saas.binding"], item.fact
        if bindings._find(source, Kind.MOVEMENT_DAY, [fact.external_id]):
            return
        bindings.create(
            bindings._prepare_vals(
                source,
                Kind.MOVEMENT_DAY,
                fact.external_id,
                parent_ref=fact.object_ids[0],
                version=fact.category,
                date=day.date,
            )
        )
