from odoo import models

from ...canonical.kinds import Kind


class SaasComparatorCreditNote(models.AbstractModel):
    """Compares credit notes, and which invoice each one credits."""

    _name = "saas.comparator.credit_note"
    _inherit = "saas.comparator.document"
    _description = "SaaS credit note comparator"

    _kind = Kind.CREDIT_NOTE

    def _prepare(self, source, facts, bindings):
        return {ref: binding.parent_ref for ref, binding in bindings.items()}

    def _get_values(self, source, fact, record, known):
        yield from super()._get_values(source, fact, record, known)
        yield "invoice", fact.invoice, known[fact.external_id]

    def _get_state(self, record):
        return "void" if record.saas_state == "void" else "issued"
