from odoo import api, fields, models


class SaasSource(models.Model):
    """What is wrong with how a source's secrets are kept."""

    _inherit = "saas.source"

    vault_warning = fields.Text(
        compute="_compute_vault_warning", compute_sudo=True, string="About its Secrets"
    )

    @api.depends("api_key", "secret_ids.value", "livemode")
    def _compute_vault_warning(self):
        for source in self:
            source.vault_warning = "\n".join(source._get_vault_warnings())

    def _get_vault_warnings(self):
        """Return a sentence for each thing that is wrong, none twice."""
        self.ensure_one()
        vault = self.env["saas.vault"]
        warnings = [*vault._find_trouble(self), *vault._find_trouble(self.secret_ids)]
        if self._get_key_mode(self.api_key) not in (None, self.livemode):
            warnings.append(
                self.env._(
                    "The API key is of the other mode than this source, so nothing is "
                    "read with it. Correct where it comes from, or the mode."
                )
            )
        return list(dict.fromkeys(warnings))

    def unlink(self):
        # The database deletes a source's secrets with it, without asking us.
        secrets = self.sudo().secret_ids
        result = super().unlink()
        for records in (secrets, self):
            self.env["saas.vault"]._forget(records)
        return result
