from odoo import models
from odoo.fields import Domain

from ..canonical.moments import aware
from ..canonical.revenue.recut import accelerate


class SaasRevenueChange(models.AbstractModel):
    """Brings schedules along with what is known of their subscriptions by now, before
    anything is recognised.
    """

    _name = "saas.revenue.change"
    _description = "SaaS changes of revenue schedules"

    def _follow_cancellations(self, company):
        """Have subscriptions that were canceled earn at their end all that is left of
        what was billed of them, where the company says so; and as before, where the
        cancellation was withdrawn, or the company says otherwise by now.

        What a cancellation has given back counts at its end, too: the two come to what
        the customer has paid for.
        """
        is_on = company.revenue_on_cancel == "at_once"
        ended = Domain("charge_id.subscription_id.date_canceled", "!=", False)
        changed = Domain("version_id.reason", "=", "canceled")
        domain = changed
        if is_on:
            domain = (changed & ~ended) | (ended & Domain("state", "=", "running"))
        schedules = self.env["saas.revenue.schedule"].search(
            Domain("company_id", "=", company.id) & domain
        )
        parts = {}
        for schedule in schedules:
            before = self._get_parts_before(schedule)
            end = aware(schedule.charge_id.subscription_id.date_canceled)
            after = before
            if is_on and end and end < aware(schedule.service_to):
                after = accelerate(before, end, schedule.zone)
            if after != schedule._get_parts():
                parts[schedule] = after
        if parts:
            schedules._recut(parts, "canceled")

    def _get_parts_before(self, schedule):
        """Return what was earned by a schedule before its service was canceled."""
        versions = schedule.version_ids.sorted("number", reverse=True)
        other = versions.filtered(lambda version: version.reason != "canceled")[:1]
        return other._get_parts()
