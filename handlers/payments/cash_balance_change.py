from odoo import models

from ...canonical.reasons import Reason
from ...ledger.entry import Booking

_ENTRY = "cash_balance_entry"


class SaasHandlerCashBalanceChange(models.AbstractModel):
    """What customers sent ahead, and the source keeps for them: on the clearing
    account, and owed to them as their balance.

    A payment made of it is booked as any other. So what goes to a payment leaves the
    balance with an entry of its own, or it would be counted twice; but not before the
    payment is booked: what is applied to one that is not paid is still the customer's.

    It is owed on the account of balances, not as open credit of the receivable: the
    source alone decides what it pays, and an open item invites to match it as well.

    A change is bound as ``cash_balance``, its entry as ``cash_balance_entry``.
    """

    _name = "saas.handler.cash_balance_change"
    _inherit = "saas.ledger.entry"
    _description = "SaaS cash balance handler"

    def _apply(self, source, items):
        items = self.env["saas.cutover"]._set_aside_cash_balances(source, items)
        self._find_tenants(source, items)
        items = [item for item in items if not item.error]
        refs = [item.fact.external_id for item in items]
        known = self._get_bindings(source, "cash_balance", refs)
        booked = self._get_bindings(source, _ENTRY, refs)
        paid = self._get_paid(
            source, [item.fact.payment for item in items if item.fact.payment]
        )
        amounts = {}
        for item in items:
            fact = item.fact
            date = source._localize_date(fact.changed_at)
            if fact.payment in paid:
                date = max(date, paid[fact.payment])
            elif fact.payment:
                continue
            if fact.external_id not in booked:
                booking = self._start(item, fact.external_id, date)
                amounts[booking] = fact.decimal(fact.amount)
        self._post(source, amounts)
        self._remember(source, [item for item in items if not item.error], known)

    def _apply_payments(self, source, items):
        """Take out of balances what payments were made of, and was told before them.

        :param items: items whose payments are booked.
        :raises Quarantine: if an entry can't be booked as it is.
        """
        by_payment = {ref: item for item in items for ref in item.fact.ids}
        changes = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", "cash_balance"),
                ("parent_ref", "in", list(by_payment)),
            ]
        )
        if not changes:
            return
        booked = self._get_bindings(source, _ENTRY, changes.mapped("external_id"))
        paid = self._get_paid(source, changes.mapped("parent_ref"))
        amounts = {}
        for change in changes:
            if change.external_id in booked:
                continue
            item = by_payment[change.parent_ref]
            date = max(change.date, paid[change.parent_ref])
            booking = self._start(item, change.external_id, date)
            amounts[booking] = item.fact.decimal(change.amount)
        self._post(source, amounts)
        for booking in amounts:
            if booking.error:
                raise booking.error

    def _find_tenants(self, source, items):
        tenants = self._get_tenants(
            source, [item.fact.customer for item in items if item.fact.customer]
        )
        for item in items:
            if not item.fact.customer:
                item.quarantine(
                    Reason.UNKNOWN_TENANT, self.env._("it names no customer")
                )
            elif item.fact.customer in tenants:
                item.tenant = tenants[item.fact.customer]
            else:
                item.park("customer", item.fact.customer)

    def _get_paid(self, source, payments):
        """Return the days on which payments were made, of those that are booked. A sum
        may be booked in parts; the first is when there was a payment.
        """
        bindings = self._get_bindings(source, "payment", payments)
        records = self.env["account.payment"].search(
            [
                ("saas_source_id", "=", source.id),
                (
                    "saas_external_id",
                    "in",
                    [binding.parent_ref for binding in bindings.values()],
                ),
            ]
        )
        dates = {
            main: min(parts.mapped("date"))
            for main, parts in records.grouped("saas_external_id").items()
        }
        return {
            ref: dates[binding.parent_ref]
            for ref, binding in bindings.items()
            if binding.parent_ref in dates
        }

    def _start(self, item, ref, date):
        vals = {"saas_tenant_id": item.tenant.id}
        return Booking(item, item.fact, date, _ENTRY, ref, vals=vals)

    def _post(self, source, amounts):
        """Book entries.

        :param amounts: by booking, a Decimal: what is added to the balance.
        """
        bookings, currencies = self._check_bookings(
            source, list(amounts), ("balance_account_id",)
        )
        for booking in bookings:
            partner = booking.item.tenant.partner_id.commercial_partner_id
            booking.lines = [
                self._prepare_line(
                    account,
                    amount,
                    currencies[booking.fact.currency],
                    booking.ref,
                    partner,
                )
                for account, amount in (
                    (source.balance_account_id, -amounts[booking]),
                    (self._get_clearing_account(source), amounts[booking]),
                )
            ]
        self._book(source, bookings)

    def _remember(self, source, items, known):
        """Bind the changes, also those that wait for their payment."""
        self.env["saas.binding"].create(
            [
                self._bind(
                    source,
                    "cash_balance",
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
