from odoo import models

from ...canonical.actions import Action
from ...canonical.facts import Customer
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason


class SaasCustomersPayer(models.AbstractModel):
    """Finds the tenant for money of a guest: somebody who paid without being a customer
    of the source.

    By default a contact is made of what is known of the payer, one for each name and
    e-mail. It is never matched with other contacts, because anybody can type in an
    address: a person may say later whose money it is. A source may name one contact for
    guests instead, or for those of whom nothing is known.

    A tenant of guests is bound as ``payer``.
    """

    _name = "saas.customers.payer"
    _description = "SaaS payers"

    def _ensure_tenants(self, source, items):
        """Set the tenants of items whose money belongs to no customer. What another
        fact of the same sum will tell is waited for; without a name and a contact for
        guests, a person decides.
        """
        keys = {}
        for item in items:
            payer = item.fact.payer
            if payer is None:
                self._wait(item)
            elif payer.is_known and source.guest_policy == "payer":
                keys[item] = payer.key
            elif source.guest_partner_id:
                keys[item] = f"contact {source.guest_partner_id.id}"
            else:
                self._refuse(item)
        tenants = self._get_tenants(source, keys)
        for item, key in keys.items():
            item.tenant = tenants[key]

    def _wait(self, item):
        """Let an item wait for the fact that tells who paid."""
        others = [ref for ref in item.fact.ids if ref != item.fact.external_id]
        if others:
            item.park(Kind.PAYMENT, others[0])
        else:
            self._refuse(item)

    def _refuse(self, item):
        item.quarantine(
            Reason.UNKNOWN_TENANT,
            self.env._(
                "It names no customer, too little is known of the payer, and the "
                "source has no contact for guests."
            ),
        )

    def _get_tenants(self, source, keys):
        """Return the tenants by key; those that are new are made.

        :param keys: keys by item.
        """
        bindings = self.env["saas.binding"]._find(source, Kind.PAYER, keys.values())
        tenants = {key: b._get_record() for key, b in bindings.items()}
        first = {}
        for item, key in keys.items():
            if key not in tenants:
                first.setdefault(key, item)
        if first:
            tenants |= self._create_tenants(source, first)
        return tenants

    def _create_tenants(self, source, first):
        """Create and bind tenants of guests, with their contacts.

        :param first: the first item of each key.
        """
        new = [item for key, item in first.items() if key == item.fact.payer.key]
        contacts = self._create_contacts(source, [item.fact.payer for item in new])
        partners = dict(zip(new, contacts, strict=True))
        shared = source.guest_partner_id
        known = self._find_shared(source)
        tenants = self.env["saas.tenant"].create(
            [
                {
                    "name": partner.name,
                    "company_id": source.company_id.id,
                    "partner_id": partner.id,
                    "is_guest": True,
                }
                for item in first.values()
                for partner in [partners.get(item, shared)]
                if item in partners or not known
            ]
        )
        created = iter(tenants)
        tenants = [
            next(created) if item in partners or not known else known
            for item in first.values()
        ]
        bindings = self.env["saas.binding"]
        bindings.create(
            [
                bindings._prepare_vals(source, Kind.PAYER, key, tenant)
                for key, tenant in zip(first, tenants, strict=True)
            ]
        )
        for item, tenant in zip(first.values(), tenants, strict=True):
            item.log(Action.PAYER_CREATED, tenant)
        return dict(zip(first, tenants, strict=True))

    def _find_shared(self, source):
        """Return the tenant of guests that another source has made of the contact for
        guests; empty if none has.
        """
        contact = source.guest_partner_id.commercial_partner_id
        return (
            self.env["saas.tenant"]
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", source.company_id.id),
                    ("partner_id", "=", contact.id),
                    ("is_guest", "=", True),
                    ("merged_into_id", "=", False),
                ]
            )
        )

    def _create_contacts(self, source, payers):
        """Return new contacts made of what is known of payers, in order."""
        facts = [self._get_customer(payer) for payer in payers]
        prepare = self.env["saas.customers.partner_values"]._prepare_partner_vals_list
        return self.env["res.partner"].create(
            [{**vals, "company_id": source.company_id.id} for vals in prepare(facts)]
        )

    def _get_customer(self, payer):
        """Return what is known of a payer, as that of a customer."""
        return Customer(
            external_id=payer.key,
            name=payer.name.strip(),
            email=payer.email.strip(),
            phone=payer.phone,
            address=payer.address,
            stub=True,
        )
