from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import models
from odoo.tools import format_date

from ..canonical.catalogue.decimals import write_decimal
from ..canonical.documents.own import OwnDocument
from ..canonical.facts import DocumentLine
from ..canonical.kinds import Kind
from ..canonical.money import factor
from ..ledger.documents.document import Document
from ..ledger.revenue.deferral import Service


class SaasBillingDocuments(models.AbstractModel):
    """Makes documents of what is to be billed: one for each tenant and currency, or for
    each subscription, and for each purchase order number.
    """

    _name = "saas.billing.documents"
    _description = "SaaS billing documents"

    def _prepare(self, task, books):
        """Return the documents of a tenant, each with the lines it is made of.

        :param books: the :class:`~.books.Books` of the batch.
        :raises Quarantine: for what is missing to book them.
        """
        groups = {}
        for line in sorted(task.lines, key=_get_place):
            groups.setdefault(self._get_group(task.tenant, line), []).append(line)
        return [
            (self._prepare_document(task, lines, books), lines)
            for lines in groups.values()
        ]

    def _get_group(self, tenant, line):
        """Return what the lines of one document have in common: under the policy
        *replace*, what is given back is a credit note of its own.
        """
        apart = tenant.consolidation == "subscription" and line.subscription
        is_credit = tenant.amendment_policy == "replace" and line.is_credit
        return line.price.currency, apart, self._get_order(line), is_credit

    def _get_order(self, line):
        """Return the number of the purchase order that a line is billed under."""
        subscription = line.subscription
        return subscription.purchase_order or subscription.tenant_id.purchase_order

    def _get_owner(self, partner, lines):
        """Return whose document it is: who looks after all its subscriptions, or after
        the contact. Left open, it would be who begins the run, or Odoo itself, and the
        e-mail would come from them.
        """
        owners = {line.subscription.user_id for line in lines}
        return owners.pop() if len(owners) == 1 and any(owners) else partner.user_id

    def _prepare_document(self, task, lines, books):
        tenant, price = task.tenant, lines[0].price
        currency = books.get_currency(price.currency)
        fact = OwnDocument(
            external_id=lines[0].key,
            currency=currency.name,
            exponent=price.exponent,
            lines=[self._prepare_line(tenant, line) for line in lines],
        )
        sign = -1 if fact.net < 0 else 1
        partner = tenant.booking_partner_id
        due_date, terms = books.get_due(tenant, partner)
        return Document(
            task,
            fact,
            Kind.INVOICE if sign > 0 else Kind.CREDIT_NOTE,
            books.date,
            currency,
            [
                self._prepare_line_vals(fact, told, sign, line, partner, books)
                for line, told in zip(lines, fact.lines, strict=True)
            ],
            move_type="out_invoice" if sign > 0 else "out_refund",
            due_date=due_date,
            stated={},
            is_own=True,
            vals={
                "invoice_payment_term_id": terms.id,
                "ref": self._get_order(lines[0]),
                "payment_reference": False,
                "invoice_user_id": self._get_owner(partner, lines).id,
            },
        )

    def _prepare_line_vals(self, fact, told, sign, line, partner, books):
        product, account, taxes = books.find_product(line.component, partner)
        vals = self.env["saas.ledger.document"]._prepare_line_vals(
            fact, told, sign, product, account, taxes
        )
        vals["service"] = Service(line.start, line.end, line.zone)
        if line.is_credit:
            vals["credits"] = books.get_credited(line)
        return vals

    def _prepare_line(self, tenant, line):
        """Return a line as the ledger takes it, with the text that the customer
        reads.

        The quantity times the price has to be the amount, to the cent: an electronic
        invoice is refused otherwise. Where no price in whole cents does that, as for
        what costs less than a cent, it is one time the amount, and the quantity stands
        in the text.
        """
        quantity = Decimal(write_decimal(abs(line.quantity))) or Decimal(1)
        text = self._describe(tenant, line)
        places = self.env["decimal.precision"].precision_get("Product Unit")
        if factor(line.amount, quantity, places)[0] != quantity:
            text = self._add_quantity(tenant, text, line.quantity)
            quantity = Decimal(1)
        return DocumentLine(
            external_id=line.key,
            description=text,
            quantity=quantity,
            net=line.amount,
            period_start=line.start,
            period_end=line.end,
        )

    def _add_quantity(self, tenant, text, quantity):
        """Return a line's text with how many it is for."""
        env = self.with_context(lang=tenant.partner_id.lang or self.env.lang).env
        return env._(
            "%(text)s (quantity: %(quantity)s)",
            text=text,
            quantity=write_decimal(abs(quantity)),
        )

    def _describe(self, tenant, line):
        """Return what a customer reads: the component, for which days, and whether it
        is given back or came late.
        """
        env = self.with_context(lang=tenant.partner_id.lang or self.env.lang).env
        zone = ZoneInfo(line.zone)
        # The last day that it is for, and not the first that it isn't.
        last = (line.end - timedelta(microseconds=1)).astimezone(zone).date()
        values = {
            "component": line.component.with_env(env).name,
            "first": format_date(env, line.start.astimezone(zone).date()),
            "last": format_date(env, last),
        }
        if line.is_credit:
            text = env._("Credit: %(component)s, %(first)s to %(last)s", **values)
        elif line.is_correction:
            text = env._("Addition: %(component)s, %(first)s to %(last)s", **values)
        else:
            text = env._("%(component)s, %(first)s to %(last)s", **values)
        if line.rate.discount:
            percent = write_decimal(line.rate.discount * 100)
            text = env._("%(text)s, less %(percent)s %%", text=text, percent=percent)
        return text


def _get_place(line):
    """Return what orders lines: by subscription, what is given back first."""
    component = line.component
    place = component.sequence, component.id, line.number
    return line.subscription.id, not line.is_credit, line.start, *place
