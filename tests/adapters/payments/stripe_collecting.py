"""A customer at Stripe, whose API is a counterpart that collects and tells of it."""

from werkzeug.datastructures import Headers

from ....canonical.border.inbound import Inbound
from ...support.pulling import PullCommon
from .collecting_order import CollectingMixin

CUSTOMER = "cus_northlight"


class StripeCollectingCommon(CollectingMixin, PullCommon):
    """One customer, without a way to pay until one is saved."""

    def setUp(self):
        super().setUp()
        self.put_customer()

    def put_customer(self, **vals):
        """Hold the customer."""
        customer = {
            "id": CUSTOMER,
            "object": "customer",
            "default_source": None,
            "invoice_settings": {"default_payment_method": None},
            "livemode": False,
        }
        self.api.put({**customer, **vals})

    def save(self, behaves="pm_card_visa", **vals):
        """Have the customer save a way to pay; return it."""
        return self.api.writes.act(
            "save_method", customer=CUSTOMER, behaves=behaves, **vals
        )

    def tell(self):
        """Return the facts of what Stripe has to tell, by the type of the event; what
        books nothing is left out.
        """
        adapter = self.source._get_adapter()
        events = self.api.writes.take_told()
        known = [e for e in events if e["type"] in adapter._event_types]
        return {event["type"]: adapter._normalise(event) for event in known}

    def receive(self, body, headers):
        """Take a request in as the webhook does; return the events that are new."""
        inbound = Inbound("POST", self.source.webhook_url, Headers(headers), body)
        adapter = self.source._get_adapter()
        adapter._verify_request(self.source._get_valid_secrets(), inbound, 300)
        return self.source._store_events(adapter._split(inbound))

    def get_posts(self, path):
        """Return the calls that wrote to a path."""
        posts = [call for call in self.api.calls if call.method == "POST"]
        return [call for call in posts if call.path.endswith(path)]

    def get_intents(self):
        """Return all intents that there are."""
        ids = [ref for _account, ref in self.api._objects if ref.startswith("pi_")]
        return [self.api.get(ref) for ref in ids]
