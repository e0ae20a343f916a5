from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason

_DELETED = 1


class SaasHandlerCustomer(models.AbstractModel):
    """Handles customers, who become tenants. They are matched by binding, then by VAT
    number, e-mail and phone. If there is no single match, a person decides.
    """

    _name = "saas.handler.customer"
    _inherit = "saas.handler"
    _description = "SaaS customer handler"

    def _apply(self, source, items):
        self._ensure_tenants(source, [(item, item.fact) for item in items])
        known = [item for item in items if not item.error]
        bindings = self.env["saas.binding"]._find(
            source, Kind.CUSTOMER, [item.fact.external_id for item in known]
        )
        tenants = self.env["saas.tenant"].union(*(item.tenant for item in known))
        numbers = self.env["saas.handler.tax_id"]._get_numbers(tenants)
        currencies = self._get_currencies(item.fact for item in known)
        for item in known:
            self._update(
                item,
                bindings[item.fact.external_id],
                currencies,
                item.tenant in numbers,
            )
        self._ask_for_credit(source, known)

    def _ensure_tenants(self, source, parties):
        """Match or create the tenants of customers, and set them on their items.

        :param parties: pairs of an item and the customer fact it is about, which
            for an invoice is its party. Items nobody can decide are quarantined.
        """
        bindings = self.env["saas.binding"]._find(
            source, Kind.CUSTOMER, [fact.external_id for _item, fact in parties]
        )
        matcher = self.env["saas.customers.partner_matcher"]._index(
            source, [f for _i, f in parties if f.external_id not in bindings]
        )
        chosen = {}
        for item, fact in parties:
            if fact.external_id in bindings or fact.external_id in chosen:
                continue
            if fact.deleted and not fact.is_named:
                # An invoice may still name the customer, or a person.
                item.park(Kind.CUSTOMER, fact.external_id)
                continue
            candidates = matcher.find(fact)
            if len(candidates) > 1 or matcher.is_taken(candidates):
                item.quarantine(
                    Reason.DUPLICATE_CUSTOMER,
                    self.env._(
                        "%s contacts share the customer's VAT number, e-mail or phone.",
                        max(len(candidates), 1),
                    ),
                )
                continue
            matcher.take(fact)
            chosen[fact.external_id] = (item, fact, candidates)
        self._create_tenants(source, chosen.values())
        tenants = self.env["saas.tenant"]._find(
            source, [f.external_id for _i, f in parties]
        )
        for item, fact in parties:
            if not item.error:
                item.tenant = tenants[fact.external_id]
        self._fill_vat(parties)

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

    def _create_tenants(self, source, chosen):
        """Create tenants and bindings, and the partners of those not matched."""
        chosen = list(chosen)
        geo = self.env["saas.customers.partner_values"]
        currencies = self._get_currencies(fact for _i, fact, _c in chosen)
        values = geo._prepare_partner_vals_list([fact for _i, fact, _c in chosen])
        new = [
            vals
            for vals, (_i, _f, partner) in zip(values, chosen, strict=True)
            if not partner
        ]
        created = iter(
            self.env["res.partner"].create(
                [{**vals, "company_id": source.company_id.id} for vals in new]
            )
        )
        partners = [partner or next(created) for _i, _f, partner in chosen]
        tenants = self.env["saas.tenant"].create(
            [
                {
                    "name": partner.name,
                    "ref": fact.external_id,
                    "company_id": source.company_id.id,
                    "partner_id": partner.id,
                    "currency_id": currencies[fact.currency].id,
                    "synced_values": {} if matched else vals,
                }
                for partner, vals, (_i, fact, matched) in zip(
                    partners, values, chosen, strict=True
                )
            ]
        )
        self.env["saas.binding"].create(
            [
                self.env["saas.binding"]._prepare_vals(
                    source, Kind.CUSTOMER, fact.external_id, tenant
                )
                for tenant, (_i, fact, _c) in zip(tenants, chosen, strict=True)
            ]
        )
        for tenant, (item, _f, matched) in zip(tenants, chosen, strict=True):
            item.log(
                Action.TENANT_MATCHED if matched else Action.TENANT_CREATED, tenant
            )

    def _get_currencies(self, facts):
        """Return the currencies of customers by code; empty where there is none."""
        codes = {fact.currency for fact in facts}
        found = self.env["saas.customers.partner_values"]._get_currencies(
            codes - {None}
        )
        return {code: found.get(code, self.env["res.currency"]) for code in codes}

    def _update(self, item, binding, currencies, has_numbers):
        """Bring a tenant to the newest snapshot. The snapshot of a deletion archives it
        for good, unless it has another id, and says nothing of the contact: it may have
        no more than the id.

        :param has_numbers: whether tax numbers of the tenant are known as objects of
            their own: these decide then. A snapshot without numbers says nothing.
        """
        fact, tenant = item.fact, item.tenant
        if fact.deleted:
            if binding.rank < _DELETED:
                binding.rank = _DELETED
                if tenant._get_other_ids(fact.external_id):
                    item.log(Action.CUSTOMER_DELETED, tenant, fact.external_id)
                else:
                    tenant.active = False
                    item.log(Action.TENANT_ARCHIVED, tenant)
            return
        if fact.version < (binding.version or ""):
            item.log(Action.CUSTOMER_SUPERSEDED, tenant)
            return
        if fact.version == (binding.version or ""):
            return
        binding.version = fact.version
        [vals] = self.env["saas.customers.partner_values"]._prepare_partner_vals_list(
            [fact]
        )
        kept_vat = {}
        if has_numbers or not fact.vat_numbers:
            del vals["vat"]
            kept_vat = {"vat": (tenant.synced_values or {}).get("vat") or False}
        kept = self._update_partner(tenant, vals)
        tenant.write(
            {
                "name": tenant.partner_id.name,
                "synced_values": {**vals, **kept_vat},
                "tax_exempt": fact.tax_exempt or tenant.tax_exempt,
                "currency_id": (currencies[fact.currency] or tenant.currency_id).id,
            }
        )
        item.log(
            Action.TENANT_UPDATED,
            tenant,
            self.env._("Kept as edited in Odoo: %s.", ", ".join(sorted(kept)))
            if kept
            else None,
        )

    def _update_partner(self, tenant, vals):
        """Write the fields of a contact that the source owns. Return the fields that
        are kept because somebody has edited them here.
        """
        partner, synced = tenant.partner_id, tenant.synced_values or {}
        changes, kept = {}, []
        for field, value in vals.items():
            current = partner[field]
            current = current.id if field.endswith("_id") else current
            if (current or False) == (value or False):
                continue
            if not current or current == synced.get(field):
                changes[field] = value
            else:
                kept.append(field)
        if changes:
            partner.write(changes)
        return kept

    def _find_candidates(self, source, fact):
        """Return the contacts that could be the customer ``fact`` tells of."""
        return (
            self.env["saas.customers.partner_matcher"]._index(source, [fact]).find(fact)
        )

    def _bind_customer(self, source, fact, partner, tenant):
        """Bind a customer as a person decided: to ``tenant``, or to a new tenant
        of ``partner``, or to a new contact where both are empty.
        """
        vals_list = self.env[
            "saas.customers.partner_values"
        ]._prepare_partner_vals_list([fact])
        if not tenant:
            if not partner:
                partner = self.env["res.partner"].create(
                    {**vals_list[0], "company_id": source.company_id.id}
                )
            tenant = self.env["saas.tenant"].create(
                {
                    "name": partner.name,
                    "ref": fact.external_id,
                    "company_id": source.company_id.id,
                    "partner_id": partner.id,
                }
            )
        if not tenant.active and not fact.deleted:
            # Its other ids were deleted at the source.
            tenant.active = True
        self.env["saas.binding"].create(
            self.env["saas.binding"]._prepare_vals(
                source, Kind.CUSTOMER, fact.external_id, tenant
            )
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
        self.env["saas.subscription.event"]._release(source, fact.arrivals)
        return tenant
