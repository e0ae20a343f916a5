from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..canonical.money import to_minor
from ..canonical.revenue.months import add_months, get_last_day
from ..canonical.revenue.rule import Policy, find_booked_month
from ..canonical.revenue.spread import spread


class Share(NamedTuple):
    """What a tenant is to have of a cost: of which month, in which one it is booked,
    and how much, in minor units as analytic lines have it, a cost below zero.
    """

    allocation: object
    month: date
    booked_month: date
    tenant: object
    amount: int


class SaasRevenueCosts(models.AbstractModel):
    """Works out what tenants are to have of costs, and what of it is not written yet.
    It writes nothing.
    """

    _name = "saas.revenue.costs"
    _description = "SaaS costs of tenants"

    def _find_due(self, source, until):
        """Return what is missing up to a month: target minus booked, as
        :class:`Share`, by cost, month and tenant.

        :param source: the company's own source.
        :param until: the month, by its first day.
        :raises UserError: if there is a cost in a month, and nobody to have it.
        """
        self.env.flush_all()
        allocations = self.env["saas.profit.allocation"].search(
            [("company_id", "=", source.company_id.id)]
        )
        shares, unclear = [], []
        for allocation in allocations:
            first, last = allocation._get_months()
            last = min(last, until)
            if first <= last:
                shares += self._find_missing(source, allocation, first, last, unclear)
        if unclear:
            raise UserError(
                self.env._(
                    "There is nobody to have these costs: nothing was used or held or "
                    "earned by any tenant in the month. Choose another meter or "
                    "another way to spread, or another first month.\n%s",
                    "\n".join(unclear),
                )
            )
        return self._place(source, shares, until)

    def _find_missing(self, source, allocation, first, last, unclear):
        """Return the shares that are missing of a cost, still in their own months.

        :param unclear: gets a line for each month that nobody can have.
        """
        costs = self._read_costs(allocation, first, last)
        booked = self._read_booked(allocation, first, last)
        weights = self.env["saas.revenue.drivers"]._weigh(
            source, allocation, sorted(month for month, cost in costs.items() if cost)
        )
        shares = []
        for month in sorted(costs.keys() | booked.keys()):
            target = spread(costs.get(month, 0), weights.get(month, {}))
            if target is None:
                text = format_date(self.env, month, date_format="MMMM y")
                unclear.append(f"{allocation.name}, {text}")
                continue
            done = booked.get(month, {})
            for key in sorted(target.keys() | done.keys()):
                if amount := target.get(key, 0) - done.get(key, 0):
                    tenant = self.env["saas.tenant"].browse(key)
                    shares.append(Share(allocation, month, month, tenant, amount))
        return shares

    def _place(self, source, shares, until):
        """Return shares with the months in which they are booked: their own, or the
        first open one after it. What no open month takes up to the run's own is left
        out, and stays due.
        """
        ledger = self.env["saas.ledger.revenue.recognition"]
        closed = source.company_id.mrr_closed_until

        def is_locked(month):
            day = get_last_day(month)
            return bool(closed and day <= closed) or ledger._is_locked(source, day)

        places = {
            month: find_booked_month(month, until, is_locked, Policy.RESTATE)
            for month in {share.month for share in shares}
        }
        return [
            share._replace(booked_month=places[share.month])
            for share in shares
            if places[share.month]
        ]

    # -- what the books say ------------------------------------------------------------

    def _read_costs(self, allocation, first, last):
        """Return by month what there is to spread: what the account has, less what
        people have given to tenants already.
        """
        lines = SQL(
            """company_id = %s AND date >= %s AND date < %s""",
            allocation.company_id.id,
            first,
            add_months(last, 1),
        )
        column = self.env["saas.profit.month"]._get_account_column()
        own = SQL("%s AND saas_allocation_id IS NULL", lines)
        if pool := allocation.analytic_account_id:
            query = SQL(
                """SELECT date, amount FROM account_analytic_line
                    WHERE %s AND %s = %s AND %s IS NULL""",
                own,
                SQL.identifier(pool.plan_id._column_name()),
                pool.id,
                column,
            )
        else:
            query = SQL(
                """SELECT date, -balance AS amount FROM account_move_line
                    WHERE %(lines)s AND account_id = %(account)s
                      AND parent_state = 'posted'
                    UNION ALL
                   SELECT date, -amount FROM account_analytic_line
                    WHERE %(own)s AND general_account_id = %(account)s
                      AND %(column)s IS NOT NULL""",
                lines=lines,
                own=own,
                account=allocation.account_id.id,
                column=column,
            )
        return self._add_up(
            allocation,
            SQL(
                """SELECT date_trunc('month', date)::date AS month, sum(amount)
                     FROM (%s) line GROUP BY 1""",
                query,
            ),
        )

    def _read_booked(self, allocation, first, last):
        """Return what was spread, by month and tenant."""
        rows = self.env.execute_query(
            SQL(
                """SELECT line.saas_month, tenant.id, sum(line.amount)
                     FROM account_analytic_line line
                     JOIN saas_tenant tenant ON tenant.analytic_account_id = line.%s
                    WHERE line.saas_allocation_id = %s
                      AND line.saas_month BETWEEN %s AND %s
                    GROUP BY 1, 2""",
                self.env["saas.profit.month"]._get_account_column(),
                allocation.id,
                first,
                last,
            )
        )
        places = allocation.company_id.currency_id.decimal_places
        booked = defaultdict(dict)
        for month, tenant_id, amount in rows:
            booked[month][tenant_id] = to_minor(float(amount), places)
        return booked

    def _add_up(self, allocation, query):
        places = allocation.company_id.currency_id.decimal_places
        return {
            month: to_minor(float(amount), places)
            for month, amount in self.env.execute_query(query)
        }
