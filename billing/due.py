from datetime import timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..canonical.moments import naive


class SaasBillingDue(models.AbstractModel):
    """Knows which subscriptions are to be looked at, and when next."""

    _name = "saas.billing.due"
    _description = "SaaS subscriptions that are due"

    def _get_domain(self, cutoff):
        """Return the domain of subscriptions that may have to be billed by an instant,
        which is aware.
        """
        return Domain(
            [
                ("tenant_id.billing_policy", "=", "odoo"),
                ("tenant_id.active", "=", True),
                ("billing_hold", "=", False),
                ("next_billing_at", "<=", naive(cutoff)),
            ]
        )

    def _find(self, tenants, cutoff):
        """Return the subscriptions of tenants that are due, with all that is read of
        them and of their tenants.
        """
        subscriptions = self.env["saas.subscription"].search(
            self._get_domain(cutoff) & Domain("tenant_id", "in", tenants.ids),
            order="id",
        )
        subscriptions.tenant_id.partner_id.mapped("lang")
        return subscriptions

    def _freeze(self, run, cutoff):
        """Write a row for each tenant of a run, in one statement.

        :return: how many there are.
        """
        subscriptions = self.env["saas.subscription"].sudo()
        query = subscriptions._search(
            self._get_domain(cutoff) & Domain("company_id", "=", run.company_id.id)
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_billing_item (run_id, company_id, tenant_id, state,
                                                  create_uid, write_uid,
                                                  create_date, write_date)
                   SELECT %s, %s, found.tenant_id, 'waiting', %s, %s, now(), now()
                     FROM (SELECT DISTINCT tenant_id FROM saas_subscription
                            WHERE id IN (%s)) found
                    ORDER BY found.tenant_id""",
                run.id,
                run.company_id.id,
                self.env.uid,
                self.env.uid,
                query.select(),
            )
        )
        run.invalidate_recordset(["item_ids"], flush=False)
        return self.env.cr.rowcount

    def _move_on(self, nexts, cutoff):
        """Note that subscriptions are billed by an instant, and when each is looked at
        again.

        :param nexts: an aware instant, or None for never, by subscription.
        """
        if not nexts:
            return
        grace = self.env["saas.meter"].search([], order="grace_hours desc", limit=1)
        since = cutoff - timedelta(hours=grace.grace_hours)
        subscriptions = self.env["saas.subscription"].union(*nexts)
        subscriptions.flush_recordset(["next_billing_at", "recompute_from"])
        self.env.cr.execute(
            SQL(
                """UPDATE saas_subscription SET recompute_from = %s,
                          next_billing_at = moved.moment
                     FROM unnest(%s, %s::timestamp[]) AS moved(id, moment)
                    WHERE moved.id = saas_subscription.id""",
                naive(since),
                [subscription.id for subscription in nexts],
                [naive(moment) for moment in nexts.values()],
            )
        )
        subscriptions.invalidate_recordset(
            ["next_billing_at", "recompute_from"], flush=False
        )
