from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.orm.models import NO_ACCESS


class SaasSource(models.Model):
    """The key with which objects are pulled from the source."""

    _name = "saas.source"
    # What can't be read is told to its responsible.
    _inherit = ["saas.source", "mail.activity.mixin"]

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

    def _has_api_key(self):
        """Return whether there is a key to read with."""
        self.ensure_one()
        return bool(self._find_api_key())

    @api.constrains("api_key", "new_api_key", "livemode", "adapter")
    def _check_api_key(self):
        """A test key must never bring a live source what didn't happen, nor the other
        way round: objects that are read don't all tell their mode.
        """
        for source in self:
            key = source.sudo().api_key
            mode = source._get_adapter()._get_key_mode(key) if key else None
            if mode is not None and mode != source.livemode:
                raise ValidationError(
                    self.env._(
                        "This is a key of the %(mode)s mode, and %(name)s is not. "
                        "Paste a key of the same mode, or correct the mode.",
                        mode=self.env._("live") if mode else self.env._("test"),
                        name=source.name,
                    )
                )
