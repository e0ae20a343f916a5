from odoo import SUPERUSER_ID, api, models

from ...canonical.marks import PIPELINE

#: The field of ``base_vat`` that is computed by asking the European Union's service.
_FIELD = "vies_valid"


class ResPartner(models.Model):
    """Keeps a drain from waiting for the European Union's VAT service, VIES.

    Where ``base_vat`` is installed and a company has VAT numbers checked, core asks
    that service whenever a number changes, and waits for it. In a drain the number is
    stored as not confirmed, and a job asks right after the drain has ended.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        if not self._saas_defers_vies():
            return super().create(vals_list)
        # A value that is given is not computed.
        partners = super().create([{_FIELD: False, **vals} for vals in vals_list])
        partners.filtered("vat")._saas_enqueue_vies()
        return partners

    def write(self, vals):
        if "vat" not in vals or not self._saas_defers_vies():
            return super().write(vals)
        before = {partner: partner.vat for partner in self}
        with self.env.protecting([self._fields[_FIELD]], self):
            result = super().write(vals)
        changed = self.filtered(lambda partner: partner.vat != before[partner])
        if changed:
            changed[_FIELD] = False
            changed.filtered("vat")._saas_enqueue_vies()
        return result

    def _saas_defers_vies(self):
        return _FIELD in self._fields and PIPELINE.is_in(self.env)

    def _saas_enqueue_vies(self):
        """Have the VAT numbers of these contacts checked, if any company wants it."""
        companies = self.env["res.company"].sudo()
        if not companies.search_count([("vat_check_vies", "=", True)], limit=1):
            return
        for partner in self:
            partner.with_user(SUPERUSER_ID).with_delay(
                identity_key=f"saas_vies:{partner.id}",
                description=self.env._("Check a VAT number"),
            )._job_saas_check_vies()

    def _job_saas_check_vies(self):
        """Ask whether the VAT number of a contact is valid, as core does.

        :raises RetryableJobError: if this database may be a copy of the real one.
        """
        self.ensure_one()
        self.env["saas.environment"]._hold_job()
        if self.exists() and self.vat:
            self.env.add_to_compute(self._fields[_FIELD], self)
            self._recompute_recordset([_FIELD])
