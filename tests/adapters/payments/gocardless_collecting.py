"""A customer of GoCardless with a mandate, and a counterpart that debits it."""

import json

from ....canonical.kinds import Kind
from ....canonical.payments.collecting import Unclear
from ...payments.gocardless_common import GoCardlessCommon
from .collecting_order import CollectingMixin, get_outcomes, make_order


class GoCardlessCollectingCommon(CollectingMixin, GoCardlessCommon):
    """One customer, with one mandate in pounds that is active."""

    def setUp(self):
        super().setUp()
        self.customer, self.mandate = self.account.add_customer(given_name="Ada")
        self.gocardless.readers.clear()

    def now(self):
        return self.account.at

    def make_order(self, *mandates, number=1, **vals):
        """Return an order with mandates as the mirror has them, the newest first."""
        known = [self.account.get("mandates", ref) for ref in mandates]
        states = {"pending_submission": "pending"}
        return make_order(
            self.customer,
            number,
            currency=vals.pop("currency", "GBP"),
            sent_at=self.account.at,
            mandates=tuple(
                (m["id"], m["scheme"], states.get(m["status"], m["status"]))
                for m in known
            ),
            **vals,
        )

    def get_payments(self):
        """Return all payments that there are."""
        return list(self.account.objects["payments"].values())

    def lose(self, path="^/payments", **fault):
        """Have the next answer to what writes go wrong; the work may be done."""
        self.gocardless.fail(path=path, method="POST", **fault)

    def assertUnclear(self, order):
        with self.assertRaises(Unclear):
            self.collect(order)

    def read_outcomes(self, ref):
        """Return what a payment says of orders, as it is fetched."""
        return get_outcomes(self.read_facts(ref))

    def read_facts(self, ref):
        """Return the facts that a payment tells, as it is fetched."""
        adapter = self.source._get_adapter()
        objects = adapter._fetch(self.source, Kind.PAYMENT, ref)
        bodies = [body for _envelope, body in adapter._wrap(self.source, objects)]
        return adapter._normalise(json.loads(bodies[-1]))
