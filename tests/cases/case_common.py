"""Events that several causes stop."""

import copy

from ..support import stripe_fixtures
from ..support.common import SaasCommon


class CaseCommon(SaasCommon):
    """Delivers invoices with prices that nobody has mapped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.default_product_id = False

    def invoice(self, number, *prices, net=10000, event=None):
        """Return an event of an invoice with a line for each price, each of 100.00 and
        19.00 tax.
        """
        payload = stripe_fixtures.load("basil", "invoice.finalized")
        payload["id"] = f"evt_{event or number}"
        data = payload["data"]["object"]
        data["id"] = f"in_{number}"
        [line] = data["lines"]["data"]
        lines = []
        for index, price in enumerate(prices):
            own = copy.deepcopy(line)
            own["id"] = f"il_{number}_{index}"
            details = own["pricing"]["price_details"]
            details.update(price=price, product=f"of_{price}")
            lines.append(own)
        data["lines"]["data"] = lines
        tax = line["taxes"][0]["amount"]
        total = (line["amount"] + tax) * len(lines)
        data.update(total=total, amount_due=total, amount_remaining=total)
        return payload

    def cases(self, **domain):
        """Return the cases of the source, in the order in which they were opened."""
        terms = [("source_id", "=", self.source.id)]
        terms += [(name, "=", value) for name, value in domain.items()]
        return self.env["saas.exception"].search(terms, order="id")

    def keys(self, **domain):
        """Return what the cases of the source are about."""
        return sorted(self.cases(**domain).mapped("cause_key"))

    def map_product(self, external_id, user=None):
        """Map a price or a product, as a person does."""
        return (
            self.env["saas.product.mapping"]
            .with_user(user or self.env.user)
            .sudo(False)
            .create(
                {
                    "source_id": self.source.id,
                    "external_id": external_id,
                    "product_id": self.product_a.id,
                }
            )
        )
