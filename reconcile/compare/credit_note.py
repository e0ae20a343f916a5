from odoo import models

from ...canonical.kinds import Kind
from .family import get_total, with_reversals


class SaasComparatorCreditNote(models.AbstractModel):
    """Compares credit notes, which invoice each one credits, and that nothing is left
    of those that are void.
    """

    _name = "saas.comparator.credit_note"
    _inherit = "saas.comparator.document"
    _description = "SaaS credit note comparator"

    _kind = Kind.CREDIT_NOTE

    def _prepare(self, source, facts, bindings):
        parents = {ref: binding.parent_ref for ref, binding in bindings.items()}
        return parents, self.env["saas.comparator.family"]._find_voids(
            source, list(bindings)
        )

    def _get_values(self, source, fact, record, known):
        yield from super()._get_values(source, fact, record, known)
        parents, undone = known
        yield "invoice", fact.invoice, parents[fact.external_id]
        if fact.state == record.saas_state == "void":
            moves = record | undone.get(fact.external_id, record)
            left = -get_total(with_reversals(moves))
            yield "total_left", fact.decimal(0), left

    def _get_state(self, record):
        return "void" if record.saas_state == "void" else "issued"
