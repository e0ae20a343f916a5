from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS


class SaasSourceSecret(models.Model):
    """A signing secret. Two may be valid at once, while one is being rolled."""

    _name = "saas.source.secret"
    _description = "SaaS source secret"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"

    source_id = fields.Many2one(
        "saas.source", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    value = fields.Char(
        groups=NO_ACCESS, copy=False, help="Readable by code alone, never by people."
    )
    new_value = fields.Char(
        string="Secret",
        compute="_compute_new_value",
        inverse="_inverse_new_value",
        help="Paste the secret here. It can't be read again afterwards.",
    )
    hint = fields.Char(compute="_compute_hint", string="Ends With")
    valid_from = fields.Datetime(default=fields.Datetime.now)
    valid_until = fields.Datetime(
        help="When the source stops signing with it. Empty: until it is removed."
    )

    _validity_order = models.Constraint(
        "CHECK (valid_until IS NULL OR valid_from IS NULL OR valid_from < valid_until)",
        "A secret can't end before it begins.",
    )

    def _compute_new_value(self):
        self.new_value = False

    def _inverse_new_value(self):
        for secret in self.filtered("new_value"):
            secret.sudo().value = secret.new_value.strip()

    @api.depends("new_value")
    def _compute_hint(self):
        for secret in self:
            value = secret.sudo().value or ""
            # Four characters tell two secrets apart and open nothing.
            secret.hint = f"…{value[-4:]}" if len(value) > 12 else "…"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not all(records.sudo().mapped("value")):
            raise UserError(self.env._("Paste the secret that the source shows you."))
        return records
