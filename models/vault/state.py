import logging

from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import sql

from ...canonical import sealing
from ..server_section import SECTION
from . import settings as vault_settings

_logger = logging.getLogger(__name__)


class SaasVault(models.AbstractModel):
    """Says on screens, and in the log at each start, what is wrong with the vault."""

    _inherit = "saas.vault"

    def _register_hook(self):
        """At each start: seal what an upgrade without a key left plain, if there is
        one now, and say in the log what can't be opened or is not sealed.
        """
        super()._register_hook()
        # The addon's new files may be in place before its upgrade has run.
        if sql.table_exists(self.env.cr, "saas_vault"):
            self._seal_plain()
            self._log_state()

    @api.model
    def _find_trouble(self, records, part=""):
        """Return a sentence for each problem with the secrets of ``records``: one is
        not sealed, no key opens it, or its reference leads nowhere.

        :param part: which one, of records that have more than one secret.
        """
        keys = self._get_keys()
        trouble = []
        for record, kept in self._read(records, part):
            if kept.startswith(sealing.PLAIN):
                trouble.append(self._explain_plain())
            try:
                self._open(record, kept, keys)
            except sealing.CannotUnseal:
                trouble.append(self._explain_closed())
            except UserError as error:
                trouble.append(str(error))
        return trouble

    def _explain_plain(self):
        return self.env._(
            "A secret is stored unsealed: whoever reads the database can read it. It "
            "is sealed as soon as Odoo is started with a key. %(how)s",
            how=self._explain_key(),
        )

    def _explain_closed(self):
        return self.env._(
            "A secret can't be opened: it was sealed with a key that this Odoo does "
            "not have. Nothing is received or read with it. Put that key back and "
            "restart Odoo, or paste the secret again."
        )

    def _explain_key(self):
        """Return how to give Odoo a key, as a sentence."""
        return self.env._(
            "Make a key with: %(command)s. Then put it into odoo.conf as %(option)s in "
            "the section [%(section)s], or into the environment as %(variable)s, and "
            "restart Odoo.",
            command=vault_settings.MAKE_KEY,
            option=vault_settings.KEY,
            section=SECTION,
            variable=vault_settings.KEY_VARIABLE,
        )

    def _seal_plain(self):
        if not self._get_keys():
            return
        try:
            with self.env.cr.savepoint(flush=False):
                sealed, _closed = self._rotate((sealing.PLAIN,))
        except SerializationFailure:
            # Another process starts as well, and was first.
            return
        if sealed:
            _logger.info("sealed %s secrets that were stored plain", sealed)

    def _log_state(self):
        """Log once, at the start, what people see on the sources' pages."""
        self._execute("SELECT sealed FROM saas_vault")
        kept = [sealed for (sealed,) in self.env.cr.fetchall()]
        plain = sum(text.startswith(sealing.PLAIN) for text in kept)
        if plain:
            _logger.warning(
                "%s secrets are stored unsealed: this Odoo has no key. %s",
                plain,
                self._explain_key(),
            )
        keys, closed = self._get_keys(), 0
        for text in kept:
            try:
                if not text.startswith(sealing.REFERENCE):
                    sealing.unseal(keys, text)
            except sealing.CannotUnseal:
                closed += 1
        if closed:
            _logger.error(
                "%s secrets can't be opened: they were sealed with a key that this "
                "Odoo does not have",
                closed,
            )
