from odoo import api, models
from odoo.exceptions import UserError

from ...canonical import sealing
from . import settings as vault_settings


def create_table(cr):
    """Create the table of secrets, if it is missing.

    It has no constraint that a person's input can break: PostgreSQL would print the
    row that breaks it. And no model: nobody reads it through the ORM.
    """
    cr.execute(
        """CREATE TABLE IF NOT EXISTS saas_vault (owner text, sealed text, hint text);
           CREATE UNIQUE INDEX IF NOT EXISTS saas_vault_owner
               ON saas_vault (owner)"""
    )


class SaasVault(models.AbstractModel):
    """Keeps one secret for each record that has one, sealed before it gets to
    PostgreSQL. The key is the machine's (see ``models/vault/settings.py``), so a copy
    of the database alone opens nothing.
    """

    _name = "saas.vault"
    _description = "SaaS vault"

    def init(self):
        create_table(self.env.cr)

    @api.model
    def _get(self, records, part=""):
        """Return the secrets of ``records`` by id. One that can't be opened now is
        missing, as if there were none: what it protects stays closed.

        :param part: which one, of records that have more than one secret.
        """
        keys = self._get_keys()
        secrets = {}
        for record, kept in self._read(records, part):
            try:
                secrets[record.id] = self._open(record, kept, keys)
            except (sealing.CannotUnseal, UserError):
                continue
        return secrets

    @api.model
    def _get_hints(self, records, part=""):
        """Return what may be shown of the secrets of ``records``, by id."""
        owners = self._get_owners(records, part)
        self._execute(
            "SELECT owner, hint FROM saas_vault WHERE owner = ANY(%s)", list(owners)
        )
        return {owners[owner].id: hint for owner, hint in self.env.cr.fetchall()}

    @api.model
    def _put(self, record, secret, part=""):
        """Keep a record's secret, or a reference to where it is; None forgets it.

        :param part: which one, of a record that has more than one secret.
        :raise UserError: it can't be kept, with the next step.
        """
        if not secret:
            self._forget(record, (part,))
            return
        if sealing.is_reference(secret):
            self._read_reference(secret, record.company_id)
            kept = sealing.REFERENCE + secret
        else:
            kept = sealing.seal(self._require_keys(), self._check_text(secret))
        [owner] = self._get_owners(record, part)
        self._execute(
            """INSERT INTO saas_vault (owner, sealed, hint) VALUES (%s, %s, %s)
               ON CONFLICT (owner)
               DO UPDATE SET sealed = EXCLUDED.sealed, hint = EXCLUDED.hint""",
            *(owner, kept, sealing.hint(secret)),
        )

    @api.model
    def _forget(self, records, parts=("",)):
        """Delete the secrets of ``records``.

        :param parts: which ones, of records that have more than one.
        """
        owners = [owner for part in parts for owner in self._get_owners(records, part)]
        self._execute("DELETE FROM saas_vault WHERE owner = ANY(%s)", owners)

    @api.model
    def _rotate(self, kinds=(sealing.SEALED, sealing.PLAIN)):
        """Seal all secrets that are kept in one of these ways anew, with the newest
        key.

        :return: how many were sealed, and the owners of those that no key opens, which
            stay as they are.
        :raise UserError: there is no key.
        """
        keys = self._require_keys()
        # The rows are locked, so a secret that is pasted meanwhile is not overwritten.
        self._execute(
            """SELECT owner, sealed FROM saas_vault WHERE left(sealed, 2) = ANY(%s)
               ORDER BY owner FOR UPDATE""",
            list(kinds),
        )
        done, closed = 0, []
        for owner, kept in self.env.cr.fetchall():
            try:
                kept = sealing.seal(keys, sealing.unseal(keys, kept))
            except sealing.CannotUnseal:
                closed.append(owner)
                continue
            self._execute(
                "UPDATE saas_vault SET sealed = %s WHERE owner = %s", kept, owner
            )
            done += 1
        return done, closed

    @api.model
    def _get_keys(self):
        """Return what opens secrets, or None: there is no key, or a bad one."""
        try:
            return sealing.read_keys(vault_settings.get_keys())
        except sealing.BadKey:
            return None

    @api.model
    def _require_keys(self):
        """Return what seals secrets; raise a UserError that tells how to get it."""
        try:
            keys = sealing.read_keys(vault_settings.get_keys())
        except sealing.BadKey as error:
            raise UserError(
                self.env._(
                    "Key %(number)s of this Odoo is not a valid key to seal secrets "
                    "with. %(how)s Then try again.",
                    number=error.args[0],
                    how=self._explain_key(),
                )
            ) from None
        if keys is None:
            raise UserError(
                self.env._(
                    "This Odoo has no key to seal secrets with, so it stores no "
                    "secret. %(how)s Without a key, name where the secret is: a "
                    "variable, as env:NAME, or a file, as file:NAME.",
                    how=self._explain_key(),
                )
            )
        return keys

    def _check_text(self, secret):
        try:
            length = len(secret.encode())
        except UnicodeEncodeError:
            length = None
        if length is None or length > sealing.LONGEST:
            raise UserError(
                self.env._(
                    "This text is not a secret of any known system. Copy it from "
                    "the source once more."
                )
            )
        return secret

    def _open(self, record, kept, keys):
        if kept.startswith(sealing.REFERENCE):
            reference = kept.removeprefix(sealing.REFERENCE)
            return self._read_reference(reference, record.company_id)
        return sealing.unseal(keys, kept)

    def _read(self, records, part=""):
        """Return pairs of a record and its secret as it is kept."""
        owners = self._get_owners(records, part)
        self._execute(
            "SELECT owner, sealed FROM saas_vault WHERE owner = ANY(%s)", list(owners)
        )
        return [(owners[owner], kept) for owner, kept in self.env.cr.fetchall()]

    def _execute(self, query, *values):
        # What fails here is not logged: the statement holds what is kept.
        self.env.cr.execute(query, values, log_exceptions=False)

    @staticmethod
    def _get_owners(records, part=""):
        """Return the stored ones of ``records`` by the name they have here."""
        stored, end = records._origin, part and f",{part}"
        return {f"{stored._name},{record.id}{end}": record for record in stored}
