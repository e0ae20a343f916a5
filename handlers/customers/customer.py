from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from ...canonical.reference import Reference
from .partner_matcher import Match

#: The ranks of an id that its source has deleted, and of one that it has merged.
_DELETED, MERGED = 1, 2


class SaasHandlerCustomer(models.AbstractModel):
    """Handles customers, who become tenants: each contact is one, whatever many systems
    call it.

    A customer is matched by its binding, then by an id that it has in another system,
    by VAT number, and by the number in its country's register. An e-mail, a phone
    number, a domain and a name prove nothing: the customer is a tenant of its own at
    once, and a person is asked whether it is another one. Only where two contacts share
    what proves it, the customer waits.
    """

    _name = "saas.handler.customer"
    _inherit = "saas.handler"
    _description = "SaaS customer handler"

    def _apply(self, source, items):
        known = self._ensure_tenants(source, [(item, item.fact) for item in items])
        items = [item for item in items if not item.error]
        bindings = self.env["saas.binding"]._find(
            source, Kind.CUSTOMER, [item.fact.external_id for item in items]
        )
        newer = [i for i in items if self._is_newer(i, bindings[i.fact.external_id])]
        self.env["saas.customers.proposals"]._propose_known(
            source,
            [
                (item, item.tenant, item.fact)
                for item in newer
                if item.fact.external_id in known
                and _has_new_keys(item.fact, item.tenant, known[item.fact.external_id])
            ],
        )
        self._update(newer, bindings)
        self.env["saas.customers.listed_numbers"]._keep_numbers(source, newer)
        self.env["saas.customers.parents"]._update(source, items)
        self.env["saas.customers.aliases"]._keep(source, newer)
        self._ask_for_credit(source, items)

    def _is_newer(self, item, binding):
        """Return whether a snapshot is the newest, and news. That of a deletion
        archives the tenant for good, unless it has another id, and says nothing of the
        contact: it may have no more than the id. Nor does that of an id which was
        merged with another.
        """
        fact, tenant = item.fact, item.tenant
        if fact.deleted:
            if binding.rank < _DELETED:
                binding.rank = _DELETED
                if tenant._get_other_ids(binding):
                    item.log(Action.CUSTOMER_DELETED, tenant, fact.external_id)
                else:
                    tenant.active = False
                    item.log(Action.TENANT_ARCHIVED, tenant)
            return False
        if binding.rank == MERGED or fact.version < (binding.version or ""):
            item.log(Action.CUSTOMER_SUPERSEDED, tenant)
            return False
        if fact.version > (binding.version or ""):
            binding.version = fact.version
            return True
        if item.is_accepted:
            numbers = self.env["saas.handler.tax_id"]._get_numbers(tenant)
            self.env["saas.customers.field_owner"]._accept(item, bool(numbers))
        return False

    def _update(self, items, bindings):
        """Bring tenants to the newest snapshots. If their tax numbers are known as
        objects of their own, these decide.
        """
        tenants = self.env["saas.tenant"].union(*(item.tenant for item in items))
        numbers = self.env["saas.handler.tax_id"]._get_numbers(tenants)
        currencies = self._get_currencies(item.fact for item in items)
        for item in items:
            self.env["saas.customers.field_owner"]._update(
                item,
                bindings[item.fact.external_id],
                currencies[item.fact.currency],
                item.tenant in numbers,
            )

    def _get_currencies(self, facts):
        """Return the currencies of customers by code; empty where there is none."""
        codes = {fact.currency for fact in facts}
        found = self.env["saas.customers.partner_values"]._get_currencies(
            codes - {None}
        )
        return {code: found.get(code, self.env["res.currency"]) for code in codes}

    def _ensure_tenants(self, source, parties):
        """Match or create the tenants of customers, and set them on their items.

        :param parties: pairs of an item and the customer fact it is about, which
            for an invoice is its party. Items nobody can decide are quarantined.
        :return: the bindings of those that were known before, by external id.
        """
        bindings = self.env["saas.binding"]._find(
            source, Kind.CUSTOMER, [fact.external_id for _item, fact in parties]
        )
        new = {f.external_id: f for _i, f in parties if f.external_id not in bindings}
        if new:
            self._choose_tenants(source, parties, new)
        tenants = self.env["saas.tenant"]._get_bound(bindings)
        tenants |= self.env["saas.tenant"]._find(source, new)
        for item, fact in parties:
            if not item.error:
                item.tenant = tenants[fact.external_id]
        self._fill_vat(parties)
        return bindings

    def _choose_tenants(self, source, parties, new):
        """Match or create the tenants of customers that are not known yet.

        :param new: these customers' facts, by external id.
        """
        linked = self.env["saas.customers.aliases"]._find_linked(source, new.values())
        matcher = self.env["saas.customers.partner_matcher"]._index(
            source, [fact for ref, fact in new.items() if ref not in linked]
        )
        chosen = {}
        for item, fact in parties:
            if fact.external_id not in new or fact.external_id in chosen:
                continue
            if fact.deleted and not fact.is_named:
                # An invoice may still name the customer, or a person.
                item.park(Kind.CUSTOMER, fact.external_id)
                continue
            match = self._weigh(matcher, linked, fact)
            if match.clash:
                item.quarantine(
                    Reason.DUPLICATE_CUSTOMER,
                    self.env._(
                        "%s contacts share what proves who the customer is: an id of "
                        "another system, the VAT number or the registration number.",
                        match.clash,
                    ),
                    about=str(Reference(Kind.CUSTOMER, fact.external_id)),
                )
                continue
            if not match.tenant:
                matcher.take(fact, match.partner)
            chosen[fact.external_id] = (item, fact, match)
        self.env["saas.customers.tenants"]._create(source, list(chosen.values()))

    def _weigh(self, matcher, linked, fact):
        tenants = linked.get(fact.external_id)
        if not tenants:
            return matcher.weigh(fact)
        if len(tenants) > 1:
            return Match(clash=len(tenants))
        return Match(tenant=tenants)

    def _ask_for_credit(self, source, items):
        """Have the changes of customers' credit read: no event tells of a change that
        was made by hand. Without an API key nothing can be read.
        """
        changed = [item for item in items if item.fact.credit_changed]
        if not changed or not source._has_api_key():
            return
        for customer in sorted({item.fact.external_id for item in changed}):
            source._enqueue_read(Kind.CREDIT_CHANGE, customer=customer)
        for item in changed:
            item.log(Action.CREDIT_ASKED_FOR, item.tenant)

    def _fill_vat(self, parties):
        """Give contacts without a VAT number the one that their invoice names, if the
        source never stated one: the customer's own events may not hold it.
        """
        stubs = [
            (item, fact)
            for item, fact in parties
            if fact.stub and fact.vat_numbers and not item.error
        ]
        if not stubs:
            return
        tenants = self.env["saas.tenant"].union(*(item.tenant for item, _f in stubs))
        tenants.partner_id.fetch(["vat"])
        wanting = tenants.filtered(lambda tenant: not tenant.partner_id.vat)
        wanting.fetch(["synced_values"])
        wanting -= wanting.browse(
            tenant.id
            for tenant in self.env["saas.handler.tax_id"]._get_numbers(wanting)
        )
        for item, fact in stubs:
            tenant, vat = item.tenant, fact.vat_numbers[0]
            if tenant not in wanting:
                continue
            synced = tenant.synced_values or {}
            if not synced.get("vat"):
                tenant.partner_id.vat = vat
                tenant.synced_values = {**synced, "vat": vat}

    def _find_candidates(self, source, fact):
        """Return the contacts that could be the customer ``fact`` tells of."""
        index = self.env["saas.customers.partner_matcher"]._index(source, [fact])
        return index.find(fact) or self.env["res.partner"]

    def _bind_customer(self, source, fact, partner, tenant):
        """Bind a customer as a person decided: to ``tenant``, or to the tenant of
        ``partner``, or to a new contact where both are empty.
        """
        [tenant] = self.env["saas.customers.tenants"]._bind(
            source, fact, Match(tenant=tenant._get_current(), partner=partner)
        )
        self.env["saas.sync.log"]._append(
            [
                {
                    "source_id": source.id,
                    "action": Action.CUSTOMER_CHOSEN.value,
                    "res_model": tenant._name,
                    "res_id": tenant.id,
                    "detail": fact.external_id,
                }
            ]
        )
        events = self.env["saas.subscription.event"]
        events._release(source, fact.arrivals)
        events._free_duplicates(source.company_id)
        return tenant


def _has_new_keys(fact, tenant, binding):
    """Return whether a snapshot names anything that the customer can be found by, and
    that was not known before.
    """
    stated = (tenant.stated_values or {}).get(str(binding.id), {})
    known = stated.get("values", {})
    names = ("name", "email", "phone")
    return (
        any((getattr(fact, n) or False) != (known.get(n) or False) for n in names)
        or any(vat != known.get("vat") for vat in fact.vat_numbers)
        or fact.registration_number != (known.get("company_registry") or "")
    )
