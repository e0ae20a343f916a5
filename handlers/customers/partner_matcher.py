from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ...canonical.identity import (
    domain_key,
    email_key,
    name_key,
    phone_key,
    registration_key,
    vat_keys,
)
from ...canonical.kinds import Kind

#: What proves who a customer is, the better proof first: word and contact's field.
_STRONG = {"vat": "saas_vat_key", "registration": "saas_registration_key"}
#: What only makes it likely, the likelier first.
_WEAK = {
    "email": "email_normalized",
    "phone": "saas_phone_key",
    "domain": "saas_domain_key",
    "name": "saas_name_key",
}
#: A key that more contacts have tells nothing.
_MOST = 5
#: So many contacts with one key are looked at: a company has many people.
_DEPTH = 100


class Candidate(NamedTuple):
    """Whom a customer could be: a contact, or another new customer of its batch."""

    partner: object
    customer: str = ""


@dataclass
class Match:
    """What a customer's keys say: ``tenant`` or ``partner`` if it is known, and else
    who it could be, as words by :class:`Candidate`. ``clash`` is how many contacts
    share a key that can be one's alone: only a person can tell them apart. Of whom is
    known already, or is left to a person, ``proposals`` are all that the keys say.
    """

    tenant: object = None
    partner: object = None
    clash: int = 0
    proposals: dict = field(default_factory=dict)


class SaasCustomersPartnerMatcher(models.AbstractModel):
    """Finds the contacts that a customer could be, for many customers at once."""

    _name = "saas.customers.partner_matcher"
    _description = "SaaS partner matcher"

    def _index(self, source, facts):
        """Return an index of the contacts that share a key with one of ``facts``."""
        found = self._search_partners(source, [get_keys(fact) for fact in facts])
        partners = self.env["res.partner"].browse(
            {id_ for ids in found.values() for id_ in ids}
        )
        tenants = self.env["saas.tenant"]._find_of_partners(source.company_id, partners)
        # What a guest typed in proves nothing about who a customer is.
        guests = {partner for partner, tenant in tenants.items() if tenant.is_guest}
        # A contact that was merged with another one's tenant is that contact.
        stands = {
            partner.id: tenants[partner].partner_id if partner in tenants else partner
            for partner in partners
            if partner not in guests
        }
        index = Index(source.match_policy, self._get_bound_partners(source, tenants))
        for key, ids in found.items():
            index.add(key, [stands[id_] for id_ in ids if id_ in stands])
        return index

    def _search_partners(self, source, keys):
        """Return the ids of contacts of the source's company that have one of the keys,
        by field and key. A company stands for those who are at it; one that belongs to
        another of our companies is not of this one.

        This is SQL because all keys are looked up at once, each by its index, and a key
        that very many have must cost no more than another.
        """
        wanted = defaultdict(set)
        for own in keys:
            for field_name, values in own.items():
                wanted[field_name].update(values)
        parts = [
            self._prepare_query(source.company_id, field_name, sorted(values))
            for field_name, values in wanted.items()
            if values
        ]
        if not parts:
            return {}
        self.env["res.partner"].flush_model()
        self.env.cr.execute(SQL(" UNION ALL ").join(parts))
        return {(name, key): ids for name, key, ids in self.env.cr.fetchall() if ids}

    def _prepare_query(self, company, field_name, values):
        return SQL(
            """SELECT %(name)s, keys.key, ARRAY(
                   SELECT DISTINCT top.id
                     FROM (SELECT partner.commercial_partner_id
                             FROM res_partner partner
                            WHERE partner.%(column)s = keys.key
                              AND partner.active
                              AND (partner.company_id IS NULL
                                   OR partner.company_id = %(company)s)
                            LIMIT %(depth)s) hit
                     JOIN res_partner top ON top.id = hit.commercial_partner_id
                    WHERE top.company_id IS NULL OR top.company_id = %(company)s
                    LIMIT %(most)s)
                 FROM unnest(%(values)s::text[]) keys(key)""",
            name=field_name,
            column=SQL.identifier(field_name),
            company=company.id,
            depth=_DEPTH,
            most=_MOST + 1,
            values=values,
        )

    def _get_bound_partners(self, source, tenants):
        """Return the contacts of tenants that are customers of this source already: a
        source's customers are all different, unless a person or an id says otherwise.
        """
        every = self.env["saas.tenant"].union(*tenants.values())
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.CUSTOMER),
                ("res_model", "=", "saas.tenant"),
                ("res_id", "in", every.ids),
            ]
        )
        return every.browse(bindings.mapped("res_id")).partner_id


