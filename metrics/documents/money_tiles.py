from odoo import fields, models

from ...canonical.display import metrics
from .. import domains, parts, words
from ..sample import add_up

_ITEMS = "account.action_account_moves_all_a"
_PAYOUTS = "saas_billing_sync.saas_payout_action"


class SaasMetricsMoneyTiles(models.AbstractModel):
    """Lays out money that is not where it belongs, a tile for each currency: on the
    page *Finance*, and on the page *Home* of who works in finance.
    """

    _name = "saas.metrics.money_tiles"
    _description = "SaaS tiles of money"

    def _get_currencies(self, samples):
        """Return the currencies that samples are in, by their codes."""
        codes = {
            sample.labels["currency"]
            for own in samples.values()
            for sample in own
            if "currency" in sample.labels
        }
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search([("name", "in", list(codes))])
        return {currency.name: currency for currency in found}

    def _lay_out(self, samples, currencies):
        """Return the tiles of money that is not where it belongs, by currency."""
        overdue = [
            [sample for sample in samples[metric] if sample.get("age") != "not_due"]
            for metric in (metrics.RECEIVABLES, metrics.RECEIVABLES_AMOUNT)
        ]
        today = fields.Date.to_string(fields.Date.context_today(self))
        late = [*domains.RECEIVABLES, ("date_maturity", "<", today)]
        return [
            tile
            for name, label, both, terms, key, action in (
                (
                    "unmatched",
                    self.env._("Payments Without a Document"),
                    [samples[m] for m in (metrics.UNMATCHED, metrics.UNMATCHED_AMOUNT)],
                    domains.UNMATCHED,
                    "currency_id.name",
                    _ITEMS,
                ),
                (
                    "unproved",
                    self.env._("Payouts Not Proved"),
                    [samples[m] for m in (metrics.UNPROVED, metrics.UNPROVED_AMOUNT)],
                    domains.UNPROVED,
                    "currency_id.name",
                    _PAYOUTS,
                ),
                (
                    "overdue",
                    self.env._("Receivables Overdue"),
                    overdue,
                    late,
                    "company_currency_id.name",
                    _ITEMS,
                ),
            )
            for tile in self._lay_out_amounts(
                name,
                label,
                both,
                currencies,
                lambda code, label=label, terms=terms, key=key, action=action: (
                    parts.opening(label, [*terms, (key, "=", code)], action)
                ),
            )
        ]

    def _lay_out_amounts(self, name, label, both, currencies, opens):
        """Return a tile for each currency, or one that says that there is nothing.

        :param both: the samples of how many there are, and those of how much.
        :param opens: what returns what a currency's tile opens.
        """
        counts, amounts = (add_up(samples, "currency") for samples in both)
        if not counts:
            return [parts.tile(name, label, 0, "0", tone="success")]
        return [
            parts.tile(
                name,
                label,
                amounts[code],
                words.amount(self.env, amounts[code], currencies[code]),
                opens(code),
                "warning",
                self.env._("%s of them", words.number(self.env, count)),
            )
            for code, count in counts.items()
        ]
