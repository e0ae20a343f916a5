from odoo import models

from ..canonical.border.ownership import BOOKING_KINDS, OWNED_AS, Rule
from ..canonical.errors import Ignore
from ..canonical.kinds import Kind
from ..canonical.reasons import Reason

#: The documents that Odoo issues for a tenant whom it bills.
_ISSUED = (Kind.INVOICE, Kind.CREDIT_NOTE)


class SaasOwned(models.AbstractModel):
    """Holds facts against who owns their kind. This is the one place where a fact of
    another than the owner is refused; which fields of a customer count is its handler's
    part, by the item's ``ownership``.
    """

    _name = "saas.owned"
    _description = "SaaS owned facts"

    def _heed(self, source, items):
        """Return the items that handlers are to apply; the others get their errors. The
        rules are read once for all of them.

        What a person accepted or decided is applied. So is what names the owner's own
        object: it is a reference to what the owner says.
        """
        rules = self.env["saas.ownership"]._read_rules(source.company_id)
        if rules.bills:
            items = self._leave_billed(source, items)
        if rules.is_plain:
            return items
        for item in items:
            item.ownership = rules
            kind = OWNED_AS.get(item.fact.kind)
            if kind in (None, Kind.CUSTOMER) or item.decision or item.is_accepted:
                continue
            if getattr(item.fact, "gateway_ref", None):
                continue
            verdict = rules.find(source.id, kind)
            # A source's own mirrors stand beside those of others, unless refused.
            is_mirror = kind not in BOOKING_KINDS and verdict.rule == Rule.FILL
            if not verdict.is_owner and not is_mirror:
                item.fail(self._refuse(source, item.fact, kind, verdict))
        return [item for item in items if not item.error]

    def _leave_billed(self, source, items):
        """Refuse documents of tenants whose invoices Odoo issues, and return the other
        items. What was booked before the tenant was Odoo's to bill is still followed,
        with its credit notes.
        """
        documents = [
            item
            for item in items
            if item.fact.kind in _ISSUED and not (item.decision or item.is_accepted)
        ]
        customers = {_get_customer(item.fact) for item in documents} - {None}
        tenants = self.env["saas.tenant"]._find(source, customers) if customers else {}
        billed = {ref for ref, t in tenants.items() if t.billing_policy == "odoo"}
        documents = [item for item in documents if _get_customer(item.fact) in billed]
        if not documents:
            return items
        known = self.env["saas.binding"]._find(
            source, Kind.INVOICE, [_get_invoice(item.fact) for item in documents]
        )
        for item in documents:
            if _get_invoice(item.fact) not in known:
                item.fail(self._refuse_billed(source, item.fact))
        return [item for item in items if not item.error]

    def _refuse_billed(self, source, fact):
        """Return the error of a document that Odoo issues itself."""
        labels = dict(
            self.env["saas.ownership"]._fields["kind"]._description_selection(self.env)
        )
        odoo = self.env._("Odoo")
        detail = self.env._(
            "%(name)s told of %(object)s, but Odoo issues this tenant's invoices. If a "
            "billing system should, change that on the tenant.",
            name=source.name,
            object=fact.external_id,
        )
        row = {"what": labels[fact.kind], "told": self._describe(fact), "kept": odoo}
        told = {"owner": odoo, "source": source.name, "rows": [row]}
        return Ignore(Reason.NOT_OWNER, detail, {"ownership": told})

    def _refuse(self, source, fact, kind, verdict):
        """Return the error of a fact of a source that doesn't own its kind."""
        ownership = self.env["saas.ownership"]
        labels = dict(ownership._fields["kind"]._description_selection(self.env))
        owner = ownership._name_owners(verdict) or self.env._("nobody")
        rule = (
            self.env._("a rule under Ownership")
            if verdict.is_stated
            else self.env._("the default")
        )
        detail = self.env._(
            "%(name)s told of %(object)s, but %(what)s are owned by %(owner)s: "
            "%(rule)s says so.",
            name=source.name,
            object=fact.external_id,
            what=labels[kind].lower(),
            owner=owner,
            rule=rule,
        )
        told = {
            "owner": owner,
            "source": source.name,
            "rows": [
                {"what": labels[kind], "told": self._describe(fact), "kept": owner}
            ],
        }
        return Ignore(Reason.NOT_OWNER, detail, {"ownership": told})

    def _describe(self, fact):
        """Return what a refused fact states, without what is personal."""
        amount = getattr(fact, "amount", getattr(fact, "total", None))
        parts = [getattr(fact, "number", "") or fact.external_id]
        if amount is not None and hasattr(fact, "exponent"):
            parts += [f"{fact.decimal(amount)} {fact.currency}"]
        return " · ".join(parts)


def _get_customer(fact):
    """Return the customer whose document it is, or None where nobody says."""
    return fact.customer or (fact.party and fact.party.external_id)


def _get_invoice(fact):
    """Return the id of the invoice that a document is, or belongs to."""
    return fact.external_id if fact.kind == Kind.INVOICE else fact.invoice
