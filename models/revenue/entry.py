from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..big_integer import BigInteger


class SaasRevenueEntry(models.Model):
    """What was recognised of a schedule: for which month, in which one it is booked,
    and by which journal entry. Rows are only added; they are written by the run that
    posts the journal entry, in its transaction.
    """

    _name = "saas.revenue.entry"
    _description = "SaaS recognised revenue"
    _inherit = ["saas.guarded.mixin"]
    _order = "booked_month desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    run_id = fields.Many2one(
        "saas.revenue.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    schedule_id = fields.Many2one(
        "saas.revenue.schedule", required=True, readonly=True, ondelete="restrict"
    )
    version_id = fields.Many2one(
        "saas.revenue.version", required=True, readonly=True, ondelete="restrict"
    )
    tenant_id = fields.Many2one("saas.tenant", readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )
    document_month = fields.Date(
        string="Document's Month", required=True, readonly=True
    )
    month = fields.Date(
        string="For the Month",
        required=True,
        readonly=True,
        help="The month that earned it, by its first day.",
    )
    booked_month = fields.Date(
        string="Booked In",
        required=True,
        readonly=True,
        help="The month in which it is booked, by its first day.",
    )
    is_late = fields.Boolean(
        string="Booked in Another Month",
        readonly=True,
        help="The month that earned it was locked, or was over already.",
    )
    amount = BigInteger(string="Amount in Minor Units", required=True, readonly=True)
    balance = BigInteger(
        string="Company's Amount in Minor Units", required=True, readonly=True
    )
    amount_shown = fields.Monetary(string="Amount", required=True, readonly=True)
    balance_shown = fields.Monetary(
        string="Company's Amount",
        currency_field="company_currency_id",
        required=True,
        readonly=True,
    )
    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _month_unique = models.UniqueIndex("(schedule_id, month, run_id)")

    @api.depends("schedule_id", "month")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = self.env._(
                "%(schedule)s, %(month)s",
                schedule=entry.schedule_id.display_name or "",
                month=format_date(self.env, entry.month, date_format="MMMM y"),
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "What was recognised can't be deleted: what is recognised next rests "
                "on it."
            )
        )
