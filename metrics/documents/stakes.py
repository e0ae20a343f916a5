from collections import defaultdict

from odoo import models

from ...canonical.money import exact
from .. import parts, words

_CASES = "saas_billing_sync.saas_exception_action"


class SaasMetricsStakes(models.AbstractModel):
    """Lays out what is at stake with open exceptions, a tile for each currency of the
    user's companies. Each document or payment counts once, however many causes it
    waits for.
    """

    _name = "saas.metrics.stakes"
    _description = "SaaS tiles of what is at stake"

    def _lay_out(self):
        """Return the tiles; one that says that there is nothing, if so."""
        label = self.env._("At Stake With Exceptions")
        cases = self.env["saas.exception"]
        cases.check_access("read")
        companies = self.env["res.company"]
        counts, amounts, unknown = defaultdict(int), defaultdict(int), set()
        for row in cases._read_totals(self.env.companies):
            _source_id, company_id, count, amount, is_known = row
            currency = companies.browse(company_id).currency_id
            counts[currency] += count
            amounts[currency] += exact(amount, currency.decimal_places)
            if not is_known:
                unknown.add(currency)
        if not counts:
            return [parts.tile("stakes", label, 0, "0", tone="success")]
        return [
            parts.tile(
                "stakes",
                label,
                amounts[currency],
                words.amount(self.env, amounts[currency], currency),
                parts.opening(label, self._get_terms(currency), _CASES),
                "warning",
                self._describe(count, currency in unknown),
            )
            for currency, count in counts.items()
        ]

    def _get_terms(self, currency):
        """Return the domain of the open exceptions of companies with a currency."""
        own = self.env.companies.filtered(
            lambda company: company.currency_id == currency
        )
        return [("state", "=", "open"), ("company_id", "in", own.ids)]

    def _describe(self, count, is_more):
        """Return how many exceptions there are, and whether more may be at stake."""
        number = words.number(self.env, count)
        if is_more:
            return self.env._("%s exceptions; more may be at stake", number)
        return self.env._("%s exceptions", number)
