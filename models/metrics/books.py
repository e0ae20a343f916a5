import json
from collections import defaultdict
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.metrics.ledger import find_postings
from ...canonical.metrics.movement import (
    Amounts,
    Movement,
    Place,
    find_movements,
    find_next,
)
from ...canonical.moments import aware, naive
from .rates import find_rate


class SaasMrrMovement(models.Model):
    """Adds what is missing of the movements of tenants: what follows from the lives of
    their subscriptions, less what is booked.
    """

    _inherit = "saas.mrr.movement"

    @api.model
    def _refresh(self, tenants):
        """Bring the movements of tenants to what follows from their subscriptions now.
        What is right already gets no row.

        :return: how many rows were added.
        """
        tenants = tenants.sudo().filtered("company_id.keeps_mrr")
        if not tenants:
            return 0
        self.flush_model()
        self.env["saas.mrr.standing"]._lock(tenants)
        subscriptions = (
            self.env["saas.subscription"]
            .sudo()
            .search([("tenant_id", "in", tenants.ids)], order="id")
        )
        recurring = subscriptions._read_recurring()
        held = subscriptions.grouped("tenant_id")
        booked = self._read_booked(tenants)
        now = fields.Datetime.now()
        rows, standings = [], {}
        for tenant in tenants:
            levels = {
                each.id: recurring.levels[each.id]
                for each in held.get(tenant, subscriptions.browse())
            }
            rows += self._prepare_rows(
                tenant, levels, recurring.origins, booked[tenant.id], now
            )
            moments = [find_next(levels, aware(now))]
            moments += [recurring.next_ends.get(each) for each in levels]
            standings[tenant.id] = naive(min(filter(None, moments), default=None))
        self._add(rows, now)
        self.env["saas.mrr.renewal"]._refresh(
            subscriptions._prepare_renewal_rows(recurring.renewals)
        )
        self.env["saas.mrr.standing"]._store(standings)
        return len(rows)

    def _read_booked(self, tenants):
        """Return by tenant's id what is booked of it: by place the sum, and the last
        row of that place.
        """
        self.env.cr.execute(
            SQL(
                """SELECT moved.tenant_id, moved.at, moved.subscription_id,
                          moved.plan_version_id, currency.name, moved.kind,
                          sum(moved.amount)::text, sum(moved.amount_year)::text,
                          sum(moved.tenants)::int, max(moved.id)
                     FROM saas_mrr_movement moved
                     JOIN res_currency currency ON currency.id = moved.currency_id
                    WHERE moved.tenant_id = ANY(%s)
                    GROUP BY 1, 2, 3, 4, 5, 6""",
                tenants.ids,
            )
        )
        booked = defaultdict(dict)
        for tenant, at, subscription, plan, *rest in self.env.cr.fetchall():
            currency, kind, month, year, number, last = rest
            place = Place(aware(at), subscription, plan, currency, kind)
            amounts = Amounts(Decimal(month), Decimal(year), number)
            booked[tenant][place] = amounts, last
        return booked

    def _prepare_rows(self, tenant, levels, origins, booked, now):
        """Return the values of the rows that are to be added for a tenant.

        :param levels: by a subscription's id each level in order.
        :param origins: the change and the event of a level, by subscription and key.
        :param booked: what is booked, as ``_read_booked`` returns it.
        """
        zone = tenant.company_id._get_mrr_zone()
        movements = find_movements(levels, zone, aware(now))
        known = [
            Movement(place, amounts, "", place.at.astimezone(ZoneInfo(zone)).date())
            for place, (amounts, _last) in booked.items()
        ]
        rows = []
        for posting in find_postings(
            movements, known, tenant.company_id.mrr_closed_until or None
        ):
            movement, place = posting.movement, posting.movement.place
            change, event = origins.get(
                (place.subscription, movement.key), (None, None)
            )
            rows.append(
                {
                    "tenant": tenant.id,
                    "subscription": place.subscription,
                    "plan": place.plan,
                    "kind": place.kind,
                    "day": posting.day,
                    "at": naive(place.at),
                    "month": str(movement.amounts.month),
                    "year": str(movement.amounts.year),
                    "tenants": movement.amounts.tenants,
                    "currency": place.currency,
                    "change": change,
                    "event": event,
                    "corrects": booked[place][1] if posting.corrects else None,
                }
            )
        return rows

    def _add(self, rows, now):
        """Add rows, each a dict, in one statement. Their amounts are exact texts."""
        if not rows:
            return
        rate = find_rate(SQL("currency.id"), SQL("company"), SQL("row.day"))
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_mrr_movement
                          (company_id, tenant_id, subscription_id, plan_version_id,
                           plan_id, kind, day, at, amount, amount_year, tenants,
                           currency_id, amount_company, change_id, event_id,
                           corrects_id, booked_at)
                   SELECT company.id, row.tenant, row.subscription, row.plan,
                          version.plan_id, row.kind, row.day, row.at, row.month,
                          row.year, row.tenants, currency.id,
                          round(row.month * (%(rate)s)::numeric, 6),
                          row.change, row.event, row.corrects, %(now)s
                     FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(
                          number int, tenant int, subscription int, plan int, kind text,
                          day date, at timestamp, month numeric, year numeric,
                          tenants int, currency text, change int, event int,
                          corrects int)
                     JOIN saas_tenant tenant ON tenant.id = row.tenant
                     JOIN res_company company ON company.id = tenant.company_id
                     JOIN res_currency currency ON currency.name = row.currency
                     LEFT JOIN saas_plan_version version ON version.id = row.plan
                    ORDER BY row.number""",
                rate=rate,
                now=now,
                rows=json.dumps(
                    [{"number": n, **row} for n, row in enumerate(rows)], default=str
                ),
            )
        )
        self.invalidate_model(flush=False)
