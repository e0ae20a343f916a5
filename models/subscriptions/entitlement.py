import json

from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.actions import Action
from ...canonical.subscriptions.entitlement import (
    GIVING,
    Feature,
    Holding,
    find_entitlement,
)


class SaasEntitlement(models.Model):
    """What a tenant may use now, as a whole, with a number that only rises. It follows
    from the tenant's subscriptions and from whether it is suspended; nobody writes it.

    Whoever misses a message, or gets two in another order, asks or waits for the next:
    the state with the highest number is all there is to know.
    """

    _name = "saas.entitlement"
    _description = "SaaS entitlement"
    _inherit = ["saas.guarded.mixin"]
    _order = "changed_at desc, id desc"
    _rec_name = "tenant_id"
    # Its number and the log tell who changed it, and when.
    _log_access = False

    tenant_id = fields.Many2one(
        "saas.tenant", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="tenant_id.company_id", store=True, index=True)
    number = fields.Integer(
        required=True,
        readonly=True,
        help="How often it was another one. The highest number is the newest.",
    )
    state = fields.Json(
        required=True,
        readonly=True,
        help="What is on, and up to which limits. Limits of several subscriptions add "
        "up, and no limit beats all.",
    )
    changed_at = fields.Datetime(string="Since", readonly=True)
    is_suspended = fields.Boolean(related="tenant_id.is_suspended")
    summary = fields.Text(string="May Use", compute="_compute_summary")

    _tenant_unique = models.UniqueIndex("(tenant_id)")

    @api.depends("state")
    def _compute_summary(self):
        for entitlement in self:
            entitlement.summary = "\n".join(entitlement._describe())

    def _describe(self):
        """Yield a line for each thing that may be used."""
        if self.state["is_suspended"]:
            yield self.env._("Nothing: the tenant is suspended.")
            return
        if not self.state["flags"] and not self.state["limits"]:
            yield self.env._("Nothing.")
        yield from self.state["flags"]
        for code, limit in sorted(self.state["limits"].items()):
            if limit is None:
                yield self.env._("%s without a limit", code)
            else:
                yield self.env._("%(code)s up to %(limit)s", code=code, limit=limit)

    # -- bringing up to date -----------------------------------------------------------

    @api.model
    def _refresh(self, tenants, anew=False):
        """Bring what tenants may use to what follows now. What is other gets the next
        number, is logged, and is told to those who are to know, in this transaction.

        :param anew: whether all get the next number, also if nothing is other.
        :return: what is other.
        """
        changed = self.sudo().browse()
        if not tenants:
            return changed
        tenants = tenants.sudo()
        entitlements = self.sudo()._lock(tenants)
        states, now = self.sudo()._find_states(tenants), fields.Datetime.now()
        for entitlement in entitlements:
            state = states[entitlement.tenant_id]
            if anew or entitlement.state != state:
                number = entitlement.number + 1
                entitlement.write({"number": number, "state": state, "changed_at": now})
                changed |= entitlement
        changed._log_change()
        self.env["saas.outbox"].sudo()._tell_changed(changed)
        return changed

    @api.model
    def _lock(self, tenants):
        """Return what these tenants may use, one record for each, to be changed by this
        transaction alone.

        Two that change two subscriptions of a tenant would each see the other one as it
        was, and both could find that nothing is to be done. So each row is written in
        any case: the later one fails like any concurrent update, and is done again.
        """
        tenants.flush_model()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_entitlement AS known
                          (tenant_id, company_id, number, state)
                   SELECT id, company_id, 0, %s::jsonb
                     FROM saas_tenant WHERE id = ANY(%s) ORDER BY id
                   ON CONFLICT (tenant_id) DO UPDATE SET number = known.number
                   RETURNING known.id""",
                json.dumps(find_entitlement(())),
                tenants.ids,
            ),
            log_exceptions=False,
        )
        tenants.invalidate_recordset(["entitlement_ids"], flush=False)
        return self.browse(id_ for (id_,) in self.env.cr.fetchall())

    def _find_states(self, tenants):
        """Return by tenant what it may use, in as many queries for many as for one."""
        subscriptions = self.env["saas.subscription"].search_fetch(
            [
                ("tenant_id", "in", tenants.ids),
                ("plan_version_id", "!=", False),
                ("state", "in", [state.value for state in GIVING]),
            ],
            ["tenant_id", "plan_version_id", "state", "external_id"],
        )
        features = self._read_features(subscriptions.plan_version_id)
        holdings = {tenant: [] for tenant in tenants}
        for each in subscriptions:
            own = features.get(each.plan_version_id, ())
            holding = Holding(each.state, own, each.external_id)
            holdings[each.tenant_id].append(holding)
        return {
            tenant: find_entitlement(held, tenant._may_use_nothing())
            for tenant, held in holdings.items()
        }

    def _read_features(self, versions):
        features = self.env["saas.plan.feature"].search_fetch(
            [("version_id", "in", versions.ids)],
            ["version_id", "code", "kind", "value"],
        )
        return {
            version: tuple(
                Feature(each.code, each.kind == "limit", each.value or "")
                for each in own
            )
            for version, own in features.grouped("version_id").items()
        }

    def _log_change(self):
        rows = []
        for entitlement in self:
            detail = self.env._("number %s", entitlement.number)
            rows += entitlement._prepare_log_rows(Action.ENTITLEMENT_CHANGED, detail)
        self.env["saas.sync.log"]._append(rows)

    def _get_log_source(self):
        """Return the source in whose log a change is noted, and whose name a message
        bears: that of the tenant's first subscription, or the tenant's own.
        """
        subscriptions = self.tenant_id.subscription_ids.sorted("id")
        return subscriptions.source_id[:1] or self.tenant_id._get_log_source()

    @api.model
    def _join(self, loser, winner):
        """Let what two tenants may use be one: they have become one tenant. Its number
        is higher than both, since it may be asked for by what either was called.
        """
        gone = self.search([("tenant_id", "=", loser.id)])
        if gone:
            kept = self._lock(winner)
            kept.number = max(kept.number, gone.number)
            gone.unlink()
            self._refresh(winner, anew=True)

    # -- for machines ------------------------------------------------------------------

    @api.model
    def _read_for_machines(self, tenant):
        """Return what a tenant may use, as a dict of plain JSON."""
        return self.search([("tenant_id", "=", tenant.id)])._to_json()

    def _to_json(self):
        """Return as plain JSON what others are told; of none, what a tenant may use
        that never had anything.
        """
        moment = self.changed_at
        return {
            "number": self.number,
            "state": self.state or find_entitlement(()),
            "changed_at": f"{moment.isoformat()}Z" if moment else None,
        }
