from odoo import models

from ...canonical.kinds import Kind
from ...ledger.entry import CLEARING, Entry, transfer

_ENTRY = Kind.HELD_CASH_ENTRY


class SaasHandlerHeldCash(models.AbstractModel):
    """Handles held cash: money that customers sent ahead, and that the source holds for
    them. It is on the clearing account, and owed to them as customer credit.

    A payment made from it is booked as any other. So what goes to a payment leaves the
    customer credit with an entry of its own, or it would be counted twice; but not
    before the payment is booked: what is applied to a payment that has not been paid is
    still the customer's.

    It is owed on the account of customer credit, and not as an open item of the
    receivable: the source alone decides what it pays, and an open item invites a person
    to match it as well.

    A change is bound as ``cash_balance``, its entry as ``cash_balance_entry``.
    """

    _name = "saas.handler.cash_balance_change"
    _inherit = "saas.handler"
    _description = "SaaS held cash handler"

    def _apply(self, source, items):
        items = self.env["saas.cutover"]._ignore_old_held_cash(source, items)
        self._find_tenants(source, items)
        items = [item for item in items if not item.error]
        refs = [item.fact.external_id for item in items]
        known = self.env["saas.binding"]._find(source, Kind.HELD_CASH, refs)
        booked = self.env["saas.binding"]._find(source, _ENTRY, refs)
        paid = self._get_paid(
            source, [item.fact.payment for item in items if item.fact.payment]
        )
        entries = []
        for item in items:
            fact = item.fact
            date = source._localize_date(fact.changed_at)
            if fact.payment in paid:
                date = max(date, paid[fact.payment])
            elif fact.payment:
                continue
            if fact.external_id not in booked:
                entries.append(
                    self._prepare_entry(
                        source, item, fact.external_id, date, fact.amount
                    )
                )
        self.env["saas.ledger.entry"]._book(source, entries, ["balance_account_id"])
        self._remember(source, [item for item in items if not item.error], known)

    def _apply_payments(self, source, items):
        """Take the held cash out of customer credit that payments were made from, where
        that was told before the payments.

        :param items: items whose payments are booked.
        :raises EventError: if an entry can't be booked as it is.
        """
        by_payment = {ref: item for item in items for ref in item.fact.ids}
        days, booked = self._get_paid_out(source, by_payment)
        if not days:
            return
        self.env["saas.ledger.entry"]._book_or_raise(
            source,
            [
                self._prepare_entry(
                    source,
                    by_payment[change.parent_ref],
                    change.external_id,
                    day,
                    change.amount,
                )
                for change, day in days.items()
                if change.external_id not in booked
            ],
            ["balance_account_id"],
        )
        self._follow(source, by_payment)

    def _follow(self, source, by_payment):
        """Book anew what was paid out of held cash on another day than the payment.

        :param by_payment: items by the ids of payments that are booked.
        """
        days, booked = self._get_paid_out(source, by_payment)
        self.env["saas.ledger.rebooking"]._move_entries(
            source,
            [
                (by_payment[change.parent_ref], entry, day)
                for change, day in days.items()
                if change.external_id in booked
                for entry in [booked[change.external_id]._get_record()]
                if entry and entry.date != day
            ],
        )

    def _get_paid_out(self, source, payments):
        """Return the days on which payments were made out of held cash, by the bindings
        of the changes; and the bindings of the entries that are booked, by the changes'
        ids.
        """
        changes = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.HELD_CASH),
                ("parent_ref", "in", list(payments)),
            ]
        )
        if not changes:
            return {}, {}
        paid = self._get_paid(source, changes.mapped("parent_ref"))
        days = {
            change: max(change.date, paid[change.parent_ref])
            for change in changes
            if change.parent_ref in paid
        }
        booked = self.env["saas.binding"]._find(
            source, _ENTRY, changes.mapped("external_id")
        )
        return days, booked

    def _get_paid(self, source, payments):
        """Return the days on which payments were made, of those that are booked. A sum
        may be booked in parts; the first is when there was a payment.
        """
        bindings = self.env["saas.binding"]._find(source, Kind.PAYMENT, payments)
        booked = self.env["saas.ledger.payment"]._find(
            source, [binding.parent_ref for binding in bindings.values()]
        )
        days = {
            ref: min(booked[binding.parent_ref].mapped("date"))
            for ref, binding in bindings.items()
            if binding.parent_ref in booked
        }
        for ref, binding in bindings.items():
            if binding.by_person and (move := binding._get_move()):
                days.setdefault(ref, move.date)
        return days

    def _prepare_entry(self, source, item, ref, date, minor):
        """Return the entry of a change: Dr clearing, Cr customer credit.

        :param ref: the change's id.
        :param minor: what is added, in minor units; below zero it is taken out.
        """
        return Entry(
            item,
            CLEARING,
            _ENTRY,
            ref,
            date,
            transfer(
                source._get_clearing_account(),
                source.balance_account_id,
                item.fact.decimal(minor),
                ref,
                item.tenant.booking_partner_id.commercial_partner_id,
            ),
        )

    def _remember(self, source, items, known):
        """Bind the changes, also those that wait for their payment."""
        bindings = self.env["saas.binding"]
        bindings.create(
            [
                bindings._prepare_vals(
                    source,
                    Kind.HELD_CASH,
                    item.fact.external_id,
                    parent_ref=item.fact.payment,
                    amount=item.fact.amount,
                    date=source._localize_date(item.fact.changed_at),
                    tenant_id=item.tenant.id,
                )
                for item in items
                if item.fact.external_id not in known
            ]
        )
