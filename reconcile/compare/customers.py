from odoo import models

from ...canonical.kinds import Kind


class SaasComparatorCustomer(models.AbstractModel):
    """Compares customers, as far as the source owns their data: what an accountant has
    edited here belongs to Odoo.
    """

    _name = "saas.comparator.customer"
    _inherit = "saas.comparator"
    _description = "SaaS customer comparator"

    _kind = Kind.CUSTOMER
    _model = "saas.tenant"

    def _get_day(self, source, fact):
        return None

    def _get_our_day(self, source, record):
        return None

    def _get_tenant(self, record):
        return record

    def _is_over(self, record):
        return not record.active

    def _describe(self, source, fact):
        return fact.name or fact.email or fact.external_id

    def _prepare(self, source, facts, bindings):
        """Return what each customer's contact should say, by the customer's id."""
        vals_list = self.env[
            "saas.customers.partner_values"
        ]._prepare_partner_vals_list(facts)
        tenants = self.env["saas.tenant"].browse(b.res_id for b in bindings.values())
        tenants.partner_id.fetch(["name", "email", "vat"])
        return {
            fact.external_id: (vals, bindings.get(fact.external_id))
            for fact, vals in zip(facts, vals_list, strict=True)
        }

    def _get_values(self, source, fact, record, known):
        if fact.deleted:
            # A deleted customer may have no more than the id.
            _values, binding = known[fact.external_id]
            if not record._get_other_ids(binding):
                yield "state", "archived", "active" if record.active else "archived"
            return
        values, binding = known[fact.external_id]
        synced = record.synced_values or {}
        if record._get_other_ids(binding):
            # The contact is what all of its customers say together, so each is held
            # against what it said last.
            every = record.stated_values or {}
            stated = every.get(str(binding.id), {}).get("values", {})
            for field in ("name", "email"):
                if field in stated and stated[field] != values[field]:
                    yield field, values[field], stated[field]
            return
        for field in ("name", "email", "vat"):
            if field == "vat" and not fact.vat_numbers:
                continue  # they are objects of their own, and need not come with it
            ours = record.partner_id[field]
            if not ours or ours == synced.get(field):
                yield field, values[field], ours
        if not record.active:
            yield "state", "active", "archived"

    def _get_period_domain(self, source, date_from, date_to):
        """A contact knows no day of its own at the source; it comes here on the day
        it is made there, and the source is asked for it by its id in any case.
        """
        since, until = (
            moment.replace(tzinfo=None)
            for moment in source._get_moments(date_from, date_to)
        )
        return [
            ("company_id", "=", source.company_id.id),
            ("create_date", ">=", since),
            ("create_date", "<", until),
        ]
