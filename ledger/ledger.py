from odoo import models

from ..canonical.errors import Quarantine
from ..canonical.reasons import Reason


class SaasLedger(models.AbstractModel):
    """What every part of the ledger looks up: bindings, tenants, payments, and whether
    a day is open for booking.
    """

    _name = "saas.ledger"
    _description = "SaaS ledger"

    def _get_bindings(self, source, kind, external_ids):
        """Return the bindings of objects of one kind, by external id."""
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", kind),
                ("external_id", "in", list(set(external_ids))),
            ]
        )
        return {binding.external_id: binding for binding in bindings}

    def _bind(self, source, kind, external_id, record=None, **vals):
        """Return the values of a new binding; ``record`` may be None."""
        return {
            "source_id": source.id,
            "kind": kind,
            "external_id": external_id,
            "res_model": record._name if record else False,
            "res_id": record.id if record else False,
            **vals,
        }

    def _get_tenants(self, source, customers):
        """Return the tenants of customers, by the customers' external ids."""
        bindings = self._get_bindings(source, "customer", customers)
        tenants = self.env["saas.tenant"].browse(b.res_id for b in bindings.values())
        tenants.fetch(["partner_id", "company_id"])
        return {
            external_id: tenants.browse(binding.res_id).with_prefetch(tenants.ids)
            for external_id, binding in bindings.items()
        }

    def _get_period_error(self, source, date, journal, has_tax=False):
        """Return what is wrong with booking on ``date``, or None. In a locked period
        Odoo would move a document to another day by itself.
        """
        if source.company_id._get_violated_lock_dates(date, has_tax, journal):
            return Quarantine(
                Reason.PERIOD_LOCKED,
                self.env._("%(date)s is in a locked period", date=date),
            )
        return None

    def _get_payments(self, source, mains):
        """Return the payments of sums of money by the sums' main ids: one may be
        booked in several.
        """
        payments = self.env["account.payment"].search(
            [
                ("saas_source_id", "=", source.id),
                ("saas_external_id", "in", list(mains)),
            ]
        )
        return dict(payments.grouped("saas_external_id"))

    def _get_moved_error(self, booked, stated):
        """Return what is wrong where Odoo has chosen a day that is not the stated."""
        return Quarantine(
            Reason.PERIOD_LOCKED,
            self.env._(
                "Odoo would book it on %(date)s instead of %(stated)s",
                date=booked,
                stated=stated,
            ),
        )

    def _get_missing_account(self, source, field):
        """Return the sentence that says which account a source lacks, or None."""
        if source[field]:
            return None
        label = source._fields[field]._description_string(self.env)
        return self.env._("the source has no account for: %s", label)
