from odoo import models

from ..canonical.errors import Quarantine
from ..canonical.reasons import Reason
from .prepared import SKIP_SYNC


class SaasHandlerCash(models.AbstractModel):
    """What payments and refunds share: money moves between the customer and what
    the source holds for us, which is the account of the clearing journal.
    """

    _name = "saas.handler.cash"
    _inherit = "saas.handler"
    _description = "SaaS cash handler"

    def _get_method_line(self, source, payment_type):
        """Return the payment method to use; empty if the source is not set up."""
        journal = source.clearing_journal_id
        lines = journal[f"{payment_type}_payment_method_line_ids"]
        return lines.filtered("payment_account_id")[:1]

    def _check_cash(self, source, items, dates, payment_type):
        """Quarantine items whose money can't be booked as it is.

        :return: the currencies by code.
        """
        ready = bool(self._get_method_line(source, payment_type))
        for item in items:
            if not ready:
                item.quarantine(
                    Reason.INCOMPLETE_SETUP,
                    self.env._("the source has no clearing journal with an account"),
                )
            elif error := self._get_period_error(
                source, dates[item], source.clearing_journal_id
            ):
                item.fail(error)
        good = [(item, dates[item]) for item in items if not item.error]
        return self.env["saas.currency.check"]._check(source, good)

    def _prepare_payment_vals(self, source, item, payment_type, currency, date, amount):
        """Return the values of a payment of ``amount``, a Decimal in ``currency``."""
        return {
            "payment_type": payment_type,
            "partner_type": "customer",
            "partner_id": item.tenant.partner_id.id,
            "company_id": source.company_id.id,
            "journal_id": source.clearing_journal_id.id,
            "payment_method_line_id": self._get_method_line(source, payment_type).id,
            "currency_id": currency.id,
            "amount": amount,
            "date": date,
            "memo": item.fact.external_id,
            "saas_source_id": source.id,
            "saas_tenant_id": item.tenant.id,
            "saas_external_id": item.fact.external_id,
        }

    def _create_posted(self, vals_list):
        """Create and post payments; return them in order.

        :raises Quarantine: if one did not get a posted entry, such as when another
            addon keeps payments back.
        """
        payments = self.env["account.payment"].create(vals_list)
        # An entry of two lines gets no other: no tax, no term, no difference.
        payments.with_context(**SKIP_SYNC).action_post()
        if any(payment.move_id.state != "posted" for payment in payments):
            raise Quarantine(
                Reason.POSTING_FAILED, self.env._("the payment has no posted entry")
            )
        return payments
