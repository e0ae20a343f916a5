import json

from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.money import to_decimal
from ..big_integer import BigInteger, widen_ids
from ..loose_link import LooseLink

#: Rows that one statement writes.
_AT_ONCE = 10_000


class SaasRevenueShare(models.Model):
    """What one month earns of a schedule, by one version of it: what the version's
    parts come to. Rows are written once, by the version.
    """

    _name = "saas.revenue.share"
    _description = "SaaS revenue of a month"
    _inherit = ["saas.guarded.mixin"]
    _order = "month, id"
    _log_access = False
    _rec_name = "month"

    company_id = LooseLink("res.company", required=True, readonly=True)
    schedule_id = LooseLink("saas.revenue.schedule", required=True, readonly=True)
    version_id = LooseLink("saas.revenue.version", required=True, readonly=True)
    currency_id = LooseLink("res.currency", required=True, readonly=True)
    month = fields.Date(required=True, readonly=True, help="By its first day.")
    amount = BigInteger(string="Amount in Minor Units", required=True, readonly=True)
    balance = BigInteger(
        string="Company's Amount in Minor Units", required=True, readonly=True
    )
    amount_shown = fields.Monetary(string="Amount", required=True, readonly=True)

    is_newest = fields.Boolean(
        string="Known Now",
        compute="_compute_is_newest",
        search="_search_is_newest",
        help="No other version has taken its place.",
    )

    _month_unique = models.UniqueIndex("(version_id, month)")

    def init(self):
        widen_ids(self)

    def _compute_is_newest(self):
        newest = self.schedule_id.version_id
        for share in self:
            share.is_newest = share.version_id in newest

    @api.model
    def _search_is_newest(self, operator, value):
        if operator != "in":
            return NotImplemented
        newest = SQL("(SELECT version_id FROM saas_revenue_schedule)")
        return [("version_id", "in" if True in value else "not in", newest)]

    @api.model
    def _insert(self, versions, shares):
        """Write what versions earn, in few statements.

        :param shares: for each version, pairs of amounts by month.
        """
        rows = [
            {
                "company_id": version.company_id.id,
                "schedule_id": version.schedule_id.id,
                "version_id": version.id,
                "currency_id": version.schedule_id.currency_id.id,
                "month": str(month),
                "amount": amount,
                "balance": balance,
                "shown": str(to_decimal(amount, version.schedule_id.exponent)),
            }
            for version, by_month in zip(versions, shares, strict=True)
            for month, (amount, balance) in by_month.items()
        ]
        for start in range(0, len(rows), _AT_ONCE):
            self.env.cr.execute(
                SQL(
                    """INSERT INTO saas_revenue_share
                              (company_id, schedule_id, version_id, currency_id, month,
                               amount, balance, amount_shown)
                       SELECT company_id, schedule_id, version_id, currency_id, month,
                              amount, balance, shown
                         FROM jsonb_to_recordset(%s::jsonb) AS row(
                              company_id int, schedule_id int, version_id int,
                              currency_id int, month date, amount bigint,
                              balance bigint, shown numeric)""",
                    json.dumps(rows[start : start + _AT_ONCE]),
                )
            )
        self.invalidate_model()
        versions.invalidate_recordset(["share_ids"])
