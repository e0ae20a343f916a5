from collections import Counter

from odoo import models
from odoo.tools import format_date

from ...canonical.money import to_decimal
from ...canonical.revenue.months import get_last_day


class SaasLedgerSpread(models.AbstractModel):
    """Writes what cost runs spread, as analytic lines of the tenants' accounts. The
    journal is as it was: these lines only say whose the cost is.
    """

    _name = "saas.ledger.revenue.spread"
    _description = "SaaS ledger of spread costs"

    def _write(self, run, shares):
        """Write analytic lines for shares.

        A tenant's line names the cost account. What is spread of an analytic account
        stays in sight there, tenant by tenant, and one more line takes it off that
        account, so that each plan comes to what the ledger has.

        :param shares: :class:`~...revenue.costs.Share`, in the order of the lines.
        """
        plan = self.env["account.analytic.plan"]._find_saas_tenants()
        vals_list, sums = [], Counter()
        for share in shares:
            vals = self._prepare(run, share)
            account = share.tenant.analytic_account_id
            vals_list.append({**vals, plan._column_name(): account.id})
            if share.allocation.analytic_account_id:
                sums[share._replace(tenant=None, amount=0)] -= share.amount
        vals_list += [
            self._prepare(run, share._replace(amount=amount))
            for share, amount in sums.items()
            if amount
        ]
        return self.env["account.analytic.line"].create(vals_list)

    def _prepare(self, run, share):
        """Return the values of a line, still without a tenant."""
        allocation, company = share.allocation, run.company_id
        pool = allocation.analytic_account_id
        return {
            "name": self.env._(
                "%(cost)s, %(month)s",
                cost=allocation.name,
                month=format_date(self.env, share.month, date_format="MMMM y"),
            ),
            "date": get_last_day(share.booked_month),
            "amount": to_decimal(share.amount, company.currency_id.decimal_places),
            "company_id": company.id,
            "general_account_id": allocation.account_id.id,
            "saas_allocation_id": allocation.id,
            "saas_month": share.month,
            "saas_run_id": run.id,
            **({pool.plan_id._column_name(): pool.id} if pool else {}),
        }
