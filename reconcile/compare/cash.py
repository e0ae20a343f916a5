from odoo import models

from ...canonical.money import exact


class SaasComparatorCash(models.AbstractModel):
    """Holds what comparing payments and comparing refunds have in common."""

    _name = "saas.comparator.cash"
    _inherit = "saas.comparator"
    _description = "SaaS cash comparator"

    _model = "account.payment"
    _ends_at_cutover = True
    _payment_type = None

    def _is_left_out(self, source, fact, binding):
        """Return also whether a linked gateway has moved the money: it is booked as
        that one tells it, and compared there.
        """
        if binding and binding.origin_source_id:
            return True
        return super()._is_left_out(source, fact, binding)

    def _get_our_day(self, source, record):
        return record.date

    def _describe(self, source, fact):
        return self._format(source, fact.decimal(fact.amount), fact.currency)

    def _describe_ours(self, source, record):
        amount = exact(record.amount, record.currency_id.decimal_places)
        text = self._format(source, amount, record.currency_id.name)
        return f"{record.display_name}, {text}"

    def _get_period_domain(self, source, date_from, date_to):
        return [
            ("saas_source_id", "=", source.id),
            ("payment_type", "=", self._payment_type),
            ("date", ">=", date_from),
            ("date", "<=", date_to),
        ]

    def _get_amount(self, payments):
        """Return what payments come to, as a Decimal."""
        places = payments.currency_id.decimal_places
        return sum(exact(payment.amount, places) for payment in payments)