def get_keys(fact):
    """Return what a customer is matched by: lists of keys, by the contact's field."""
    country = fact.address.country_code or None
    keys = {
        "saas_vat_key": [
            key for vat in fact.vat_numbers for key, _country in vat_keys(vat, country)
        ],
        "saas_registration_key": [registration_key(fact.registration_number, country)],
        "email_normalized": [email_key(fact.email)],
        "saas_phone_key": [phone_key(fact.phone, country)],
        "saas_domain_key": [domain_key(fact.email)],
        "saas_name_key": [name_key(fact.name)],
    }
    return {name: [v for v in values if v] for name, values in keys.items()}


class Index:
    """Contacts by key, those that are taken, and the keys of customers of the same
    batch.
    """

    def __init__(self, policy, bound):
        self._policy = policy
        self._taken = {Candidate(partner) for partner in bound}
        self._known = defaultdict(dict)

    def add(self, key, partners):
        """Note contacts that have a key."""
        self._known[key].update(dict.fromkeys(map(Candidate, partners)))

    def find(self, fact):
        """Return the contacts that share a key with the customer, the likelier first:
        what is shown to a person.
        """
        found = {}
        for word in (*_STRONG, *_WEAK):
            found.update(dict.fromkeys(self._get(word, fact)))
        partners = [c.partner for c in found if c.partner]
        return partners[0].union(*partners) if partners else None

    def tell_shared(self, fact):
        """Return by contact the words of the keys that it shares with the customer:
        what tells it from the other candidates.
        """
        shared = {}
        for word in (*_STRONG, *_WEAK):
            for candidate in self._get(word, fact):
                if candidate.partner:
                    shared.setdefault(candidate.partner, []).append(word)
        return shared

    def weigh(self, fact, own=None):
        """Return what the customer's keys say, as a :class:`Match`.

        :param own: the contact of a customer who is known, which is no news.
        """
        for word in _STRONG:
            found = [c for c in self._get(word, fact) if not own or c.partner != own]
            free = [c for c in found if c not in self._taken and c.partner]
            proposals = dict.fromkeys(found, word)
            if free and len(found) > 1:
                return Match(clash=len(found), proposals=proposals)
            if free:
                return Match(partner=free[0].partner, proposals=proposals)
            if found:
                return Match(proposals=proposals)
        return self._weigh_weak(fact, own)

    def _weigh_weak(self, fact, own):
        """Return what those keys say that prove nothing."""
        match = Match()
        if self._policy == "never":
            return match
        for word in _WEAK:
            found = self._get(word, fact)
            if len(found) > _MOST:
                continue
            found = [c for c in found if not own or c.partner != own]
            if word == "email" and self._policy == "email" and len(found) == 1:
                [only] = found
                if only not in self._taken and only.partner:
                    if not self._contradicts(fact, only.partner):
                        proposals = {only: word}
                        return Match(partner=only.partner, proposals=proposals)
            for candidate in found:
                match.proposals.setdefault(candidate, word)
        return match

    def take(self, fact, partner):
        """Remember whom a customer of this batch is: a contact, or a new one."""
        own = Candidate(partner) if partner else Candidate(None, fact.external_id)
        self._taken.add(own)
        for name, values in get_keys(fact).items():
            for value in values:
                self._known[name, value][own] = None

    def _get(self, word, fact):
        """Return the candidates that share a key with the customer."""
        name = _STRONG.get(word) or _WEAK[word]
        if word != "vat":
            return list(
                dict.fromkeys(
                    candidate
                    for value in get_keys(fact)[name]
                    for candidate in self._known.get((name, value), ())
                )
            )
        country = fact.address.country_code or None
        return list(
            dict.fromkeys(
                candidate
                for vat in fact.vat_numbers
                for key, needed in vat_keys(vat, country)
                for candidate in self._known.get((name, key), ())
                if not candidate.partner
                or needed is None
                or needed == candidate.partner.country_id.code
            )
        )

    def _contradicts(self, fact, partner):
        """Return whether a contact has another VAT number than the customer."""
        numbers = get_keys(fact)["saas_vat_key"]
        return bool(
            numbers and partner.saas_vat_key and partner.saas_vat_key not in numbers
        )
