from collections import defaultdict

from odoo import models

from ...canonical.identity import email_key, phone_key, vat_key
from ...canonical.kinds import Kind


class SaasCustomersPartnerMatcher(models.AbstractModel):
    """Finds the contacts that a customer could be, for many customers at once."""

    _name = "saas.customers.partner_matcher"
    _description = "SaaS partner matcher"

    def _index(self, source, facts):
        """Return an index of the contacts that share a key with one of ``facts``."""
        keys = [get_keys(fact) for fact in facts]
        wanted = {
            field: [value for key in keys for value in key[field]] for field in _FIELDS
        }
        partners = self._search_partners(source, wanted)
        tenants = self._get_tenants(source, partners)
        # What a guest typed in proves nothing about who a customer is.
        guests = tenants.filtered("is_guest").partner_id
        guests -= tenants.filtered(lambda tenant: not tenant.is_guest).partner_id
        partners = partners.filtered(
            lambda partner: partner.commercial_partner_id not in guests
        )
        return _Index(partners, self._get_bound_partners(source, tenants))

    def _search_partners(self, source, wanted):
        """Return contacts of the source's company that have one of the keys. One whose
        own company is a customer of another of our companies is not of this one.
        """
        partners = self.env["res.partner"]
        none = source.company_id.browse()
        for field, values in wanted.items():
            if values:
                partners |= partners.search(
                    [
                        (field, "in", list(set(values))),
                        ("company_id", "in", (False, source.company_id.id)),
                    ]
                )
        return partners.filtered(
            lambda partner: (
                partner.commercial_partner_id.company_id in (none, source.company_id)
            )
        )

    def _get_tenants(self, source, partners):
        """Return the tenants that contacts are in the source's company, archived ones
        too.
        """
        return (
            self.env["saas.tenant"]
            .with_context(active_test=False)
            .search(
                [
                    ("partner_id", "in", partners.commercial_partner_id.ids),
                    ("company_id", "=", source.company_id.id),
                ]
            )
        )

    def _get_bound_partners(self, source, tenants):
        """Return the contacts of tenants that are customers of this source already: a
        source's customers are all different.
        """
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.CUSTOMER),
                ("res_model", "=", "saas.tenant"),
                ("res_id", "in", tenants.ids),
            ]
        )
        return tenants.browse(bindings.mapped("res_id")).partner_id


_FIELDS = ("saas_vat_key", "email_normalized", "saas_phone_key")


def get_keys(fact):
    """Return what a customer is matched by: lists of keys, by partner field."""
    country = fact.address.country_code or None
    keys = {
        "saas_vat_key": [vat_key(vat) for vat in fact.vat_numbers],
        "email_normalized": [email_key(fact.email)],
        "saas_phone_key": [phone_key(fact.phone, country)],
    }
    return {field: [v for v in values if v] for field, values in keys.items()}


class _Index:
    """Contacts by key, and the keys of customers of the same batch."""

    def __init__(self, partners, bound):
        self._none = partners.browse()
        self._bound = bound
        self._taken = set()
        self._clash = False
        self._partners = defaultdict(partners.browse)
        for partner in partners:
            for field in _FIELDS:
                if partner[field]:
                    self._partners[field, partner[field]] |= (
                        partner.commercial_partner_id
                    )

    def find(self, fact):
        """Return the contacts that share a key with the customer."""
        found = self._none
        self._clash = False
        for field, values in get_keys(fact).items():
            for value in values:
                found |= self._partners[field, value]
                self._clash |= (field, value) in self._taken
        return found

    def is_taken(self, candidates):
        """Return whether the customer last looked for, or its one candidate, is
        already another customer of the source.
        """
        return self._clash or bool(candidates & self._bound)

    def take(self, fact):
        """Remember that a customer of this batch has these keys."""
        for field, values in get_keys(fact).items():
            self._taken.update((field, value) for value in values)
