import json

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

#: How many tenants one run of the cron takes.
_BATCH = 500


class SaasMrrStanding(models.Model):
    """That the movements of a tenant are counted, and when time alone adds the next
    one. Who counts a tenant writes its row, so that no two do so at once.
    """

    _name = "saas.mrr.standing"
    _description = "SaaS MRR of a tenant"
    _inherit = ["saas.guarded.mixin"]
    _order = "tenant_id"
    _rec_name = "tenant_id"
    _log_access = False

    tenant_id = fields.Many2one(
        "saas.tenant", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    next_at = fields.Datetime(
        readonly=True,
        groups=NO_ACCESS,
        help="When time alone adds a movement: a scheduled change takes effect, or a "
        "discount ends.",
    )

    _tenant_unique = models.UniqueIndex("(tenant_id)")
    _next_index = models.Index("(next_at) WHERE next_at IS NOT NULL")

    @api.model
    def _lock(self, tenants):
        """Let this transaction alone count tenants. Of two that would do so at once,
        the later one fails like any concurrent update, and is done again.
        """
        tenants.flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_mrr_standing AS known (tenant_id, company_id)
                   SELECT id, company_id FROM saas_tenant
                    WHERE id = ANY(%s) ORDER BY id
                   ON CONFLICT (tenant_id) DO UPDATE SET next_at = known.next_at""",
                tenants.ids,
            ),
            log_exceptions=False,
        )

    @api.model
    def _store(self, moments):
        """Keep when time alone moves tenants next.

        :param moments: by a tenant's id, as Odoo stores it; None where time moves
            nothing.
        """
        rows = [{"id": tenant, "at": moment} for tenant, moment in moments.items()]
        self.env.cr.execute(
            SQL(
                """UPDATE saas_mrr_standing known SET next_at = row.at
                     FROM jsonb_to_recordset(%s::jsonb) AS row(id int, at timestamp)
                    WHERE known.tenant_id = row.id
                      AND known.next_at IS DISTINCT FROM row.at""",
                json.dumps(rows, default=str),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _cron_move_on(self):
        """Count the tenants whose time has come, the longest waiting first; and begin
        to count companies that have tenants who were never counted.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        # Whoever works on one just now counts it, too.
        rows = self.env.execute_query(
            SQL(
                """SELECT tenant_id FROM saas_mrr_standing WHERE next_at <= %s
                   ORDER BY next_at, tenant_id LIMIT %s
                   FOR NO KEY UPDATE SKIP LOCKED""",
                fields.Datetime.now(),
                _BATCH,
            )
        )
        due = self.env["saas.tenant"].browse(id_ for (id_,) in rows)
        self.env["saas.mrr.movement"]._refresh(due)
        if len(due) == _BATCH:
            self.env.ref("saas_billing_sync.ir_cron_saas_mrr")._trigger()
        self.env["saas.mrr.count"]._begin_first(self._find_uncounted())

    def _find_uncounted(self):
        """Return the companies with tenants that have subscriptions and were never
        counted.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT held.company_id FROM saas_subscription held
                    WHERE NOT EXISTS (
                          SELECT 1 FROM saas_mrr_standing
                           WHERE tenant_id = held.tenant_id)"""
            )
        )
        return self.env["res.company"].browse(id_ for (id_,) in rows)

    @api.model
    def _join(self, loser, winner):
        """Count what two tenants have as one: they have become one tenant."""
        self.search([("tenant_id", "=", loser.id)]).unlink()
        self.env["saas.mrr.movement"]._refresh(winner)
