from odoo import api, fields, models


class SaasSource(models.Model):
    """Shows what is wrong with how a source's secrets are kept."""

    _inherit = "saas.source"

    vault_warning = fields.Text(
        compute="_compute_vault_warning",
        compute_sudo=True,
        string="Problems with Secrets",
    )

    @api.depends("api_key", "secret_ids.value", "livemode")
    def _compute_vault_warning(self):
        for source in self:
            source.vault_warning = "\n".join(source._get_vault_warnings())

    def _get_vault_warnings(self):
        """Return a sentence for each problem, none twice."""
        self.ensure_one()
        vault = self.env["saas.vault"]
        warnings = [*vault._find_trouble(self), *vault._find_trouble(self.secret_ids)]
        if self._get_key_mode(self.api_key) not in (None, self.livemode):
            warnings.append(
                self.env._(
                    "The API key and this source have different modes, so nothing is "
                    "read with the key. Correct where the key comes from, or the mode."
                )
            )
        return list(dict.fromkeys(warnings))
