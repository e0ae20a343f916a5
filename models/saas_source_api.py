from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS


class SaasSource(models.Model):
    """The key with which objects are pulled from the source."""

    _inherit = "saas.source"

    api_key = fields.Char(
        groups=NO_ACCESS, copy=False, help="Readable by code alone, never by people."
    )
    new_api_key = fields.Char(
        string="API Key",
        compute="_compute_new_api_key",
        inverse="_inverse_new_api_key",
        help="A restricted key that may read. It can't be read again afterwards.",
    )
    api_key_hint = fields.Char(compute="_compute_api_key_hint", string="Key Ends With")

    def _compute_new_api_key(self):
        self.new_api_key = False

    def _inverse_new_api_key(self):
        for source in self.filtered("new_api_key"):
            source.sudo().api_key = source.new_api_key.strip()

    @api.depends("new_api_key")
    def _compute_api_key_hint(self):
        for source in self:
            value = source.sudo().api_key or ""
            # Four characters tell two keys apart and open nothing.
            source.api_key_hint = value and f"…{value[-4:]}"
