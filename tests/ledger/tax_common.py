"""What tests of taxes share: invoices with any taxes, rates, and rules."""

from odoo import Command

from ..support import stripe_fixtures
from ..support.common import SaasCommon


class TaxCommon(SaasCommon):
    """A source whose invoices are taxed by 19, by 7 or by 0 percent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat_7 = cls._create_vat(7)
        cls.vat_0 = cls._create_vat(0)

    def _invoice(self, *taxes, exempt="none", number=1):
        """Return an invoice over 100.00; ``taxes`` are tuples of a rate's id, what it
        charges and why.
        """
        event = stripe_fixtures.load(
            "basil",
            "invoice.finalized",
            id=f"in_{number}",
            customer_tax_exempt=exempt,
            total=10000 + sum(tax[1] for tax in taxes),
        )
        event["id"] = f"evt_{number}"
        line = event["data"]["object"]["lines"]["data"][0]
        line["taxes"] = [
            {
                "amount": amount,
                "tax_behavior": "exclusive",
                "tax_rate_details": {"tax_rate": rate} if rate else None,
                "taxability_reason": reason,
                "taxable_amount": 10000,
                "type": "tax_rate_details",
            }
            for rate, amount, reason in taxes
        ]
        return event

    def _rate(self, rate="txr_new", created=0, **changes):
        event = stripe_fixtures.load(
            "basil", "tax_rate.created-state", id=rate, **changes
        )
        event["id"] = f"evt_{rate}_{created}"
        event["created"] += created
        return event

    def _rules(self, *vals_list):
        self.source.tax_rule_ids = [
            Command.clear(),
            *(
                Command.create({"sequence": number, "tax_id": self.vat_7.id, **vals})
                for number, vals in enumerate(vals_list)
            ),
        ]

    def _taxes_of(self, event):
        self.assertState(event, "done")
        move = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id)], order="id desc", limit=1
        )
        return move.invoice_line_ids.tax_ids
