from odoo import fields, models


class SaasBinding(models.Model):
    """Names the tenant of an object that has no record here because nothing is booked
    for it.
    """

    _inherit = "saas.binding"

    tenant_id = fields.Many2one("saas.tenant", index="btree_not_null")
    before_cutover = fields.Boolean(
        help="Nothing was booked because it happened before the cut-over."
    )

    by_person = fields.Boolean(
        help="A person said which record the object is, or that there is none."
    )

    def _get_move(self):
        """Return the journal entry of the bound record; empty where there is none."""
        self.ensure_one()
        record = self._get_record()
        if not record:
            return self.env["account.move"]
        return record if record._name == "account.move" else record.move_id

    def _get_tenant(self):
        """Return the tenant of the bound record, or of the object that is bound without
        one.
        """
        self.ensure_one()
        record = self._get_record()
        return record.saas_tenant_id if record else self.tenant_id
