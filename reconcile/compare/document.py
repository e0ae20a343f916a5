import operator
from dataclasses import replace

from odoo import models

from ...canonical.money import exact
from ..outcome import Gap
from .family import with_reversals


class SaasComparatorDocument(models.AbstractModel):
    """Holds what comparing invoices and comparing credit notes have in common."""

    _name = "saas.comparator.document"
    _inherit = "saas.comparator"
    _description = "SaaS document comparator"

    _model = "account.move"
    _ends_at_cutover = True

    def _compare(self, source, facts):
        """Return the outcomes of documents; one that is here twice says so beside its
        number.
        """
        outcomes = super()._compare(source, facts)
        again = self._find_again(source, [o.record for o in outcomes if o.record])
        return [
            self._add_again(outcome, again[outcome.record])
            if outcome.record in again
            else outcome
            for outcome in outcomes
        ]

    def _find_again(self, source, records):
        """Return by document the other ones that are posted with its number to the
        same customer: entered by hand, say, while the source's own came.
        """
        documents = self.env["account.move"].union(*records)
        documents = documents.filtered(lambda move: move.is_invoice() and move.ref)
        same = operator.attrgetter("ref", "move_type", "commercial_partner_id")
        found = self.env["account.move"].search(
            [
                ("company_id", "=", source.company_id.id),
                ("state", "=", "posted"),
                ("ref", "in", documents.mapped("ref")),
                (
                    "commercial_partner_id",
                    "in",
                    documents.commercial_partner_id.ids,
                ),
                ("saas_source_id", "in", (False, source.id)),
                ("reversed_entry_id", "=", False),
                ("id", "not in", documents.ids),
            ]
        )
        # Entries that the source's own facts led to may have the number too.
        bound = self.env["saas.binding"].search(
            [("res_model", "=", "account.move"), ("res_id", "in", found.ids)]
        )
        found = (found - found.browse(bound.mapped("res_id"))).grouped(same)
        return {move: found[same(move)] for move in documents if same(move) in found}

    def _add_again(self, outcome, again):
        """Return an outcome that also says what else has the document's number."""
        record = outcome.record
        if any(gap.field == "number" for gap in outcome.gaps):
            return outcome  # this difference is there already
        names = ", ".join(move.display_name for move in record | again)
        gap = Gap("number", record.ref, names)
        return replace(outcome, result="different", gaps=(*outcome.gaps, gap))

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
        ours = self._get_state(record)
        yield "state", fact.state or ours, ours

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
