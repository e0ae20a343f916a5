from odoo import models

from ...canonical.facts import MANDATE_RANK, USABLE_MANDATES


class SaasHandlerMandate(models.AbstractModel):
    """Mirrors mandates. Nothing is booked from them, and what is to be collected and
    waits for one goes on. A mandate may come back to life, so the later version counts;
    of one version, the higher rank.
    """

    _name = "saas.handler.mandate"
    _inherit = "saas.snapshot"
    _description = "SaaS mandate handler"

    _record_model = "saas.mandate"
    _is_of_tenant = True
    _may_go_back = True

    def _apply(self, source, items):
        result = super()._apply(source, items)
        given = self.env["saas.mandate"].search(
            [
                ("source_id", "=", source.id),
                ("external_id", "in", [item.fact.external_id for item in items]),
                ("state", "in", USABLE_MANDATES),
            ]
        )
        self.env["saas.collection"]._go_on_with_mandates(source, given.tenant_id)
        return result

    def _prepare_snapshot_vals(self, item):
        fact = item.fact
        return {
            "tenant_id": item.tenant.id,
            **({"state": fact.state} if fact.state else {}),
            "scheme": fact.scheme or False,
            "reference": fact.reference or False,
            "next_collection_on": fact.next_collection_on or False,
        }

    def _get_rank(self, fact):
        return MANDATE_RANK.get(fact.state, 0)
