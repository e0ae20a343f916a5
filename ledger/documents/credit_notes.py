from odoo import models

from ...canonical.kinds import Kind


class SaasLedgerCredits(models.AbstractModel):
    """Reads which credit notes invoices have, and what took these back. It writes
    nothing.
    """

    _name = "saas.ledger.documents.credit_notes"
    _description = "SaaS ledger credit notes of invoices"

    def _read(self, source, refs):
        """Return the credit notes of invoices, by the invoices' external ids: of each
        the external id, the credit note, and what took it back, which is empty where
        nothing did. One from before the cut-over has no record, and is left out.
        """
        bindings = self.env["saas.binding"]
        found = bindings.search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.CREDIT_NOTE),
                ("parent_ref", "in", list(refs)),
                ("res_id", "!=", False),
            ]
        )
        undone = bindings._find(
            source, Kind.CREDIT_NOTE_VOID, found.mapped("external_id")
        )
        none = self.env["account.move"]
        return {
            ref: [
                (
                    b.external_id,
                    b._get_record(),
                    undone[b.external_id]._get_record()
                    if b.external_id in undone
                    else none,
                )
                for b in group
            ]
            for ref, group in found.grouped("parent_ref").items()
        }
