from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...canonical.kinds import Kind


class SaasComparatorPayment(models.AbstractModel):
    """Compares payments received. One sum at the source may be several payments here,
    booked as its parts became known.
    """

    _name = "saas.comparator.payment"
    _inherit = "saas.comparator.cash"
    _description = "SaaS payment comparator"

    _kind = Kind.PAYMENT
    _payment_type = "inbound"

    def _get_day(self, source, fact):
        return source._localize_date(fact.paid_at)

    def _prepare(self, source, facts, bindings):
        """Return the payments of each sum, by its main id."""
        payments = self.env["account.payment"].search(
            [
                ("saas_source_id", "=", source.id),
                ("saas_external_id", "in", [fact.external_id for fact in facts]),
            ]
        )
        return payments.grouped("saas_external_id")

    def _get_values(self, source, fact, record, known):
        payments = known.get(fact.external_id, record)
        yield "amount", fact.decimal(fact.amount), self._get_amount(payments)
        yield "currency", fact.currency, record.currency_id.name
        day, ours = self._get_day(source, fact), min(payments.mapped("date"))
        # A charge tells when it was made. By bank debit the money comes days later,
        # and that is when it was booked.
        if ours < day:
            yield "date", day, ours

    def _get_unseen_domain(self, source, line):
        """Only the main id of each sum: its other ids are of the same object."""
        return super()._get_unseen_domain(source, line) & Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = %s",
                SQL.identifier(alias, "external_id"),
                SQL.identifier(alias, "parent_ref"),
            )
        )
