from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ...canonical.moments import aware
from ...canonical.money import to_decimal
from ...canonical.revenue.months import get_last_served_day


class SaasRevenueSchedule(models.Model):
    """Says at a glance what each month earns of a schedule, and which of them are
    recognised: for the document's form.
    """

    _inherit = "saas.revenue.schedule"

    label = fields.Char(related="move_line_id.name", string="What Is Served")
    months = fields.Json(
        compute="_compute_months",
        help="What each month earns by the newest version, and whether all of it is "
        "booked as income.",
    )
    summary = fields.Char(
        compute="_compute_months",
        help="How many months earn something, until when, and how many of them are "
        "recognised.",
    )

    @api.depends("version_id", "amount", "entry_ids.amount")
    def _compute_months(self):
        shares = self._add_up_by_month(
            "saas.revenue.share", [("version_id", "in", self.version_id.ids)]
        )
        booked = self._add_up_by_month(
            "saas.revenue.entry", [("schedule_id", "in", self.ids)]
        )
        for schedule in self:
            earned = shares.get(schedule.id, {})
            done = booked.get(schedule.id, {})
            months = [
                schedule._describe_month(month, earned.get(month, 0), done.get(month))
                for month in sorted({*earned, *done})
                if earned.get(month) or done.get(month)
            ]
            schedule.months = months
            schedule.summary = schedule._summarize(months)

    def _add_up_by_month(self, model, domain):
        """Return sums in minor units by a schedule's id and by month."""
        groups = self.env[model]._read_group(
            domain, ["schedule_id", "month:month"], ["amount:sum"]
        )
        found = {}
        for schedule, month, amount in groups:
            found.setdefault(schedule.id, {})[month] = int(amount)
        return found

    def _describe_month(self, month, earned, done):
        """Return a month as the web client shows it."""
        state = "done" if done == earned else "part" if done else "open"
        amount = float(to_decimal(earned, self.exponent))
        return {
            "month": format_date(self.env, month, date_format="MMM y"),
            "amount": format_amount(self.env, amount, self.currency_id),
            "state": state,
        }

    def _summarize(self, months):
        """Return how far a schedule is, as a sentence's worth of words."""
        last = get_last_served_day(aware(self.service_to), self.zone)
        day = format_date(self.env, last, date_format="d MMM y")
        done = sum(month["state"] == "done" for month in months)
        if len(months) == 1:
            return self.env._(
                "1 month to %(day)s, %(done)s recognised", day=day, done=done
            )
        return self.env._(
            "%(count)s months to %(day)s, %(done)s recognised",
            count=len(months),
            day=day,
            done=done,
        )
