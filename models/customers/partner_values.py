from odoo import models

from ...canonical.border.ownership import OF_TENANT, PARTS, Part


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
        told = {}
        if fact.registration_number:
            told["company_registry"] = fact.registration_number
        if language := self._find_language(fact.language):
            told["lang"] = language
        return {
            **told,
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

    def _prepare_all_vals(self, fact):
        """Return the values of a contact and of its tenant that a customer fact states,
        by field, as plain JSON. Of a tenant's, what isn't told is left out.
        """
        [vals] = self._prepare_partner_vals_list([fact])
        told = {
            "e_invoice_address": fact.e_invoice_address,
            "residency_region": fact.residency_region,
            "language": fact.language,
        }
        vals |= {name: text or False for name, text in told.items() if text is not None}
        if exemption := fact.exemption:
            ends_on = exemption.ends_on
            vals |= {
                "exemption_reason": exemption.reason,
                "exemption_certificate": exemption.certificate or False,
                "exemption_ends_on": ends_on.isoformat() if ends_on else False,
            }
        return vals

    def _describe_part(self, fact, tenant, part):
        """Return a part of a customer as a fact states it and as a tenant has it, as
        words of one line each.
        """
        vals = self._prepare_all_vals(fact)
        told, kept = [], []
        for name in PARTS[Part(part)]:
            record = tenant if name in OF_TENANT else tenant.partner_id
            field = record._fields[name]
            value = vals.get(name)
            if field.comodel_name and value:
                value = self.env[field.comodel_name].browse(value).display_name
            current = record[name]
            told.append(value)
            kept.append(current.display_name if field.comodel_name else current)
        return [
            ", ".join(str(value) for value in values if value)
            for values in (told, kept)
        ]

    def _find_language(self, tag):
        """Return the installed language that a tag of BCP 47 means; None if there is
        none, or no tag.
        """
        if not tag:
            return None
        wanted = tag.replace("-", "_").casefold()
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        for code in codes:
            if code.casefold() == wanted:
                return code
        base = wanted.partition("_")[0]
        return next((c for c in codes if c.casefold().partition("_")[0] == base), None)

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
