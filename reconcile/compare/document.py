from odoo import models

from ...canonical.money import exact
from .family import with_reversals


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
        # What is void here has been taken back beside it; what somebody reversed or
        # cancelled in Odoo is not here any more.
        is_over = fact.state == "void" or self._is_over(record)
        standing = record if is_over else with_reversals(record)
        total, tax = self._sum_up(record, standing, is_over)
        yield "total", fact.decimal(fact.total), total
        if fact.lines_complete:
            stated = sum(tax.amount for line in fact.lines for tax in line.taxes)
            yield "tax", fact.decimal(stated), tax
        yield "currency", fact.currency, record.currency_id.name
        yield "date", self._get_day(source, fact), record.invoice_date
        if fact.number:
            yield "number", fact.number, record.ref
        yield "state", fact.state, self._get_state(record)

    def _sum_up(self, record, moves, is_over):
        """Return the total and the tax of a document as Decimals, in the source's sign;
        less what people have reversed of it.
        """
        total = tax = exact(0.0, record.currency_id.decimal_places)
        for move in moves:
            if move.state == "posted" or is_over:
                sign = self._get_sign(record)
                sign *= 1 if move.move_type == record.move_type else -1
                total += sign * _amount(move, "amount_total")
                tax += sign * _amount(move, "amount_tax")
        return total, tax

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
