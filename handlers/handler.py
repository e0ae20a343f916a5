from odoo import models

from ..canonical.kinds import Kind
from ..canonical.reasons import Reason

#: The kinds of facts that add to the timelines of subscriptions.
_OF_TIMELINES = (Kind.SUBSCRIPTION_CHANGE, Kind.CONTRACT)


class SaasHandler(models.AbstractModel):
    """Brings Odoo's records to the state that facts of one kind state.

    A handler makes only the difference between a fact and what is bound, so facts may
    come twice, late and in any order. It takes many at a time. It tells the item what
    it can't decide, before it writes. When it raises an error, its work is rolled back,
    and the batch is halved until the item to blame is alone. It computes what is to be
    booked, and asks the ledger to book it.

    ``saas.handler.<kind>`` applies facts of that kind. A helper of several handlers is
    ``saas.<area>.<file>``.
    """

    _name = "saas.handler"
    _description = "SaaS handler"

    def _apply(self, source, items):
        """Apply ``items``, whose facts are all of this handler's kind.

        :param items: objects with ``event`` and ``fact``; the handler sets their
            ``tenant`` and calls their ``quarantine``, ``park`` and ``log``.
        """
        raise NotImplementedError

    def _find_tenants(self, source, items):
        """Set the tenants of items. An item whose customer isn't known yet waits; an
        item that names no customer is left to a person, unless a person has said
        whose it is.
        """
        items = [item for item in items if not item.tenant]
        tenants = self.env["saas.tenant"]._find(
            source, [item.fact.customer for item in items if item.fact.customer]
        )
        for item in items:
            if not item.fact.customer:
                item.quarantine(
                    Reason.UNKNOWN_TENANT, self.env._("The object names no customer.")
                )
            elif item.fact.customer in tenants:
                item.tenant = tenants[item.fact.customer]
            else:
                item.park(Kind.CUSTOMER, item.fact.customer)

    def _create_mirrors(
        self, source, model, items, prepare_vals, get_binding_vals=lambda fact: {}
    ):
        """Create and bind the records of new objects; return them by item.

        :param model: the records' model, with ``source_id`` and ``external_id``.
        :param items: items whose objects are not bound yet, each object once.
        :param prepare_vals: a function from an item to the record's further values.
        :param get_binding_vals: a function from a fact to its binding's further values.
        """
        records = self.env[model].create(
            [
                {
                    "source_id": source.id,
                    "external_id": item.fact.external_id,
                    **prepare_vals(item),
                }
                for item in items
            ]
        )
        bindings = self.env["saas.binding"]
        bindings.create(
            [
                bindings._prepare_vals(
                    source,
                    item.fact.kind,
                    item.fact.external_id,
                    record,
                    **get_binding_vals(item.fact),
                )
                for item, record in zip(items, records, strict=True)
            ]
        )
        return dict(zip(items, records, strict=True))

    def _conclude(self, source, arrived, items=()):
        """Compare what a batch has made known with the clearing account, count the
        usage that has waited for it, bring what is at risk up to date, and tell what
        was booked to those who are to know.

        :param arrived: pairs of kind and external id, as facts name them.
        :param items: all items of the batch; none where a person decided, who books
            nothing by that.
        """
        self.env["saas.clearing.proof"]._refresh(source, arrived)
        self.env["saas.usage.intake"]._free_arrived(source, arrived, items)
        self.env["saas.subscription.change"]._follow_events(
            self.env["saas.tenant"].union(
                *(i.tenant for i in items if i.fact.kind in _OF_TIMELINES and i.tenant)
            )
        )
        self.env["saas.handler.risk"]._follow(source, items)
        self.env["saas.outbox"]._tell(source, items)
