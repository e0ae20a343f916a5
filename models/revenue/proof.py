from odoo import fields, models
from odoo.tools import SQL

#: What the deferred accounts hold, beside what is not recognised yet. Documents and
#: entries later than a day are left out, so that it can be shown for any day.
_QUERY = """
    WITH known AS (
        SELECT DISTINCT company_id, deferred_account_id FROM saas_revenue_schedule
    ), told AS (
        SELECT schedule.company_id, schedule.deferred_account_id, schedule.currency_id,
               sum(schedule.amount / (10::numeric ^ schedule.exponent)) AS amount,
               sum(schedule.balance / (10::numeric ^ schedule.company_exponent))
               AS balance
          FROM saas_revenue_schedule schedule
         WHERE schedule.date <= %(day)s
         GROUP BY 1, 2, 3
         UNION ALL
        SELECT schedule.company_id, schedule.deferred_account_id, schedule.currency_id,
               -sum(entry.amount_shown), -sum(entry.balance_shown)
          FROM saas_revenue_entry entry
          JOIN saas_revenue_schedule schedule ON schedule.id = entry.schedule_id
         WHERE (entry.booked_month + interval '1 month - 1 day')::date <= %(day)s
         GROUP BY 1, 2, 3
    ), booked AS (
        SELECT line.company_id, line.account_id AS deferred_account_id,
               line.currency_id, -sum(line.amount_currency) AS amount,
               -sum(line.balance) AS balance
          FROM account_move_line line
          JOIN known ON known.company_id = line.company_id
                    AND known.deferred_account_id = line.account_id
         WHERE line.parent_state = 'posted' AND line.date <= %(day)s
         GROUP BY 1, 2, 3
    ), both_sides AS (
        SELECT company_id, deferred_account_id, currency_id,
               amount AS unrecognized, balance AS company_unrecognized,
               0 AS booked, 0 AS company_booked FROM told
         UNION ALL
        SELECT company_id, deferred_account_id, currency_id,
               0, 0, amount, balance FROM booked
    )
    SELECT row_number() OVER (
               ORDER BY company_id, deferred_account_id, currency_id) AS id,
           company_id, deferred_account_id, currency_id,
           sum(booked) AS booked, sum(unrecognized) AS unrecognized,
           sum(booked) - sum(unrecognized) AS difference,
           sum(company_booked) AS company_booked,
           sum(company_unrecognized) AS company_unrecognized,
           sum(company_booked) - sum(company_unrecognized) AS company_difference,
           CASE WHEN sum(booked) = sum(unrecognized)
                 AND sum(company_booked) = sum(company_unrecognized)
                THEN 'proved' ELSE 'different' END AS proof_state
      FROM both_sides GROUP BY company_id, deferred_account_id, currency_id
"""


class SaasRevenueProof(models.Model):
    """The proof of deferred revenue: what a deferred account holds in each currency,
    beside what the schedules say is not recognised yet. The two are equal on any day.

    The context's ``saas_day`` says on which; otherwise it is all that is booked.
    """

    _name = "saas.revenue.proof"
    _description = "SaaS proof of deferred revenue"
    _inherit = ["saas.guarded.mixin"]
    _auto = False
    _order = "company_id, deferred_account_id, currency_id"
    _rec_name = "deferred_account_id"
    _depends = {
        "account.move.line": ["parent_state", "balance", "amount_currency", "date"],
        "saas.revenue.entry": ["amount_shown", "balance_shown", "booked_month"],
        "saas.revenue.schedule": ["amount", "balance", "date"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    deferred_account_id = fields.Many2one("account.account", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )
    booked = fields.Monetary(string="In the Books", readonly=True)
    unrecognized = fields.Monetary(
        string="Not Recognised Yet",
        readonly=True,
        help="What all schedules come to, less what is recognised of them.",
    )
    difference = fields.Monetary(readonly=True)
    company_booked = fields.Monetary(
        string="In the Books, Company's Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    company_unrecognized = fields.Monetary(
        string="Not Recognised Yet, Company's Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    company_difference = fields.Monetary(
        string="Difference, Company's Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    proof_state = fields.Selection(
        [("different", "Different"), ("proved", "Proved")],
        string="Proof",
        readonly=True,
    )

    @property
    def _table_query(self):
        day = fields.Date.to_date(self.env.context.get("saas_day"))
        return SQL(_QUERY, day=day or "9999-12-31")

    def action_view_schedules(self):
        """Open the schedules of this account and currency."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_revenue_schedule_action"
        )
        domain = [
            ("company_id", "=", self.company_id.id),
            ("deferred_account_id", "=", self.deferred_account_id.id),
            ("currency_id", "=", self.currency_id.id),
        ]
        return self._in_company({**action, "domain": domain, "context": {}})
