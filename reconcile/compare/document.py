from odoo import models

from ...canonical.money import exact


class SaasComparatorDocument(models.AbstractModel):
    """Holds what comparing invoices and comparing credit notes have in common."""

    _name = "saas.comparator.document"
    _inherit = "saas.comparator"
    _description = "SaaS document comparator"

    _model = "account.move"
    _ends_at_cutover = True

    def _get_day(self, source, fact):
        return source._localize_date(fact.issued_at)

    def _get_our_day(self, source, record):
        return record.invoice_date

    def _is_over(self, record):
        return record.saas_state == "void"

    def _describe(self, source, fact):
        total = self._format(source, fact.decimal(fact.total), fact.currency)
        return ", ".join(filter(None, (fact.number, total, fact.state)))

    def _describe_ours(self, source, record):
        amount = exact(record.amount_total, record.currency_id.decimal_places)
        text = self._format(source, amount, record.currency_id.name)
        return f"{record.display_name}, {text}"

    def _get_values(self, source, fact, record, known):
        sign = self._get_sign(record)
        yield "total", fact.decimal(fact.total), sign * _amount(record, "amount_total")
        if fact.lines_complete:
            tax = sum(tax.amount for line in fact.lines for tax in line.taxes)
            yield "tax", fact.decimal(tax), sign * _amount(record, "amount_tax")
        yield "currency", fact.currency, record.currency_id.name
        yield "date", self._get_day(source, fact), record.invoice_date
        if fact.number:
            yield "number", fact.number, record.ref
        yield "state", fact.state, self._get_state(record)

    def _get_sign(self, record):
        """Return what makes our amounts have the sign of the source's."""
        return 1

    def _get_state(self, record):
        """Return our state in the source's words."""
        return record.saas_state

    def _get_period_domain(self, source, date_from, date_to):
        return [
            ("saas_source_id", "=", source.id),
            ("invoice_date", ">=", date_from),
            ("invoice_date", "<=", date_to),
        ]


def _amount(record, field):
    return exact(record[field], record.currency_id.decimal_places)
