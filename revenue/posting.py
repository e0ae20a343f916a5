from odoo import models
from odoo.tools import SQL, format_date

from ..canonical.revenue.months import get_last_day
from ..ledger.revenue.recognition import Earned, Recognition
from ..models.revenue.customers.profit_query import PLAN_OF_PRODUCT

#: Rows of a run by what stands together in an entry. Where the company tells tenants
#: apart on the day of the entry, they have the tenant and the plan as well; what gives
#: back has both from what it gives back from.
_SUMS = f"""
      WITH sold AS MATERIALIZED ({PLAN_OF_PRODUCT})
    SELECT entry.booked_month, schedule.deferred_account_id,
           schedule.income_account_id, schedule.currency_id,
           CASE WHEN company.id IS NULL THEN schedule.analytic_distribution
                ELSE COALESCE(schedule.analytic_distribution, '{{}}'::jsonb)
                     || jsonb_build_object(tenant.analytic_account_id::text, 100)
                 END AS analytic,
           COALESCE(version.plan_id, sold.plan_id) AS plan_id,
           sum(entry.amount)::bigint, sum(entry.balance)::bigint,
           schedule.exponent, schedule.company_exponent
      FROM saas_revenue_entry entry
      JOIN saas_revenue_schedule schedule ON schedule.id = entry.schedule_id
      LEFT JOIN saas_revenue_schedule origin ON origin.id = schedule.origin_id
      LEFT JOIN saas_tenant tenant
             ON tenant.id = COALESCE(schedule.tenant_id, origin.tenant_id)
            AND tenant.analytic_account_id IS NOT NULL
      LEFT JOIN res_company company
             ON company.id = tenant.company_id
            AND company.profit_from
                <= (entry.booked_month + interval '1 month - 1 day')::date
      LEFT JOIN saas_charge charge
             ON charge.id = COALESCE(schedule.charge_id, origin.charge_id)
            AND company.id IS NOT NULL
      LEFT JOIN saas_plan_component component ON component.id = charge.component_id
      LEFT JOIN saas_plan_version version ON version.id = component.version_id
      LEFT JOIN account_move_line item
             ON item.id = COALESCE(origin.move_line_id, schedule.move_line_id)
            AND company.id IS NOT NULL
      LEFT JOIN sold ON sold.company_id = company.id
                    AND sold.product_id = item.product_id
     WHERE entry.run_id = %(run)s AND entry.move_id IS NULL
     GROUP BY 1, 2, 3, 4, 5, 6, 9, 10,
              CASE WHEN entry.amount = 0
                   THEN entry.balance > 0 ELSE entry.amount > 0 END
     ORDER BY 1, 2, 3, 4, 5, 6, 7 DESC
"""


class SaasRevenuePosting(models.AbstractModel):
    """Recognises revenue: writes what each schedule has earned, and posts one journal
    entry for each month that something is booked in.
    """

    _name = "saas.revenue.posting"
    _description = "SaaS recognition of revenue"

    def _recognize(self, source, run):
        """Book what is due of a run, in the transaction of the caller.

        :param source: the company's own source.
        :return: how many rows were recognised.
        """
        self.env["saas.revenue.change"]._follow_cancellations(run.company_id)
        due = self.env["saas.revenue.due"]
        month = run.month.replace(day=1)
        places = due._find_places(source, month, run.policy)
        count = due._write_entries(run, month, places) if places else 0
        if count:
            self._post(source, run)
        due._conclude(run.company_id, month)
        return count

    def _post(self, source, run):
        """Post the journal entries of a run's rows, and have the rows name them."""
        recognitions = {}
        for booked, *values in self._add_up(run):
            if booked not in recognitions:
                recognitions[booked] = Recognition(
                    get_last_day(booked), self._describe(booked)
                )
            recognitions[booked].earned.append(Earned(*values))
        moves = self.env["saas.ledger.revenue.recognition"]._post(
            source, [*recognitions.values()]
        )
        for booked, move in zip(recognitions, moves, strict=True):
            self.env.cr.execute(
                SQL(
                    """UPDATE saas_revenue_entry SET move_id = %s
                        WHERE run_id = %s AND booked_month = %s""",
                    move.id,
                    run.id,
                    booked,
                )
            )
        self.env["saas.revenue.due"]._invalidate()

    def _describe(self, month):
        return self.env._(
            "Revenue recognised, %s",
            format_date(self.env, month, date_format="MMMM y"),
        )

    def _add_up(self, run):
        """Return the sums of a run's rows, by the month that they are booked in, by
        accounts, currency, analytic accounts and plan; what is given back stands apart.
        """
        return self.env.execute_query(SQL(_SUMS, run=run.id))
