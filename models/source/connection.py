from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.orm.models import NO_ACCESS

from ...canonical.sealing import is_reference


class SaasSource(models.Model):
    """Holds the key with which objects are fetched and read from the source."""

    _name = "saas.source"
    # The source's responsible is told when something can't be read.
    _inherit = ["saas.source", "mail.activity.mixin"]

    api_key = fields.Char(
        compute="_compute_api_key",
        inverse="_inverse_api_key",
        groups=NO_ACCESS,
        help="The secret is kept in the vault. Only code can read it.",
    )
    new_api_key = fields.Char(
        string="API Key",
        compute="_compute_new_api_key",
        inverse="_inverse_new_api_key",
        help="Paste a restricted key that may read, or name where the key is: "
        "env:NAME or file:NAME. It can't be read again afterwards.",
    )
    api_key_hint = fields.Char(compute="_compute_api_key_hint", string="Key Ends With")

    def _compute_new_api_key(self):
        self.new_api_key = False

    def _inverse_new_api_key(self):
        for source in self:
            if key := (source.new_api_key or "").strip():
                if not is_reference(key):
                    problem = source._get_adapter()._explain_key(key)
                    if problem:
                        raise UserError(problem)
                source.sudo().api_key = key
        # What was pasted is not shown again, not even in this answer.
        self.invalidate_recordset(["new_api_key"], flush=False)

    def _compute_api_key(self):
        keys = self.env["saas.vault"]._get(self)
        for source in self:
            source.api_key = keys.get(source._origin.id)

    def _inverse_api_key(self):
        for source in self:
            self.env["saas.vault"]._put(source, source.api_key)
        # A reference was written, and what it leads to is read.
        self.invalidate_recordset(["api_key"], flush=False)

    @api.depends("new_api_key", "api_key")
    def _compute_api_key_hint(self):
        hints = self.env["saas.vault"]._get_hints(self)
        for source in self:
            source.api_key_hint = hints.get(source._origin.id)

    def _has_api_key(self):
        """Return whether there is a key to read with."""
        self.ensure_one()
        return bool(self._find_api_key())

    @api.constrains("api_key", "new_api_key", "livemode", "adapter")
    def _check_api_key(self):
        """A test key must never bring a live source what didn't happen, nor the other
        way round: objects that are read don't all tell their mode.
        """
        # Not by the field: while it is being written it reads as empty.
        keys = self.env["saas.vault"]._get(self.sudo())
        for source in self:
            mode = source._get_key_mode(keys.get(source.id))
            if mode is not None and mode != source.livemode:
                raise ValidationError(
                    self.env._(
                        "This key is for the %(mode)s mode, but %(name)s is not. "
                        "Paste a key for the source's mode, or correct the mode.",
                        mode=self.env._("live") if mode else self.env._("test"),
                        name=source.name,
                    )
                )

    def _get_key_mode(self, key):
        """Return whether ``key`` is of the live mode; None if there is no key, or it
        can't tell.
        """
        self.ensure_one()
        return self._get_adapter()._get_key_mode(key) if key else None

    def _get_page(self, kind, external_id):
        """Return the address of the page on which this source shows an object to
        people, or False if there is none.

        :param kind: a :class:`~...canonical.kinds.Kind`.
        """
        if not self or not external_id:
            return False
        return self._get_adapter()._get_page(self, kind, external_id) or False
