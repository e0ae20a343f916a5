import json

from odoo import models
from odoo.tools import SQL

from ..canonical.revenue.months import get_last_day
from ..canonical.revenue.rule import Policy, find_booked_month

#: What each month should have earned by the newest versions, less what is booked for
#: it, schedule by schedule: the rule of ``canonical/revenue/rule`` for thousands.
_DIFFERENCES = """
    SELECT schedule_id, month, sum(amount)::bigint AS amount,
           sum(balance)::bigint AS balance
      FROM (SELECT share.schedule_id, share.month, share.amount, share.balance
              FROM saas_revenue_schedule schedule
              JOIN saas_revenue_share share ON share.version_id = schedule.version_id
             WHERE schedule.company_id = %(company)s AND schedule.state = 'running'
               AND share.month <= %(month)s
             UNION ALL
            SELECT entry.schedule_id, entry.month, -entry.amount, -entry.balance
              FROM saas_revenue_schedule schedule
              JOIN saas_revenue_entry entry ON entry.schedule_id = schedule.id
             WHERE schedule.company_id = %(company)s AND schedule.state = 'running'
               AND entry.month <= %(month)s) both_sides
     GROUP BY schedule_id, month
    HAVING sum(amount) <> 0 OR sum(balance) <> 0
"""


class SaasRevenueDue(models.AbstractModel):
    """Finds what is earned and not booked, and in which month it may be booked."""

    _name = "saas.revenue.due"
    _description = "SaaS revenue that is due"

    def _find_places(self, source, month, policy):
        """Return in which month each month's difference is booked, both by their first
        days; what no open month takes is left out, and stays due.

        :param source: the company's own source.
        :param month: up to which is recognised, by its first day.
        :param policy: a value of :class:`~..canonical.revenue.rule.Policy`.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT month FROM (%s) due ORDER BY month",
                self._get_differences(source.company_id, month),
            )
        )
        locked = {}

        def is_locked(each):
            if each not in locked:
                locked[each] = self.env["saas.ledger.revenue.recognition"]._is_locked(
                    source, get_last_day(each)
                )
            return locked[each]

        places = {
            each: find_booked_month(each, month, is_locked, Policy(policy))
            for (each,) in rows
        }
        return {each: into for each, into in places.items() if into}

    def _write_entries(self, run, month, places):
        """Write the rows of what is due, in one statement; return how many those are.

        :param places: what :meth:`_find_places` has returned.
        """
        rows = [
            {"month": str(each), "booked": str(into)} for each, into in places.items()
        ]
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_revenue_entry (
                          company_id, run_id, schedule_id, version_id, tenant_id,
                          currency_id, document_month, month, booked_month, is_late,
                          amount, balance, amount_shown, balance_shown,
                          create_uid, write_uid, create_date, write_date)
                   SELECT schedule.company_id, %(run)s, schedule.id,
                          schedule.version_id, schedule.tenant_id,
                          schedule.currency_id,
                          date_trunc('month', schedule.date)::date, due.month,
                          place.booked, place.booked <> due.month,
                          due.amount, due.balance,
                          due.amount / (10::numeric ^ schedule.exponent),
                          due.balance / (10::numeric ^ schedule.company_exponent),
                          %(user)s, %(user)s, now() AT TIME ZONE 'UTC',
                          now() AT TIME ZONE 'UTC'
                     FROM (%(due)s) due
                     JOIN jsonb_to_recordset(%(places)s::jsonb)
                          AS place(month date, booked date)
                          ON place.month = due.month
                     JOIN saas_revenue_schedule schedule
                          ON schedule.id = due.schedule_id
                    ORDER BY schedule.id, due.month""",
                run=run.id,
                user=self.env.uid,
                due=self._get_differences(run.company_id, month),
                places=json.dumps(rows),
            )
        )
        count = self.env.cr.rowcount
        self._invalidate()
        return count

    def _conclude(self, company, month):
        """Note which schedules are served: nothing of them is earned later, and all is
        booked.
        """
        self.env.cr.execute(
            SQL(
                """UPDATE saas_revenue_schedule schedule SET state = 'served'
                    WHERE company_id = %(company)s AND state = 'running'
                      AND coalesce(last_month, %(month)s) <= %(month)s
                      AND NOT EXISTS (
                          SELECT 1 FROM (%(due)s) due
                           WHERE due.schedule_id = schedule.id)
                      AND NOT EXISTS (
                          SELECT 1 FROM saas_revenue_entry entry
                           WHERE entry.schedule_id = schedule.id
                             AND entry.month > %(month)s)""",
                company=company.id,
                month=month,
                due=self._get_differences(company, month),
            )
        )
        self._invalidate()

    def _get_differences(self, company, month):
        return SQL(_DIFFERENCES, company=company.id, month=month)

    def _invalidate(self):
        """Forget what the cache holds of what was written past it."""
        for model in ("schedule", "entry", "run"):
            self.env[f"saas.revenue.{model}"].invalidate_model()
