from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.money import exact
from ...canonical.reasons import Reason


class SaasHandlerPayment(models.AbstractModel):
    """Handles money received from customers. Several events tell of one sum, so only
    the difference is booked between what came in and what is booked already.

    Bindings of kind ``payment`` are the ids of the whole sum, with its amount once it
    is known; those of kind ``invoice_payment`` are parts of it that went to an invoice.
    All have the sum's main id as ``parent_ref``.
    """

    _name = "saas.handler.payment"
    _inherit = "saas.handler"
    _description = "SaaS payment handler"

    def _apply(self, source, items):
        items = self.env["saas.cutover"]._ignore_old_payments(source, items)
        items = self._refuse_ids_of_others(source, items)
        if decided := [item for item in items if item.decision]:
            self.env["saas.payments.decided"]._apply(source, decided)
            items = [item for item in items if not item.decision]
        known = self._get_known(source, items)
        booked = self.env["saas.ledger.payment"]._find(
            source, [item.fact.external_id for item in items]
        )
        due = {
            item: self._get_due(item.fact, known, booked.get(item.fact.external_id))
            for item in items
        }
        self._book(source, [item for item in items if due[item] > 0], due, booked)
        items = [item for item in items if not item.error]
        for item in items:
            item.tenant = booked[item.fact.external_id].saas_tenant_id
        self._bind_ids(source, items, known, booked)
        self.env["saas.handler.cash_balance_change"]._apply_payments(source, items)
        settlement = self.env["saas.ledger.settlement"]
        settlement._record(
            source,
            [
                (Kind.INVOICE, invoice, Kind.PAYMENT, item.fact.external_id)
                for item in items
                for invoice in item.fact.invoices
            ],
        )
        settlement._reconcile(
            source,
            {(Kind.PAYMENT, ref): item for item in items for ref in item.fact.ids},
        )

    def _refuse_ids_of_others(self, source, items):
        """Quarantine items that claim an id which another sum goes by already, here
        or in the books: booking them would count money twice, or mix it up.

        :return: the other items.
        """
        claims = {
            item: [(Kind.PAYMENT, external_id) for external_id in item.fact.ids]
            + [(Kind.INVOICE_PAYMENT, item.fact.allocation)]
            * bool(item.fact.allocation)
            for item in items
        }
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "in", (Kind.PAYMENT, Kind.INVOICE_PAYMENT)),
                (
                    "external_id",
                    "in",
                    [ref for ids in claims.values() for _k, ref in ids],
                ),
            ]
        )
        owners = {(b.kind, b.external_id): b.parent_ref for b in bindings}
        for item, ids in claims.items():
            main = item.fact.external_id
            taken = [ref for ref in ids if owners.get(ref, main) != main]
            if taken:
                item.quarantine(
                    Reason.INVALID_PAYLOAD,
                    self.env._("%s belongs to another payment already.", taken[0][1]),
                )
            else:
                owners.update(dict.fromkeys(ids, main))
        return [item for item in items if not item.error]

    def _get_known(self, source, items):
        """Return the bindings of the items' sums, by kind and external id."""
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "in", (Kind.PAYMENT, Kind.INVOICE_PAYMENT)),
                ("parent_ref", "in", [item.fact.external_id for item in items]),
            ]
        )
        return {(binding.kind, binding.external_id): binding for binding in bindings}

    def _get_due(self, fact, known, payments):
        """Return what is still to be booked of a sum, as a Decimal: the whole sum,
        or all its known parts where they come to more, less what is booked.
        """
        own = [b for b in known.values() if b.parent_ref == fact.external_id]
        whole = max((b.amount for b in own if b.kind == Kind.PAYMENT), default=0)
        parts = {b.external_id: b.amount for b in own if b.kind == Kind.INVOICE_PAYMENT}
        if fact.allocation:
            parts[fact.allocation] = fact.amount
        else:
            whole = max(whole, fact.amount)
        places = payments.currency_id.decimal_places if payments else 0
        booked = sum(exact(payment.amount, places) for payment in payments or [])
        return fact.decimal(max(whole, sum(parts.values()))) - booked

    def _book(self, source, items, due, booked):
        """Book what is due, and add it to ``booked``."""
        self._find_owners(source, items, booked)
        items = [item for item in items if not item.error]
        payments = self.env["saas.ledger.payment"]._book(
            source,
            "inbound",
            {item: source._localize_date(item.fact.paid_at) for item in items},
            due,
        )
        for item, payment in payments.items():
            main = item.fact.external_id
            booked[main] = booked.get(main, payment.browse()) | payment
            item.log(Action.PAYMENT_POSTED, payment, payment.name)

    def _find_owners(self, source, items, booked):
        """Set the tenants whose money it is. Money of no known customer is left to a
        person.
        """
        for item in items:
            if item.fact.external_id in booked:
                item.tenant = booked[item.fact.external_id].saas_tenant_id
        new = [item for item in items if item.fact.external_id not in booked]
        self._find_payers(source, new)
        for item in new:
            if not item.tenant and not item.error:
                item.quarantine(
                    Reason.UNKNOWN_TENANT, self.env._("The payment names no customer.")
                )

    def _find_payers(self, source, items):
        """Set the tenants who paid: the customer, or the tenant of the invoice that was
        paid. An item that names a customer or an invoice that isn't known yet waits.
        """
        tenants = self.env["saas.tenant"]._find(
            source, [i.fact.customer for i in items if i.fact.customer]
        )
        invoices = self.env["saas.binding"]._find(
            source, Kind.INVOICE, [ref for item in items for ref in item.fact.invoices]
        )
        for item in items:
            fact = item.fact
            paid = [invoices[ref] for ref in fact.invoices if ref in invoices]
            if fact.customer in tenants:
                item.tenant = tenants[fact.customer]
            elif paid:
                item.tenant = paid[0]._get_tenant()
            elif fact.customer:
                item.park(Kind.CUSTOMER, fact.customer)
            elif fact.invoices:
                item.park(Kind.INVOICE, fact.invoices[0])

    def _bind_ids(self, source, items, known, booked):
        """Bind the ids that are new, and note the whole sum once it is known."""
        vals_list = []
        for item in items:
            fact, payment = item.fact, booked[item.fact.external_id][:1]
            amounts = dict.fromkeys(
                [(Kind.PAYMENT, external_id) for external_id in fact.ids],
                0 if fact.allocation else fact.amount,
            )
            if fact.allocation:
                amounts[Kind.INVOICE_PAYMENT, fact.allocation] = fact.amount
            for (kind, external_id), amount in amounts.items():
                if binding := known.get((kind, external_id)):
                    if amount > binding.amount:
                        binding.amount = amount
                    continue
                vals_list.append(
                    self.env["saas.binding"]._prepare_vals(
                        source,
                        kind,
                        external_id,
                        payment,
                        parent_ref=fact.external_id,
                        amount=amount,
                    )
                )
        self.env["saas.binding"].create(vals_list)
