from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

_GROUPS = "account.group_account_readonly,account.group_account_invoice"
#: The fields of what is open, by how many days it is due at most.
_AGES = {
    "open_not_due": 0,
    "open_due_30": 30,
    "open_due_60": 60,
    "open_due_90": 90,
    "open_due_older": None,
}


class SaasTenant(models.Model):
    """Adds up what a tenant and all its parts owe, and how much there is of each: what
    a group is to the company. It reads the same books as anything else and stores
    nothing.
    """

    _inherit = "saas.tenant"

    child_count = fields.Integer(
        string="Number of Parts", compute="_compute_group_counts"
    )
    group_move_count = fields.Integer(
        string="Documents of the Group", compute="_compute_group_counts"
    )
    group_payment_count = fields.Integer(
        string="Payments of the Group", compute="_compute_group_counts"
    )
    group_subscription_count = fields.Integer(
        string="Subscriptions of the Group", compute="_compute_group_counts"
    )
    company_currency_id = fields.Many2one(
        "res.currency", string="Company Currency", related="company_id.currency_id"
    )
    open_amount = fields.Monetary(
        string="Open",
        currency_field="company_currency_id",
        compute="_compute_open",
        groups=_GROUPS,
        help="What this tenant and its parts owe, less what they have paid on account, "
        "in the company's currency.",
    )
    open_not_due = fields.Monetary(
        string="Not Due",
        currency_field="company_currency_id",
        compute="_compute_open",
        groups=_GROUPS,
    )
    open_due_30 = fields.Monetary(
        string="Due for 1 to 30 Days",
        currency_field="company_currency_id",
        compute="_compute_open",
        groups=_GROUPS,
    )
    open_due_60 = fields.Monetary(
        string="Due for 31 to 60 Days",
        currency_field="company_currency_id",
        compute="_compute_open",
        groups=_GROUPS,
    )
    open_due_90 = fields.Monetary(
        string="Due for 61 to 90 Days",
        currency_field="company_currency_id",
        compute="_compute_open",
        groups=_GROUPS,
    )
    open_due_older = fields.Monetary(
        string="Due for Longer",
        currency_field="company_currency_id",
        compute="_compute_open",
        groups=_GROUPS,
    )

    def _get_group(self):
        """Return for each tenant that is here or a part of one here, which of these
        tenants it counts for.
        """
        own = set(self.ids)
        parts = self.sudo().with_context(active_test=False)
        parts = parts.search_fetch([("id", "child_of", self.ids)], ["parent_path"])
        return {
            part.id: {int(id_) for id_ in part.parent_path.split("/") if id_} & own
            for part in parts
        }

    @api.depends("child_ids")
    def _compute_group_counts(self):
        group = self._get_group()
        for name, model, key in (
            ("group_move_count", "account.move", "saas_tenant_id"),
            ("group_payment_count", "account.payment", "saas_tenant_id"),
            ("group_subscription_count", "saas.subscription", "tenant_id"),
        ):
            # As superuser: an operator may see how many there are, not what they say.
            rows = (
                self.env[model]
                .sudo()
                ._read_group([(key, "in", list(group))], [key], ["__count"])
            )
            counts = defaultdict(int)
            for part, count in rows:
                for tenant in group[part.id]:
                    counts[tenant] += count
            for tenant in self:
                tenant[name] = counts[tenant.id]
        sizes = defaultdict(int)
        for part, tenants in group.items():
            for tenant in tenants - {part}:
                sizes[tenant] += 1
        for tenant in self:
            tenant.child_count = sizes[tenant.id]

    @api.depends("child_ids")
    def _compute_open(self):
        group = self._get_group()
        sums = defaultdict(float)
        for part, days, amount in self._read_open(group):
            name = _get_age(days)
            for tenant in group[part]:
                sums[tenant, name] += amount
        for tenant in self:
            for name in _AGES:
                tenant[name] = sums[tenant.id, name]
            tenant.open_amount = sum(sums[tenant.id, name] for name in _AGES)

    def _read_open(self, group):
        """Return what is open of receivables, as rows of a tenant's id, the days since
        it was due, and the amount in the company's currency.

        This is SQL because what is open of all is added up in one query.
        """
        if not group:
            return []
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(["saas_tenant_id"])
        self.env["account.payment"].flush_model(["saas_tenant_id"])
        self.env.cr.execute(
            SQL(
                """SELECT owner.tenant_id,
                          %(today)s::date - COALESCE(line.date_maturity, line.date),
                          SUM(line.amount_residual)
                     FROM (SELECT id AS move_id, saas_tenant_id AS tenant_id
                             FROM account_move WHERE saas_tenant_id IN %(tenants)s
                            UNION
                           SELECT move_id, saas_tenant_id
                             FROM account_payment WHERE saas_tenant_id IN %(tenants)s
                          ) owner
                     JOIN account_move_line line ON line.move_id = owner.move_id
                     JOIN account_account account ON account.id = line.account_id
                    WHERE line.parent_state = 'posted'
                      AND line.amount_residual <> 0
                      AND account.account_type = 'asset_receivable'
                 GROUP BY 1, 2""",
                today=fields.Date.context_today(self),
                tenants=tuple(group),
            )
        )
        return self.env.cr.fetchall()


def _get_age(days):
    """Return the field of what is due for so many days."""
    return next(name for name, most in _AGES.items() if most is None or days <= most)
