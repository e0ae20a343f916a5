from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..notification import notify


class SaasSource(models.Model):
    """Shows what is wrong with how a source's secrets are kept, makes secrets for
    senders, and shows who these are.
    """

    _inherit = "saas.source"

    vault_warning = fields.Text(
        compute="_compute_vault_warning",
        compute_sudo=True,
        string="Problems with Secrets",
    )

    can_generate_secret = fields.Boolean(compute="_compute_can_generate_secret")
    sender_ids = fields.One2many(
        "saas.sender",
        "source_id",
        string="Senders That Number Their Events",
        readonly=True,
    )
    sender_version_ids = fields.One2many(
        "saas.sender.version",
        "source_id",
        string="Old Versions in Use",
        readonly=True,
    )

    @api.depends("adapter")
    def _compute_can_generate_secret(self):
        for source in self:
            source.can_generate_secret = (
                source.adapter and source._get_adapter()._can_generate_secret
            )

    def action_generate_secret(self):
        """Make a secret for who writes the sender, and show it this once."""
        self.ensure_one()
        self.check_access("write")
        if not self.can_generate_secret:
            raise UserError(
                self.env._(
                    "This system makes its secrets itself. Create the webhook there, "
                    "and paste the secret that it shows."
                )
            )
        # Before anything is shown that couldn't be kept.
        self.env["saas.vault"]._require_keys()
        secret = self._get_adapter()._generate_secret()
        self.secret_ids = [Command.create({"new_value": secret})]
        message = self.env._(
            "This is the new secret. Copy it now, because it can't be shown again: %s",
            secret,
        )
        return notify(message, "warning", sticky=True, reload=True)

    @api.depends(
        "api_key", "secret_ids.value", "credential_ids.secret_hint", "livemode"
    )
    def _compute_vault_warning(self):
        for source in self:
            source.vault_warning = "\n".join(source._get_vault_warnings())

    def _get_vault_warnings(self):
        """Return a sentence for each problem, none twice."""
        self.ensure_one()
        vault = self.env["saas.vault"]
        warnings = [
            *vault._find_trouble(self),
            *vault._find_trouble(self.secret_ids),
            *self.credential_ids._find_trouble(),
        ]
        if self._get_key_mode(self.api_key) not in (None, self.livemode):
            warnings.append(
                self.env._(
                    "The API key and this source have different modes, so nothing is "
                    "read with the key. Correct where the key comes from, or the mode."
                )
            )
        return list(dict.fromkeys(warnings))
