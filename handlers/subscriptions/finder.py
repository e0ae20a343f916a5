from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from ...canonical.reference import Reference
from ...canonical.subscriptions.lifecycle import Event


class SaasSubscriptionsFinder(models.AbstractModel):
    """Finds which subscription here a change is about. One here may have several ids at
    its sender, one after the other, and one more at the system that has sold it.
    """

    _name = "saas.subscriptions.finder"
    _description = "SaaS finder of subscriptions"

    def _find(self, source, items):
        """Return by item the subscription that it is about; empty where it is new.
        Items whose subscription isn't known yet wait; those that name another
        customer's are left to a person.
        """
        ids = {i.fact.subscription for i in items} | {i.fact.continues for i in items}
        bindings = self.env["saas.binding"]._find(source, Kind.SUBSCRIPTION, ids - {""})
        contracts = self._find_contracts(source, items)
        fulfilling = self._find_fulfilling(source, items)
        found, new = {}, {}
        for item in items:
            known = self._get(bindings, item.fact.subscription)
            continued = self._get(bindings, item.fact.continues)
            if not self._check(item, known, continued):
                continue
            contract = contracts.get((item.fact.contract, item.tenant))
            target = known or continued or (contract and contract.subscription_id)
            target = target or fulfilling.get((item.fact.contract, item.tenant))
            target = target or self.env["saas.subscription"]
            if not target and not self._may_begin(item, new):
                continue
            if not target:
                new[item.fact.subscription] = item
            if target and target.tenant_id._get_current() != item.tenant:
                self._refuse(item, self._describe_stranger(target))
                continue
            found[item] = target
        return found

    def _get(self, bindings, external_id):
        binding = bindings.get(external_id)
        return binding._get_record() if binding else self.env["saas.subscription"]

    def _check(self, item, known, continued):
        """Return whether what a change says of another subscription can be so."""
        fact = item.fact
        if not fact.continues:
            return True
        if not continued and not known:
            item.park(Kind.SUBSCRIPTION, fact.continues)
            return False
        if known and known != continued:
            self._refuse(
                item,
                self.env._(
                    "%(id)s can't go on as %(other)s: each is a subscription of its "
                    "own already.",
                    id=fact.continues,
                    other=fact.subscription,
                ),
            )
            return False
        return True

    def _may_begin(self, item, new):
        """Return whether a subscription that is not known may begin by an item: it is
        activated, and no other item of the batch begins it.
        """
        fact = item.fact
        if not fact.opens:
            item.park(Kind.SUBSCRIPTION, fact.subscription)
            return False
        if fact.subscription in new:
            # Facts of one customer never come in one batch: it is another one's.
            self._refuse(item, self._describe_taken(fact.subscription))
            return False
        return True

    def _describe_stranger(self, subscription):
        return self._describe_taken(subscription.external_id)

    def _describe_taken(self, external_id):
        return self.env._(
            "The subscription %s is another customer's. If the two are one customer, "
            "merge them, then retry.",
            external_id,
        )

    def _refuse(self, item, detail):
        about = str(Reference(Kind.SUBSCRIPTION, item.fact.subscription))
        item.quarantine(Reason.NOT_ALLOWED, detail, about=about)

    def _find_contracts(self, source, items):
        """Return the contracts that activations fulfil, by their ids and tenants. Any
        system of the company may have sold them, to that customer.
        """
        refs = {item.fact.contract for item in items} - {""}
        if not refs:
            return {}
        contracts = self.env["saas.contract"].search(
            [
                ("company_id", "=", source.company_id.id),
                ("external_id", "in", list(refs)),
                ("tenant_id", "in", [item.tenant.id for item in items]),
            ],
            order="id desc",
        )
        return {(each.external_id, each.tenant_id): each for each in contracts}

    def _find_fulfilling(self, source, items):
        """Return the subscriptions that were activated before the contract that they
        fulfil was told, by the contracts' ids and their tenants.
        """
        agreed = [item for item in items if item.fact.change == Event.AGREED]
        if not agreed:
            return {}
        subscriptions = self.env["saas.subscription"].search(
            [
                ("company_id", "=", source.company_id.id),
                ("contract_ref", "in", [item.fact.contract for item in agreed]),
                ("tenant_id", "in", [item.tenant.id for item in agreed]),
            ],
            order="id desc",
        )
        return {(each.contract_ref, each.tenant_id): each for each in subscriptions}

    # -- making what is found complete -------------------------------------------------

    def _complete(self, source, found):
        """Create the subscriptions that are new, and bind each id to its subscription.

        :param found: by item its subscription, which is set where it was empty.
        :return: the contracts that are named, by their ids and tenants.
        """
        fresh = [item for item, subscription in found.items() if not subscription]
        created = self.env["saas.subscription"].create(
            [
                {
                    "source_id": source.id,
                    "external_id": item.fact.subscription,
                    "tenant_id": item.tenant.id,
                    "state": "none",
                    "contract_ref": item.fact.contract or False,
                    "tz": source.tz,
                }
                for item in fresh
            ]
        )
        found |= zip(fresh, created, strict=True)
        for item in fresh:
            item.log(Action.SUBSCRIPTION_CREATED, found[item], item.fact.subscription)
        self._bind(source, {i.fact.subscription: (i, s) for i, s in found.items()})
        return self._link_contracts(source, found)

    def _bind(self, source, parts):
        """Bind ids to their subscriptions, where they are not.

        :param parts: by id, an item and its subscription.
        """
        bindings = self.env["saas.binding"]
        known = bindings._find(source, Kind.SUBSCRIPTION, parts)
        new = {ref: pair for ref, pair in parts.items() if ref not in known}
        bindings.create(
            [
                bindings._prepare_vals(source, Kind.SUBSCRIPTION, ref, subscription)
                for ref, (_item, subscription) in new.items()
            ]
        )
        for ref, (item, subscription) in new.items():
            if subscription.external_id != ref:
                item.log(Action.SUBSCRIPTION_CONTINUED, subscription, ref)

    def _link_contracts(self, source, found):
        """Note which subscription fulfils a contract, and which contract a subscription
        was sold by.
        """
        contracts = self._find_contracts(source, list(found))
        for item, subscription in found.items():
            if not item.fact.contract:
                continue
            if not subscription.contract_ref:
                subscription.contract_ref = item.fact.contract
            contract = contracts.get((item.fact.contract, item.tenant))
            if contract and not contract.subscription_id:
                contract.subscription_id = subscription
        return contracts
