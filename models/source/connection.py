from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.orm.models import NO_ACCESS

from ...canonical.errors import Transient
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
    credential_ids = fields.One2many(
        "saas.source.credential",
        "source_id",
        copy=False,
        groups="saas_billing_sync.group_saas_manager",
    )
    takes_credential = fields.Boolean(compute="_compute_takes_credential")
    can_read = fields.Boolean(
        compute="_compute_can_read",
        compute_sudo=True,
        help="Whether there is something to read the source with.",
    )

    @api.depends("adapter")
    def _compute_takes_credential(self):
        for source in self:
            source.takes_credential = bool(
                source.adapter and source._get_adapter()._credential_kinds
            )

    @api.constrains("adapter")
    def _check_credential_kind(self):
        self.sudo().credential_ids._check_kind()

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

    @api.depends("api_key", "credential_ids.secret_hint", "platform_id")
    def _compute_can_read(self):
        for source in self:
            source.can_read = bool(source._origin) and source._has_api_key()

    def _has_api_key(self):
        """Return whether there is something to read with: a key, or a credential that
        is complete.
        """
        self.ensure_one()
        credential = self._get_payer().credential_ids
        if credential.kind in (False, "api_key"):
            return bool(self._find_api_key())
        return credential._is_complete()

    def _get_payer(self):
        """Return the source whose credential and budget calls are made with: this one,
        or its platform's.
        """
        self.ensure_one()
        return self.sudo().platform_id or self.sudo()

    def _get_call_address(self):
        """Return the address of the system, without a slash at its end, or ""."""
        return self.credential_ids.address or self._get_adapter()._call_address

    def _get_call_limits(self):
        """Return how many calls may be made in a second, and in a day; 0: any."""
        credential, adapter = self.credential_ids, self._get_adapter()
        return (
            credential.calls_per_second or adapter._calls_per_second,
            credential.calls_per_day or adapter._calls_per_day,
        )

    def _get_call_secret(self):
        """Return the user, perhaps empty, and the secret that let us in."""
        credential = self.credential_ids
        if credential.kind == "basic":
            secret = self.env["saas.vault"]._get(credential).get(credential.id)
            return credential.client_id or "", secret or ""
        return "", self._get_api_key() or ""

    def _open_session(self, with_credential=True):
        """Return a session of ``requests`` to call this source's system with: for an
        adapter, or the library that it uses. In jobs only.

        :param with_credential: whether the session adds what lets us in, at the
            credential's own address.
        """
        self.ensure_one()
        return self.env["saas.reading.call"]._open_session(self, with_credential)

    def _request(self, method, path, **kwargs):
        """Call this source's system and return a ``requests.Response`` of success, as
        ``saas.reading.call`` has it; in jobs only.
        """
        self.ensure_one()
        return self.env["saas.reading.call"]._request(self, method, path, **kwargs)

    def _make_passing(self, error, unreached):
        """Return what says that a call failed by trouble that passes by itself.

        :param error: what the library raised.
        :param unreached: the class of its errors that say that the system was not
            reached. Their text has the whole address, which may have what is personal.
        """
        if not isinstance(error, unreached):
            return Transient(str(error))
        return Transient(
            self.env._(
                "The system could not be reached (%s). What reads it tries again "
                "later. If that goes on, check its address and the network.",
                type(error).__name__,
            )
        )

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
