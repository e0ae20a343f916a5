from odoo import models


class SaasCustomersPartnerValues(models.AbstractModel):
    """Turns what a source says of customers into values of contacts."""

    _name = "saas.customers.partner_values"
    _description = "SaaS partner values"

    def _prepare_partner_vals_list(self, facts):
        """Return the values of ``res.partner`` for each customer fact."""
        countries = self._get_countries({f.address.country_code for f in facts})
        states = self._get_states(countries, facts)
        return [self._prepare_partner_vals(fact, countries, states) for fact in facts]

    def _prepare_partner_vals(self, fact, countries, states):
        address = fact.address
        country = countries.get(address.country_code, False)
        return {
            "name": fact.name or fact.email or fact.external_id,
            "email": fact.email or False,
            "phone": fact.phone or False,
            "vat": next(iter(fact.vat_numbers), False),
            "street": address.street or False,
            "street2": address.street2 or False,
            "city": address.city or False,
            "zip": address.zip or False,
            "country_id": country,
            "state_id": states.get((country, address.state_code.upper()), False),
        }

    def _get_countries(self, codes):
        """Return the ids of countries by code, for those there are."""
        found = self.env["res.country"].search([("code", "in", list(codes - {""}))])
        return {country.code: country.id for country in found}

    def _get_states(self, countries, facts):
        """Return the ids of states by country id and by code and name, in capitals:
        a source passes on what the customer typed.
        """
        if not any(fact.address.state_code for fact in facts):
            return {}
        found = self.env["res.country.state"].search(
            [("country_id", "in", list(countries.values()))]
        )
        states = {(s.country_id.id, s.name.upper()): s.id for s in found}
        return states | {(s.country_id.id, s.code.upper()): s.id for s in found}

    def _get_currencies(self, codes):
        """Return currencies by code, active or not, for those there are."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        return {c.name: c for c in currencies.search([("name", "in", list(codes))])}
