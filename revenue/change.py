from odoo import models
from odoo.tools import SQL

from ..canonical.moments import aware
from ..canonical.revenue.recut import accelerate

#: The schedules of a company whose newest version rests on another end of their
#: subscription than the one that is known by now; or that rests on one at all, where
#: the company lets them go on.
_CHANGED = """
    SELECT schedule.id FROM saas_revenue_schedule schedule
      JOIN saas_charge charge ON charge.id = schedule.charge_id
      JOIN saas_subscription subscription ON subscription.id = charge.subscription_id
      JOIN saas_revenue_version version ON version.id = schedule.version_id
     WHERE schedule.company_id = %(company)s
       AND CASE WHEN %(is_on)s
                THEN (version.reason = 'canceled' OR schedule.state = 'running')
                 AND version.ended_at IS DISTINCT FROM subscription.date_canceled
                ELSE version.reason = 'canceled' END
"""


class SaasRevenueChange(models.AbstractModel):
    """Brings schedules along with what is known of their subscriptions by now, before
    anything is recognised.
    """

    _name = "saas.revenue.change"
    _description = "SaaS changes of revenue schedules"

    def _follow_cancellations(self, company):
        """Have subscriptions that were canceled earn at their end all that is left of
        what was billed of them, where the company says so; and as before, where the
        cancellation was withdrawn or moved, or the company says otherwise by now.

        What a cancellation has given back counts at its end, too: the two come to what
        the customer has paid for.
        """
        is_on = company.revenue_on_cancel == "at_once"
        self.env.flush_all()
        rows = self.env.execute_query(SQL(_CHANGED, company=company.id, is_on=is_on))
        schedules = self.env["saas.revenue.schedule"].browse(row[0] for row in rows)
        parts, ended = {}, {}
        for schedule in schedules:
            before = self._get_parts_before(schedule)
            end = schedule.charge_id.subscription_id.date_canceled
            after = before
            if is_on and end and end < schedule.service_to:
                after = accelerate(before, aware(end), schedule.zone)
                ended[schedule] = end
            if after != schedule._get_parts():
                parts[schedule] = after
        if parts:
            schedules._recut(parts, "canceled", ended=ended)

    def _get_parts_before(self, schedule):
        """Return what was earned by a schedule before its service was canceled."""
        versions = schedule.version_ids.sorted("number", reverse=True)
        other = versions.filtered(lambda version: version.reason != "canceled")[:1]
        return other._get_parts()
