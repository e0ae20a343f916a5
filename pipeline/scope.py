from odoo import models

from ..canonical.errors import Park, Quarantine, Unauthentic
from ..canonical.kinds import Kind
from ..canonical.reasons import Reason
from ..canonical.reference import Reference


class SaasScope(models.AbstractModel):
    """Holds events to the scope of the secret that let them in. What is told beyond it
    is stored all the same, and ends as ``not_owner``.

    The scope is kept with the delivery, so that it holds when the secret is gone. While
    the secret is there, what it says now counts: widen it, and retry.
    """

    _name = "saas.scope"
    _description = "SaaS scope of secrets"

    # -- a request comes in -----------------------------------------------------

    def _find(self, source, inbound):
        """Return the scopes of the secrets that a verified request was made with: a
        list of what :meth:`_get_scope` of a secret returns. It is empty where nothing
        limits one of them.
        """
        adapter = source._get_adapter()
        if not adapter._has_scopes:
            return []
        secrets = source.sudo().secret_ids
        if not any(secret._get_scope() for secret in secrets):
            return []
        values = self.env["saas.vault"]._get(secrets)
        valid = set(source._get_valid_secrets())
        scopes = [
            secret._get_scope()
            for secret in secrets
            if values.get(secret.id) in valid
            and self._is_made_with(source, adapter, values[secret.id], inbound)
        ]
        return [] if None in scopes else scopes

    def _is_made_with(self, source, adapter, value, inbound):
        try:
            adapter._verify_request([value], inbound, source.signature_tolerance)
        except Unauthentic:
            return False
        return True

    def _keep(self, events, scopes):
        """Keep the scopes with the delivery that brought new events."""
        if scopes:
            events.sudo().delivery_id.scopes = scopes

    # -- its events are processed -------------------------------------------------

    def _check(self, source, events, items, failed):
        """Leave to a person what is told beyond the scope of its secret.

        :param items: the facts of ``events``, each with its event.
        :param dict failed: what is wrong with other events, by event; this adds to it.
        :return: the items that may be applied.
        """
        if not source._get_adapter()._has_scopes:
            return items
        scoped = events.filtered(
            lambda event: event.delivery_id.scopes and not event.accepted_once
        )
        if not scoped:
            return items
        scopes = self._get_current(scoped)
        own = [item for item in items if item.event in scoped]
        tenants = self._find_tenants(source, scoped, own)
        for event in scoped - scoped.browse(event.id for event in failed):
            error = self._find_error(event, tenants[event], scopes[event])
            if error:
                failed[event] = error
        return [item for item in items if item.event not in failed]

    def _get_current(self, events):
        """Return the scopes that count now, by event."""
        kept = {event: event.delivery_id.scopes for event in events}
        ids = {scope["secret"] for scopes in kept.values() for scope in scopes}
        secrets = self.env["saas.source.secret"].sudo().browse(ids).exists()
        now = {secret.id: secret._get_scope() for secret in secrets}
        return {
            event: [now.get(scope["secret"], scope) for scope in scopes]
            for event, scopes in kept.items()
        }

    def _find_error(self, event, tenants, scopes):
        """Return what is to become of an event that no scope allows, or None.

        :param tenants: as :meth:`_find_tenants` returns them for the event.
        """
        errors = [
            scope and self._find_excess(event, tenants, scope) for scope in scopes
        ]
        return None if None in errors else errors[0]

    def _find_excess(self, event, tenants, scope):
        """Return what is to become of an event beyond one scope; None if it isn't."""
        types = scope["types"]
        if types and not any(_covers(name, event.event_type) for name in types):
            return Quarantine(
                Reason.NOT_OWNER,
                self.env._(
                    "The secret of this event's sender does not allow it to tell "
                    "%(type)s. It may tell: %(types)s.",
                    type=event.event_type,
                    types=" ".join(types),
                ),
            )
        if not scope["tenants"]:
            return None
        for tenant, reference in tenants:
            if not tenant and reference:
                return Park(*reference)
        if tenants and all(tenant.id in scope["tenants"] for tenant, _ref in tenants):
            return None
        return Quarantine(
            Reason.NOT_OWNER,
            self.env._(
                "The secret of this event's sender does not allow it to tell of this "
                "customer."
            ),
        )

    def _find_tenants(self, source, events, items):
        """Return whose customers events tell of: for each, pairs of a tenant and, where
        that is empty, the reference that will tell. An event of nobody has none.
        """
        named = self.env["saas.tenant"]._find(
            source,
            [
                *filter(None, events.mapped("customer_ref")),
                *(ref for item in items for ref in _find_customers(item.fact)),
            ],
        )
        nobody = self.env["saas.tenant"]
        found = {
            event: [(named.get(event.customer_ref, nobody), None)]
            if event.customer_ref
            else []
            for event in events
        }
        led = []
        for item in items:
            if customers := _find_customers(item.fact):
                found[item.event] += [(named.get(r, nobody), None) for r in customers]
            elif reference := _find_lead(item.fact):
                led.append((item.event, reference))
        for kind in (Kind.PAYMENT, Kind.INVOICE):
            refs = [ref for _event, (own, ref) in led if own == kind]
            bindings = self.env["saas.binding"]._find(source, kind, refs)
            for event, (own, ref) in led:
                if own == kind:
                    bound = bindings.get(ref)
                    tenant = bound._get_tenant() if bound else nobody
                    found[event].append((tenant, (own, ref)))
        return found


def _find_customers(fact):
    """Return the ids of all customers that a fact names: also one that is merged into
    another, and one that another is a part of.
    """
    named = [fact.customer, getattr(fact, "parent", None)]
    named += sorted(getattr(fact, "customers", ()))
    if fact.kind == Kind.CUSTOMER_MERGED:
        named.append(fact.external_id)
    return [*filter(None, named)]


def _find_lead(fact):
    """Return the reference by which a fact that names no customer leads to one."""
    if payment := getattr(fact, "payment", None):
        return Reference(Kind.PAYMENT, payment)
    invoices = getattr(fact, "invoices", None) or [getattr(fact, "invoice", None)]
    return Reference(Kind.INVOICE, invoices[0]) if invoices[0] else None


def _covers(name, event_type):
    """Return whether a type of a scope covers an event's."""
    if name.endswith(".*"):
        return event_type.startswith(name[:-1])
    return event_type == name
