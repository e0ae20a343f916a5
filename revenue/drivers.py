from collections import defaultdict
from datetime import timedelta
from fractions import Fraction

from odoo import models
from odoo.tools import SQL

from ..canonical.catalogue.terms import ComponentKind
from ..canonical.revenue.months import add_months, get_begin
from ..canonical.subscriptions.states import State
from ..models.revenue.customers.profit_query import LINES

#: Who holds seats: a pause or an end takes them away.
_HOLDING = (State.TRIALING, State.ACTIVE)
_SECOND = timedelta(seconds=1)


class SaasRevenueDrivers(models.AbstractModel):
    """Says what tenants weigh when a cost is spread over them, month by month. Months
    are those of the company's own time zone.
    """

    _name = "saas.revenue.drivers"
    _description = "SaaS drivers of costs"

    def _weigh(self, source, allocation, months):
        """Return exact numbers, by month and by the tenant's id. Of what a tenant gave
        back more than it took, it has none.

        :param source: the company's own source.
        :param months: by their first days.
        """
        if not months:
            return {}
        weigh = {
            "usage": self._weigh_usage,
            "seats": self._weigh_seats,
            "revenue": self._weigh_revenue,
        }[allocation.driver]
        return weigh(source, allocation, months)

    def _weigh_revenue(self, source, allocation, months):
        """Return what each tenant's analytic account has of income accounts."""
        rows = self.env.execute_query(
            SQL(
                """SELECT month, tenant_id, sum(amount) FROM (%(lines)s) line
                    WHERE company_id = %(company)s AND month = ANY(%(months)s::date[])
                      AND category IN ('revenue', 'refunds')
                    GROUP BY 1, 2""",
                lines=SQL(
                    LINES,
                    account=self.env["saas.profit.month"]._get_account_column(),
                ),
                company=source.company_id.id,
                months=[str(month) for month in months],
            )
        )
        weights = defaultdict(dict)
        for month, tenant_id, amount in rows:
            weights[month][tenant_id] = Fraction(str(amount))
        return weights

    def _weigh_usage(self, source, allocation, months):
        """Return what each tenant used of the meter, counted as bills count it."""
        subscriptions = self._find_users(allocation.meter_id, months)
        windows = {
            (sub.id, allocation.meter_id.id, *self._get_window(source, month)): (
                month,
                sub.tenant_id.id,
            )
            for sub in subscriptions
            for month in months
        }
        used = self.env["saas.usage.rating"]._read(windows)
        weights = defaultdict(lambda: defaultdict(Fraction))
        for window, (month, tenant_id) in windows.items():
            weights[month][tenant_id] += used[window].quantity
        return weights

    def _find_users(self, meter, months):
        """Return the subscriptions that have used a meter before the months' end."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT subscription_id FROM saas_usage_bucket
                    WHERE meter_id = %s AND day <= %s""",
                meter.id,
                add_months(months[-1], 1),
            )
        )
        ids = sorted(subscription_id for (subscription_id,) in rows)
        return self.env["saas.subscription"].browse(ids).exists()

    def _weigh_seats(self, source, allocation, months):
        """Return the seats that each tenant held, times the seconds that it held them
        for, of subscriptions whose plan is known here.
        """
        subscriptions = self.env["saas.subscription"].search(
            [
                ("company_id", "=", source.company_id.id),
                ("plan_version_id", "!=", False),
            ]
        )
        segments = subscriptions._read_segments()
        seats = self._find_seats(segments)
        windows = {month: self._get_window(source, month) for month in months}
        weights = defaultdict(lambda: defaultdict(Fraction))
        for subscription, own in segments.items():
            for segment in own:
                held = self._count_seats(segment, seats)
                for month, (start, end) in windows.items() if held else ():
                    until = min(segment.end or end, end)
                    lasts = until - max(segment.start, start)
                    if lasts > timedelta(0):
                        weights[month][subscription.tenant_id.id] += held * Fraction(
                            lasts // timedelta(microseconds=1),
                            _SECOND // timedelta(microseconds=1),
                        )
        return weights

    def _find_seats(self, segments):
        """Return which components are seats: pairs of a version's id and a code."""
        versions = {
            segment.terms.version
            for own in segments.values()
            for segment in own
            if segment.terms
        }
        components = self.env["saas.plan.component"].search(
            [
                ("version_id", "in", list(versions)),
                ("kind", "=", ComponentKind.SEAT.value),
            ]
        )
        return {(each.version_id.id, each.code) for each in components}

    def _count_seats(self, segment, seats):
        if segment.state not in _HOLDING or not segment.terms:
            return Fraction(0)
        terms = segment.terms
        return sum(
            (
                quantity
                for code, quantity in terms.quantities
                if (terms.version, code) in seats
            ),
            Fraction(0),
        )

    def _get_window(self, source, month):
        """Return the instants at which a month begins and ends."""
        zone = source.tz
        return get_begin(month, zone), get_begin(add_months(month, 1), zone)
