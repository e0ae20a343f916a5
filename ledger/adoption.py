from odoo import models


class SaasLedgerAdoption(models.AbstractModel):
    """Makes a record that a person booked by hand an object's own, and lets it go
    again: with the object's id, source and tenant. No amount is touched.
    """

    _name = "saas.ledger.adoption"
    _description = "SaaS ledger adoption"

    def _adopt(self, source, record, external_id, tenant, state=None):
        """Note on a posted move or payment which object it is.

        :param state: the state of an invoice or credit note at the source.
        """
        vals = {
            "saas_source_id": source.id,
            "saas_external_id": external_id,
            "saas_tenant_id": tenant.id if tenant else False,
        }
        if state:
            vals["saas_state"] = state
        record.write(vals)

    def _release(self, record):
        """Forget on a move or payment which object it was, and open what the object's
        counterparts at the source were reconciled with it.
        """
        move = record if record._name == "account.move" else record.move_id
        partials = move.line_ids.matched_debit_ids | move.line_ids.matched_credit_ids
        partials.filtered(
            lambda partial: (
                (
                    (partial.debit_move_id | partial.credit_move_id).move_id - move
                ).saas_source_id
            )
        ).unlink()
        vals = dict.fromkeys(
            ("saas_source_id", "saas_external_id", "saas_tenant_id"), False
        )
        if "saas_state" in record:
            vals["saas_state"] = False
        record.write(vals)
