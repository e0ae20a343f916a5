from odoo import models

from ...canonical.actions import DRAFT_STATES
from ...canonical.facts import DRAFT_RANK
from ...canonical.kinds import Kind


class SaasHandlerInvoiceDraft(models.AbstractModel):
    """Handles invoices that the source could not finalise. Somebody is asked to look
    after the customer, until the invoice comes after all, or is deleted.
    """

    _name = "saas.handler.invoice_draft"
    _inherit = "saas.handler"
    _description = "SaaS invoice draft handler"

    def _apply(self, source, items):
        tenants = self.env["saas.tenant"]._find(
            source, [item.fact.customer for item in items if item.fact.customer]
        )
        for item in items:
            fact = item.fact
            item.tenant = tenants.get(fact.customer)
            if fact.state == "failing" and fact.customer and not item.tenant:
                item.park(Kind.CUSTOMER, fact.customer)
        items = [item for item in items if not item.error]
        self._bind_drafts(source, items)
        known = (item.tenant for item in items if item.tenant)
        self._update_activities(source, self.env["saas.tenant"].union(*known))

    def _bind_drafts(self, source, items):
        bindings = self.env["saas.binding"]._find(
            source, Kind.INVOICE_DRAFT, [item.fact.external_id for item in items]
        )
        new = []
        for item in items:
            rank = DRAFT_RANK[item.fact.state]
            binding = bindings.get(item.fact.external_id)
            if not binding:
                new.append(
                    self.env["saas.binding"]._prepare_vals(
                        source,
                        Kind.INVOICE_DRAFT,
                        item.fact.external_id,
                        item.tenant,
                        rank=rank,
                    )
                )
            elif rank > binding.rank:
                binding.rank = rank
            else:
                continue
            item.log(
                DRAFT_STATES[item.fact.state], item.tenant, item.fact.problem or None
            )
        self.env["saas.binding"].create(new)

    def _resolve(self, source, bindings):
        """Stop asking for drafts that have become invoices.

        :param bindings: those of the drafts.
        """
        tenants = (b._get_record() for b in bindings if b.res_id)
        self._update_activities(source, self.env["saas.tenant"].union(*tenants))

    def _update_activities(self, source, tenants):
        """Ask somebody to look after tenants with a failing draft that has not become
        an invoice.
        """
        if not tenants:
            return
        failing = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.INVOICE_DRAFT),
                ("rank", "=", DRAFT_RANK["failing"]),
                ("res_model", "=", "saas.tenant"),
                ("res_id", "in", tenants.ids),
            ]
        )
        invoices = self.env["saas.binding"]._find(
            source, Kind.INVOICE, failing.mapped("external_id")
        )
        open_ids = {b.res_id for b in failing if b.external_id not in invoices}
        waiting = tenants.filtered(lambda tenant: tenant.id in open_ids)
        activities = self.env["saas.activities"]
        if waiting:
            activities._ask(
                source,
                "mail_activity_not_finalized",
                waiting,
                self.env._("The source could not finalise an invoice"),
            )
        activities._stop_asking("mail_activity_not_finalized", tenants - waiting)
