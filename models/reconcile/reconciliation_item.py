from datetime import timedelta

from odoo import api, fields, models

from .reconciliation import KINDS, RESULTS

#: How many days the results of single objects are kept. The totals of a run and the
#: differences are kept for good.
_KEEP_DAYS = 90
#: How many are forgotten at a time.
_GC_SIZE = 10000


class SaasReconciliationItem(models.Model):
    """The result of comparing one object in a run. It gives the run's numbers by
    tenant, and tells which objects of ours the source did not list.
    """

    _name = "saas.reconciliation.item"
    _description = "SaaS compared object"
    _inherit = ["saas.guarded.mixin"]
    _order = "id"
    _rec_name = "external_id"
    _log_access = False

    line_id = fields.Many2one(
        "saas.reconciliation.line", required=True, readonly=True, ondelete="cascade"
    )
    reconciliation_id = fields.Many2one(
        "saas.reconciliation",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    tenant_id = fields.Many2one("saas.tenant", readonly=True, ondelete="set null")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    external_id = fields.Char(string="ID at Source", required=True, readonly=True)
    result = fields.Selection(RESULTS, required=True, readonly=True)

    _object_unique = models.UniqueIndex("(line_id, external_id)")
    _tenant_index = models.Index("(tenant_id) WHERE tenant_id IS NOT NULL")

    @api.autovacuum
    def _gc_items(self):
        """Forget what old runs made of single objects."""
        ended = fields.Datetime.now() - timedelta(days=_KEEP_DAYS)
        items = self.search(
            [("reconciliation_id.started_at", "<", ended)], limit=_GC_SIZE
        )
        items.unlink()
        return len(items), len(items) == _GC_SIZE
