from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from ...canonical.sealing import is_reference


class SaasSourceSecret(models.Model):
    """A signing secret of a source. Two may be valid at once while one replaces the
    other.
    """

    _name = "saas.source.secret"
    _description = "SaaS source secret"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"

    source_id = fields.Many2one(
        "saas.source", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    value = fields.Char(
        compute="_compute_value",
        inverse="_inverse_value",
        groups=NO_ACCESS,
        help="The secret is kept in the vault. Only code can read it.",
    )
    new_value = fields.Char(
        string="Secret",
        compute="_compute_new_value",
        inverse="_inverse_new_value",
        help="Paste the secret here, or name where it is: env:NAME or file:NAME. It "
        "can't be read again afterwards.",
    )
    hint = fields.Char(compute="_compute_hint", string="Ends With")
    valid_from = fields.Datetime(default=fields.Datetime.now)
    valid_until = fields.Datetime(
        help="The moment from which the source does not sign with it any more. If "
        "it is empty, the secret is valid until it is removed."
    )

    _validity_order = models.Constraint(
        "CHECK (valid_until IS NULL OR valid_from IS NULL OR valid_from < valid_until)",
        "A secret can't end before it begins. Correct its two moments.",
    )

    def _compute_new_value(self):
        self.new_value = False

    def _inverse_new_value(self):
        for secret in self:
            if value := (secret.new_value or "").strip():
                secret._check_form(value)
                secret.sudo().value = value
        # What was pasted is not shown again, not even in this answer.
        self.invalidate_recordset(["new_value"], flush=False)

    def _check_form(self, value):
        """Raise unless a pasted secret has the form of its source's."""
        if not is_reference(value):
            problem = self.source_id._get_adapter()._explain_secret(value)
            if problem:
                raise UserError(problem)

    def _compute_value(self):
        values = self.env["saas.vault"]._get(self)
        for secret in self:
            secret.value = values.get(secret._origin.id)

    def _inverse_value(self):
        for secret in self:
            self.env["saas.vault"]._put(secret, secret.value)
        # A reference was written, and what it leads to is read.
        self.invalidate_recordset(["value"], flush=False)

    @api.depends("new_value", "value")
    def _compute_hint(self):
        hints = self.env["saas.vault"]._get_hints(self)
        for secret in self:
            secret.hint = hints.get(secret._origin.id)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if len(self.env["saas.vault"]._get_hints(records)) < len(records):
            raise UserError(self.env._("Paste the secret that the source shows you."))
        return records

    def unlink(self):
        result = super().unlink()
        self.env["saas.vault"]._forget(self)
        return result
