"""An order as the addon gives it to an adapter, and what has come of it."""

from datetime import UTC, datetime

from ....canonical.facts import CollectionOutcome
from ....canonical.payments.collecting import (
    ORDER_LABEL,
    CollectionRefused,
    CollectionState,
    Order,
    make_key,
)

HOME = "https://northlight.example"


def make_order(customer, number=1, **vals):
    """Return an order of 119.00 for one invoice."""
    key = make_key("token", "INV-1", str(number))
    labels = (("saas_invoice", "INV-1"), (ORDER_LABEL, key))
    values = {
        "amount": 11900,
        "currency": "EUR",
        "text": "INV/2026/00001",
        "home": HOME,
        "sent_at": datetime.now(UTC),
        "labels": labels,
        **vals,
    }
    return Order(key=key, customer=customer, **values)


class CollectingMixin:
    """Checks what an adapter says of an order."""

    def collect(self, order):
        """Have an order collected; return the answer."""
        return self.source._get_adapter()._collect(self.source, order)

    def find(self, order):
        """Ask what became of an order; return the answer, or None."""
        return self.source._get_adapter()._find_collected(self.source, order)

    def withdraw(self, order):
        """Take an order's link back; return the answer."""
        return self.source._get_adapter()._withdraw(self.source, order)

    def assertPending(self, answer, ref=None):
        """Check that money may come, by one thing at the gateway."""
        self.assertEqual((answer.state, answer.reason), (CollectionState.PENDING, None))
        self.assertTrue(answer.external_id)
        if ref:
            self.assertEqual(answer.external_id, ref)

    def assertOffered(self, answer, reason, detail=""):
        """Check that the customer has to act, on a page that is there."""
        self.assertEqual(
            (answer.state, answer.reason), (CollectionState.NEEDS_CUSTOMER, reason)
        )
        self.assertIn(detail, answer.detail)
        self.assertTrue(answer.link.startswith("https://"))
        self.assertTrue(answer.link_ref)
        self.assertGreater(answer.link_until, self.now())

    def assertRefused(self, order, reason, detail=""):
        """Check that an order is refused, and why."""
        with self.assertRaises(CollectionRefused) as caught:
            self.collect(order)
        self.assertEqual(caught.exception.reason, reason)
        self.assertIn(detail, caught.exception.detail)

    def now(self):
        """Return the moment at the gateway."""
        return datetime.now(UTC)


def get_outcomes(facts):
    """Return what facts say of orders: order, state, whether money moved, reason."""
    return [
        (fact.order, fact.state, fact.has_moved, fact.reason)
        for fact in facts
        if isinstance(fact, CollectionOutcome)
    ]
