from odoo import fields, models

from ...canonical.kinds import Kind
from ...canonical.reasons import OPEN_STATES
from ...canonical.reference import Reference


class SaasSubscriptionEvent(models.Model):
    """Shows what the source calls the objects of an event, and where it shows them."""

    _inherit = "saas.subscription.event"

    source_page = fields.Char(
        string="At the Source",
        compute="_compute_source_page",
        compute_sudo=True,
        help="The page on which the billing system itself shows what the event tells "
        "of.",
    )
    object_names = fields.Text(
        string="Names",
        compute="_compute_object_names",
        help="What the source calls the ids that are named above.",
    )

    def _compute_source_page(self):
        for event in self:
            refs = [Reference.parse(ref) for ref in event.object_refs or ()]
            refs.append(Reference(Kind.EVENT, event.external_id))
            event.source_page = event.source_id._get_page(*refs[0])

    def _compute_object_names(self):
        for event in self:
            event.object_names = False
            if event.state in OPEN_STATES:
                told = f"{event.detail} {event.waiting_for}"
                event.object_names = "\n".join(
                    f"{ref}: {name}"
                    for ref, name in sorted(event._get_object_names().items())
                    if ref in told
                )

    def _get_object_names(self):
        """Return the names of the products, prices, tax rates and customers that this
        event tells of, by their ids; unknown ones are missing.
        """
        self.ensure_one()
        source, facts = self.source_id, self._get_facts()
        lines = [line for fact in facts for line in getattr(fact, "lines", ())]
        items = {ref for line in lines for ref in (line.price, line.product) if ref}
        rates = {tax.rate for line in lines for tax in line.taxes if tax.rate}
        found = self.env["saas.product"]._get_names(source, items)
        names = {ref: name for (_source, ref), name in found.items()}
        known = self.env["saas.tax.rate"]._get_names(source, rates)
        names |= {ref: name for (_source, ref), name in known.items()}
        customers = {fact.customer for fact in facts if fact.customer}
        tenants = self.env["saas.tenant"]._find(source, customers)
        return names | {ref: tenant.name for ref, tenant in tenants.items()}
