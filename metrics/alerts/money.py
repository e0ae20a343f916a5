from datetime import timedelta

from odoo import fields, models

from ...canonical.review.alerts import Measured, round_up
from .. import domains

#: A movement may be booked some time after it was read; then only it is a difference.
_PATIENCE = timedelta(days=1)


class SaasAlertMoney(models.AbstractModel):
    """Measures whether money is where it belongs. Each method returns what was found, a
    ``Measured`` by the source's id.
    """

    _name = "saas.alert.money"
    _description = "SaaS alerts about money"

    def _measure_cases(self, _rules):
        """How many exceptions are open."""
        rows = self.env["saas.exception"]._read_group(
            [("state", "=", "open"), ("company_id", "in", self.env.companies.ids)],
            ["source_id"],
            ["__count"],
        )
        return {source.id: Measured(count) for source, count in rows}

    def _measure_stakes(self, _rules):
        """What waits with open exceptions, in the company's currency."""
        rows = self.env["saas.exception"]._read_totals(self.env.companies)
        companies = self.env["res.company"]
        return {
            source_id: Measured(
                round_up(amount), companies.browse(company_id).currency_id.name
            )
            for source_id, company_id, _count, amount, _is_known in rows
        }

    def _measure_payouts(self, _rules):
        """How many days ago the oldest payout arrived that is not proved."""
        today = fields.Date.context_today(self)
        rows = self.env["saas.payout"]._read_group(
            [*domains.UNPROVED, ("company_id", "in", self.env.companies.ids)],
            ["source_id"],
            ["arrival_date:min"],
        )
        return {
            source.id: Measured(max(0, (today - oldest).days))
            for source, oldest in rows
            if oldest
        }

    def _measure_differences(self, _rules):
        """How many differences of the nightly comparison are open, and how many
        movements of the balance that were read a day ago are booked otherwise.
        """
        own = ("company_id", "in", self.env.companies.ids)
        counts = {}
        for model, terms in (
            ("saas.difference", [("state", "=", "open")]),
            (
                "saas.balance.transaction",
                [
                    ("match_state", "in", ["different", "unhandled"]),
                    ("create_date", "<", fields.Datetime.now() - _PATIENCE),
                ],
            ),
        ):
            rows = self.env[model]._read_group(
                [*terms, own], ["source_id"], ["__count"]
            )
            for source, count in rows:
                counts[source.id] = counts.get(source.id, 0) + count
        return {source_id: Measured(count) for source_id, count in counts.items()}
