from odoo import fields, models
from odoo.tools import SQL

from ...canonical.revenue.months import get_last_day

#: What counts of each schedule: its newest version, or the one that was known on a day;
#: of a document that was only known later, the first one.
_NEWEST = "schedule.version_id"
_KNOWN_ON = """(
    SELECT version.id FROM saas_revenue_version version
     WHERE version.schedule_id = schedule.id
       AND (version.number = 1 OR version.known_at < %(day)s::date + 1)
     ORDER BY version.number DESC LIMIT 1)"""

#: What is recognised stands in the month that it is booked in, and what is not yet in
#: the month that earns it. Together they come to what the documents have deferred.
_QUERY = """
    WITH known AS (
        SELECT schedule.id, schedule.company_id, schedule.deferred_account_id,
               date_trunc('month', schedule.date)::date AS document_month,
               10::numeric ^ schedule.company_exponent AS unit,
               %(version)s AS version_id
          FROM saas_revenue_schedule schedule
         WHERE schedule.date <= %(day)s
    ), booked AS (
        SELECT known.*, entry.month, entry.booked_month, entry.balance
          FROM known
          JOIN saas_revenue_entry entry ON entry.schedule_id = known.id
         WHERE (entry.booked_month + interval '1 month - 1 day')::date <= %(day)s
    ), parts AS (
        SELECT known.company_id, known.deferred_account_id, known.document_month,
               share.month, 0 AS recognized, share.balance / known.unit AS unrecognized
          FROM known
          JOIN saas_revenue_share share ON share.version_id = known.version_id
         UNION ALL
        SELECT company_id, deferred_account_id, document_month,
               booked_month, balance / unit, 0 FROM booked
         UNION ALL
        SELECT company_id, deferred_account_id, document_month,
               month, 0, -balance / unit FROM booked
    ), summed AS (
        SELECT company_id, deferred_account_id, document_month, month,
               sum(recognized) AS recognized, sum(unrecognized) AS unrecognized
          FROM parts GROUP BY 1, 2, 3, 4
        HAVING sum(recognized) <> 0 OR sum(unrecognized) <> 0
    )
    SELECT row_number() OVER (
               ORDER BY company_id, deferred_account_id, document_month, month) AS id,
           summed.*, recognized + unrecognized AS amount,
           company.currency_id AS company_currency_id, %(known_on)s::date AS known_on
      FROM summed JOIN res_company company ON company.id = summed.company_id
"""


class SaasRevenueWaterfall(models.Model):
    """The waterfall: what the documents of a month have deferred, by the months in
    which it becomes income; what is booked of it, and what is still to come. A row of
    it adds up to what was deferred in its month, in the company's currency.

    The context's ``saas_day`` says as of which day: documents and entries later than it
    are left out, and versions that were not known then. A search box gives a list.
    """

    _name = "saas.revenue.waterfall"
    _description = "SaaS revenue waterfall"
    _inherit = ["saas.guarded.mixin"]
    _auto = False
    _order = "document_month desc, month, id"
    _rec_name = "document_month"
    _depends = {
        "saas.revenue.entry": ["balance", "booked_month", "month"],
        "saas.revenue.schedule": ["balance", "date", "version_id"],
        "saas.revenue.share": ["balance", "month"],
        "saas.revenue.version": ["known_at", "number"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    deferred_account_id = fields.Many2one("account.account", readonly=True)
    document_month = fields.Date(
        string="Booked In", readonly=True, help="The month of the documents."
    )
    month = fields.Date(
        string="Earned In",
        readonly=True,
        help="The month in which it is recognised; of what is not yet, the month that "
        "earns it.",
    )
    known_on = fields.Date(
        string="As of",
        readonly=True,
        help="The day whose knowledge is shown. Empty: what is known now.",
    )
    recognized = fields.Monetary(
        string="Recognised",
        currency_field="company_currency_id",
        readonly=True,
        help="What is booked as income.",
    )
    unrecognized = fields.Monetary(
        string="To Come",
        currency_field="company_currency_id",
        readonly=True,
        help="What the deferred account holds of it.",
    )
    amount = fields.Monetary(
        string="Revenue",
        currency_field="company_currency_id",
        readonly=True,
        help="What is recognised, and what is still to come.",
    )

    @property
    def _table_query(self):
        day = self.env.context.get("saas_day")
        if isinstance(day, list):
            day = day[-1] if day else None
        day = fields.Date.to_date(day)
        version = SQL(_KNOWN_ON, day=day) if day else SQL(_NEWEST)
        return SQL(_QUERY, version=version, day=day or "9999-12-31", known_on=day)

    def action_view_schedules(self):
        """Open the schedules of the documents of a row."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_revenue_schedule_action"
        )
        domain = [
            ("company_id", "=", self.company_id.id),
            ("deferred_account_id", "=", self.deferred_account_id.id),
            ("date", ">=", fields.Date.to_string(self.document_month)),
            ("date", "<=", fields.Date.to_string(get_last_day(self.document_month))),
        ]
        return self._in_company({**action, "domain": domain, "context": {}})
