from odoo import fields, models
from odoo.tools import SQL

#: The ages of what is open, each with how many days it is due at most: the same as on
#: the page *Finance*.
_AGES = (("0", 0), ("30", 30), ("60", 60), ("90", 90))


class SaasDunningAge(models.Model):
    """What is open of a tenant's invoice, and for how long it has been due. It is read
    from the books at each look, and stored nowhere.
    """

    _name = "saas.dunning.age"
    _description = "SaaS open receivable"
    _inherit = ["saas.guarded.mixin"]
    _auto = False
    _order = "due, id"
    _rec_name = "move_id"
    _depends = {
        "account.move": ["move_type", "saas_disputed_note", "saas_tenant_id"],
        "account.move.line": [
            *("account_id", "amount_residual", "amount_residual_currency", "date"),
            *("company_id", "currency_id", "date_maturity", "move_id"),
            *("parent_state", "reconciled"),
        ],
        "saas.tenant": ["bill_to_id", "is_consolidated"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    tenant_id = fields.Many2one("saas.tenant", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    due = fields.Date(readonly=True)
    days = fields.Integer(string="Days Overdue", readonly=True, aggregator="max")
    age = fields.Selection(
        [
            ("0", "Not due"),
            ("30", "1 to 30 days"),
            ("60", "31 to 60 days"),
            ("90", "61 to 90 days"),
            ("older", "Over 90 days"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(string="Open", readonly=True)
    amount_company = fields.Monetary(
        string="Open in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    is_disputed = fields.Boolean(string="Disputed", readonly=True)

    @property
    def _table_query(self):
        """Return the query: what is open of invoices of tenants, by who pays it."""
        days = SQL(
            "%s::date - COALESCE(line.date_maturity, line.date)",
            fields.Date.context_today(self),
        )
        ages = SQL(" ").join(
            SQL("WHEN %s <= %s THEN %s", days, most, age) for age, most in _AGES
        )
        return SQL(
            """
            SELECT line.id, line.company_id, line.move_id, line.currency_id,
                   CASE WHEN tenant.is_consolidated
                        THEN COALESCE(tenant.bill_to_id, tenant.id)
                        ELSE tenant.id END AS tenant_id,
                   COALESCE(line.date_maturity, line.date) AS due,
                   GREATEST(%(days)s, 0) AS days,
                   CASE %(ages)s ELSE 'older' END AS age,
                   line.amount_residual_currency AS amount,
                   line.amount_residual AS amount_company,
                   move.saas_disputed_note IS NOT NULL AS is_disputed
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
               AND account.account_type = 'asset_receivable'
              JOIN account_move move ON move.id = line.move_id
               AND move.move_type = 'out_invoice'
              JOIN saas_tenant tenant ON tenant.id = move.saas_tenant_id
             WHERE line.reconciled IS NOT TRUE AND line.parent_state = 'posted'
            """,
            days=days,
            ages=ages,
        )

    def action_view_move(self):
        """Open the invoice."""
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": self.move_id.id,
            "context": {"allowed_company_ids": self.company_id.ids},
        }
