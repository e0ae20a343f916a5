from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaasSource(models.Model):
    """Connects an account to a platform's account, perhaps of another company.

    The platform's endpoint gets the account's events, and its key reads the account's
    objects.
    """

    _inherit = "saas.source"

    platform_id = fields.Many2one(
        "saas.source",
        ondelete="restrict",
        index="btree_not_null",
        help="The source whose endpoint receives this account's events, and whose "
        "API key reads its objects. Leave it empty if this account has its "
        "own.",
    )
    connected_ids = fields.One2many("saas.source", "platform_id", "Connected Accounts")

    _connected_unique = models.UniqueIndex(
        "(platform_id, account_ref) WHERE platform_id IS NOT NULL",
        "This account is connected to this platform already. Use the source of that "
        "account.",
    )

    @api.constrains("platform_id", "account_ref", "adapter", "livemode")
    def _check_platform(self):
        for source in self | self.connected_ids:
            platform = source.platform_id.sudo()
            if not platform:
                continue
            if platform.platform_id or source.connected_ids:
                raise ValidationError(
                    self.env._(
                        "A platform can't be connected to another platform. "
                        "Choose a source without a platform."
                    )
                )
            if not source.account_ref:
                raise ValidationError(
                    self.env._(
                        "Enter the account ID. It tells which events belong to this "
                        "source."
                    )
                )
            if (platform.adapter, platform.livemode) != (
                source.adapter,
                source.livemode,
            ):
                raise ValidationError(
                    self.env._(
                        "%s and its platform must have the same system and mode. "
                        "Choose another platform.",
                        source.name,
                    )
                )

    def _find_connected(self, account):
        """Return the source of an account that is connected to this one; it may be of
        a company that the user doesn't see.
        """
        self.ensure_one()
        return self.sudo().search(
            [
                ("platform_id", "=", self.id),
                ("account_ref", "=", account),
                ("adapter", "=", self.adapter),
                ("livemode", "=", self.livemode),
            ]
        )

    def _get_api_key(self):
        """Return the key to call this account with: its own, or its platform's. Every
        call to a source needs it, so a copy of the database gets none.

        :raises Transient: if this database may be a copy of the real one.
        """
        self.env["saas.environment"]._hold_call()
        return self._find_api_key()

    def _find_api_key(self):
        """Return the key to read this account with, its own or its platform's; False
        if there is none that may be used.

        What a reference leads to may change after it was checked: a key of the other
        mode is never used.
        """
        self.ensure_one()
        source = self.sudo().platform_id or self.sudo()
        key = source.api_key
        if source._get_key_mode(key) not in (None, source.livemode):
            return False
        return key

    def _get_api_account(self):
        """Return the connected account to read with the platform's key, or None."""
        self.ensure_one()
        return self.account_ref if self.platform_id else None
