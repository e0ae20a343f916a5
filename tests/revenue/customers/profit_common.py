"""Reads what tenants' analytic accounts have, and the report that is made of it."""

from ....canonical.money import exact

#: The columns of the report that are not zero are told in this order.
COLUMNS = (
    *("revenue", "refunds", "fees", "disputes", "bad_debt"),
    *("assigned", "allocated", "margin"),
)


class ProfitMixin:
    """A company that tells tenants apart from 2024 on, if it is asked to."""

    @classmethod
    def tell_apart(cls, day="2024-01-01"):
        """Switch profitability on."""
        cls.company.profit_from = day
        cls.env.flush_all()

    def read_lines(self, tenant=None, **domain):
        """Return the analytic lines of tenants as texts: the day, the account's short
        name, and the amount, costs below zero.
        """
        lines = self.env["account.analytic.line"].search(
            [("company_id", "=", self.company.id)], order="date, id"
        )
        column = self.env["account.analytic.plan"]._find_saas_tenants()._column_name()
        account = tenant and tenant.analytic_account_id
        return [
            f"{line.date:%m-%d} {self._name_account(line)} {line.amount:+.2f}"
            for line in lines
            if line[column] and account in (None, line[column])
        ]

    def _name_account(self, line):
        account = line.general_account_id
        return self.accounts.get(account) or account.code or "-"

    def read_report(self, *names):
        """Return the rows of the report: the values of some fields, and a dict of the
        columns that are not zero.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["saas.profit.month"].search(
            [("company_id", "=", self.company.id)], order="month, tenant_id, plan_id"
        )
        return [
            (
                *(self._tell(row[name]) for name in names),
                {
                    column: f"{row[column]:.2f}"
                    for column in COLUMNS
                    if row[column] or column == "margin"
                },
            )
            for row in rows
        ]

    def _tell(self, value):
        if hasattr(value, "display_name"):
            return value.display_name or ""
        return f"{value:%Y-%m}"

    def assertTies(self):
        """Check that tenants have, item by item, what the ledger has of all entries
        that are a tenant's; and that the report comes to it, too. Return the report.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        exchange = (
            self.company.income_currency_exchange_account_id
            | self.company.expense_currency_exchange_account_id
        )
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("account_id.internal_group", "in", ("income", "expense")),
                ("account_id", "not in", exchange.ids),
            ]
        )
        booked = 0
        for line in lines.filtered("balance"):
            shares = line.analytic_line_ids.filtered(self._is_of_tenant)
            got = sum((exact(share.amount, 2) for share in shares), start=0)
            move = line.move_id
            is_of_tenant = move.saas_tenant_id or move.has_saas_revenue
            expected = -exact(line.balance, 2) if is_of_tenant else 0
            self.assertEqual(got, expected, f"{move.name} {line.name}")
            booked += got
        report = self.env["saas.profit.month"].search(
            [("company_id", "=", self.company.id)]
        )
        allocated = sum(exact(row.allocated, 2) for row in report)
        self.assertEqual(
            sum(exact(row.margin, 2) for row in report) - allocated,
            booked,
        )
        for row in report:
            parts = [exact(row[name], 2) for name in COLUMNS[:-1]]
            self.assertEqual(sum(parts), exact(row.margin, 2))
        return report

    def _is_of_tenant(self, line):
        plan = self.env["account.analytic.plan"]._find_saas_tenants()
        return bool(line[plan._column_name()])
