from odoo import models

from ..canonical.errors import Quarantine
from ..canonical.reasons import Reason
from .journal_items import SKIP_SYNC


class SaasLedgerPayment(models.AbstractModel):
    """Books money that moves between a customer and what the source holds for us,
    which is the account of the clearing journal.
    """

    _name = "saas.ledger.payment"
    _description = "SaaS ledger payments"

    def _find(self, source, mains):
        """Return the payments of sums of money by the sums' main ids: one sum may be
        booked in several payments. What is booked otherwise by now is left out.
        """
        payments = self.env["account.payment"].search(
            [
                ("saas_source_id", "=", source.id),
                ("saas_external_id", "in", list(mains)),
                ("saas_superseded", "=", False),
            ]
        )
        return dict(payments.grouped("saas_external_id"))

    def _assign(self, payments, attempt):
        """Note by which attempt payments came in, once that is known."""
        payments.filtered(lambda p: not p.saas_attempt).saas_attempt = attempt

    def _book(self, source, payment_type, dates, amounts):
        """Create and post payments; quarantine the items whose money can't be booked.

        :param payment_type: ``inbound`` or ``outbound``, as Odoo has it.
        :param dates: the day of each item to book, by item.
        :param amounts: Decimals in the currency of the item's fact, by item.
        :return: the posted payments, by item.
        :raises Quarantine: as ``posting_failed``, if one did not get a posted entry,
            such as when another addon keeps payments back; as ``period_locked``, if
            Odoo moves one to another day.
        """
        currencies = self._check(source, dates, payment_type)
        items = [item for item in dates if not item.error]
        payments = self.env["account.payment"].create(
            [
                self._prepare_vals(
                    source,
                    item,
                    payment_type,
                    currencies[item.fact.currency],
                    dates[item],
                    amounts[item],
                )
                for item in items
            ]
        )
        # An entry of two lines needs no further lines for tax, payment terms or
        # differences.
        payments.with_context(**SKIP_SYNC).action_post()
        if any(payment.move_id.state != "posted" for payment in payments):
            raise Quarantine(
                Reason.POSTING_FAILED,
                self.env._(
                    "The payment has no posted journal entry. Set an outstanding "
                    "account on the payment method of the clearing journal."
                ),
            )
        self.env["saas.ledger.period"]._check_kept(
            [payment.move_id for payment in payments], [dates[item] for item in items]
        )
        return dict(zip(items, payments, strict=True))

    def _check(self, source, dates, payment_type):
        """Quarantine items whose money can't be booked as it is.

        :return: the currencies by code.
        """
        ready = bool(self._get_method_line(source, payment_type))
        for item, date in dates.items():
            if not ready:
                item.quarantine(
                    Reason.INCOMPLETE_SETUP,
                    self.env._(
                        "The source has no clearing journal whose payment methods have "
                        "an outstanding account. Choose one on the source, under "
                        "Accounting, or complete its payment methods."
                    ),
                    about="clearing_journal_id",
                )
            elif error := self.env["saas.ledger.period"]._get_error(
                source, date, source.clearing_journal_id
            ):
                item.fail(error)
        return self.env["saas.ledger.currency"]._check(
            source, [pair for pair in dates.items() if not pair[0].error]
        )

    def _get_method_line(self, source, payment_type):
        """Return the payment method to use; empty if the source is not set up."""
        journal = source.clearing_journal_id
        lines = journal[f"{payment_type}_payment_method_line_ids"]
        return lines.filtered("payment_account_id")[:1]

    def _prepare_vals(self, source, item, payment_type, currency, date, amount):
        """Return the values of a payment of ``amount``, a Decimal in ``currency``."""
        return {
            "payment_type": payment_type,
            "partner_type": "customer",
            "partner_id": item.tenant.booking_partner_id.id,
            "company_id": source.company_id.id,
            "journal_id": source.clearing_journal_id.id,
            "payment_method_line_id": self._get_method_line(source, payment_type).id,
            "currency_id": currency.id,
            "amount": amount,
            "date": date,
            "memo": item.fact.label if item.tenant.is_guest else item.fact.external_id,
            "saas_source_id": source.id,
            "saas_tenant_id": item.tenant.id,
            "saas_external_id": item.fact.external_id,
            "saas_attempt": getattr(item.fact, "attempt", None),
        }
