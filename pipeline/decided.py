from odoo import models

from ..canonical.actions import Action
from ..canonical.errors import Ignore
from ..canonical.kinds import Kind
from ..canonical.reasons import Reason
from ..canonical.reference import Reference

#: Facts whose object is kept under another kind.
_KEPT_AS = {Kind.INVOICE_OPENING: Kind.INVOICE}
#: What is mirrored whatever was decided: its handler books nothing then.
_MIRRORED = (Kind.DISPUTE, Kind.PAYOUT, Kind.MOVEMENT)
#: Facts that give back, or take away, what another object has brought: that object's
#: kind, and the name of the field with its id.
_PARENTS = {
    Kind.CREDIT_NOTE: (Kind.INVOICE, "invoice"),
    Kind.PAYMENT_FAILURE: (Kind.PAYMENT, "payment"),
    Kind.REFUND: (Kind.PAYMENT, "payment"),
    Kind.DISPUTE: (Kind.PAYMENT, "payment"),
}


class SaasDecided(models.AbstractModel):
    """Holds facts against what people decided about their objects. This is the one
    place where a decision is heeded; handlers find it as the item's ``decision``.
    """

    _name = "saas.decided"
    _description = "SaaS decided objects"

    def _read(self, source, items):
        """Set the decision of each item, and return the decisions about what these
        items belong to, by reference.
        """
        refs = [_get_reference(item.fact) for item in items]
        parents = self._find_parents(source, items)
        found = self.env["saas.resolution"]._find(source, [*refs, *parents.values()])
        if not found:
            return {}
        for item in items:
            item.decision = found.get(_get_reference(item.fact))
        return {parent: found[ref] for parent, ref in parents.items() if ref in found}

    def _find_parents(self, source, items):
        """Return the references that decisions about the items' parents are kept under,
        by the references that facts name. A payment is named by any of its ids, and
        its decision kept under the main one.
        """
        parents = set(filter(None, (_get_parent(item.fact) for item in items)))
        payments = [ref for kind, ref in parents if kind == Kind.PAYMENT]
        bound = {}
        if payments:
            bound = self.env["saas.binding"]._find(source, Kind.PAYMENT, payments)
        return {
            parent: Reference(
                parent.kind,
                bound[parent.external_id].parent_ref
                if parent.kind == Kind.PAYMENT and parent.external_id in bound
                else parent.external_id,
            )
            for parent in parents
        }

    def _heed(self, decisions, items):
        """Return the items that handlers are to apply; the others get their errors.

        :param decisions: as :meth:`_read` returned them.
        """
        decided = [item for item in items if item.decision]
        if not decisions and not decided:
            return items
        self._bind_ids([i for i in decided if i.fact.kind == Kind.PAYMENT])
        for item in items:
            decision = item.decision
            parent = decisions.get(_get_parent(item.fact))
            if decision:
                item.tenant = decision.tenant_id._get_current() or None
                if decision.choice == "nothing" and item.fact.kind not in _MIRRORED:
                    self._ignore(item)
            elif parent and parent.choice == "nothing":
                item.quarantine(
                    Reason.PARENT_IGNORED,
                    self.env._("It belongs to %s.", parent.external_id)
                    + f" {parent._describe()}",
                )
        return [item for item in items if not item.error]

    def _bind_ids(self, items):
        """Bind ids of payments for which nothing is booked, so that what names them
        need not wait.
        """
        items = [item for item in items if item.decision.choice == "nothing"]
        if not items:
            return
        ids = {ref: item for item in items for ref in item.fact.ids}
        bindings = self.env["saas.binding"]
        source = items[0].decision.source_id
        known = bindings._find(source, Kind.PAYMENT, ids)
        bindings.create(
            [
                bindings._prepare_vals(
                    source,
                    Kind.PAYMENT,
                    ref,
                    parent_ref=item.fact.external_id,
                    by_person=True,
                    tenant_id=item.decision.tenant_id._get_current().id,
                )
                for ref, item in ids.items()
                if ref not in known
            ]
        )

    def _conclude(self, items):
        """Ignore the items for whose objects nothing is to be booked, in sight."""
        for item in items:
            if item.decision and item.decision.choice == "nothing":
                if not isinstance(item.error, Ignore):
                    self._ignore(item)

    def _ignore(self, item):
        if not item.error:
            item.log(Action.OBJECT_IGNORED, item.decision)
        item.ignore(Reason.IGNORED_BY_PERSON, item.decision._describe())


def _get_reference(fact):
    return Reference(_KEPT_AS.get(fact.kind, fact.kind), fact.external_id)


def _get_parent(fact):
    if fact.kind not in _PARENTS:
        return None
    kind, name = _PARENTS[fact.kind]
    return Reference(kind, getattr(fact, name))
