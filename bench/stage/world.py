"""The tenants of two sources and what they do, written by the demonstration's shapes.

Every tenant has the same history before anything is measured, so that most can be
copies of a few, made by SQL: the `clone` module. What is a copy's own is told by its
key, which goes into every id: copies of the tenant `t001c0x` are `t001c1x` and so on.
"""

from contextlib import contextmanager
from datetime import timedelta

from dev.demo.catalogue import ENTITIES, EU, SEAT, TEAM, VAT, at
from dev.demo.story.account import Account
from dev.demo.story.tenant import Tenant
from dev.make_believe.stripe.fate import DONE

#: The event that ties a payment to its invoice, in each entity's API version.
PAID = {"us": "charge.succeeded", "eu": "invoice_payment.paid"}
PLACES = {
    "us": ("Boston", "02110", "70 Pearl Street"),
    "eu": ("Köln", "50667", "Domkloster 4"),
}
PHONES = {"us": "+1617", "eu": "+4930"}
#: Copies have numbers so far apart, in phone and VAT numbers.
STRIDE = 1000
#: What every tenant did before: the kinds of its events.
HISTORY = {
    "customer.created",
    "customer.subscription.created",
    "invoice.finalized",
    *PAID.values(),
}


class Recorder(Account):
    """A Stripe account that keeps an event only while it is told to."""

    def __init__(self, entity):
        super().__init__(entity)
        self._seconds = 0
        self._label, self._kinds = "", ()

    def now(self):
        """Return a moment later than any before."""
        self._seconds += 1
        return at(1) + timedelta(seconds=self._seconds)

    def record(self, label, kinds, events):
        self._label, self._kinds, self.events = label, kinds, events

    def emit(self, event_type, moment, data, fate=DONE, **details):
        if event_type not in self._kinds:
            return None
        return super().emit(event_type, moment, data, fate, **details)

    def _make_id(self):
        return f"evt_{self.entity.key}_{self._label}_{len(self.events)}"


class Subscriber(Tenant):
    """A customer like all others. What it buys has no rounding that two could do in
    two ways, so that hand-written code books the same without a correction.
    """

    def __init__(self, account, number, copy=0):
        entity = account.entity
        self.number = number
        number += copy * STRIDE
        super().__init__(
            account,
            f"t{self.number:03d}c{copy}x",
            f"Tenant {self.number:03d}c{copy}x",
            PLACES[entity.key],
            phone=f"{PHONES[entity.key]}{2_000_000 + number}",
            vat=f"DE{100_000_000 + number}" if entity is EU else None,
        )

    def live_on(self):
        """Have the history that every tenant has: two invoices or three, one paid."""
        self.sign_up(self.account.now(), TEAM, (SEAT, 4))
        first, *self.unpaid = [self.bill() for _month in range(2 + self.number % 2)]
        self.pay(self.account.now(), first)

    def bill(self):
        """Get another invoice, of one line or two; return it."""
        rate = VAT if self.account.entity is EU else None
        lines = [self.line(TEAM, rate=rate)]
        if self.number % 2:
            lines.append(self.line(SEAT, 4 * (1 + self.number % 5), rate=rate))
        return self.invoice(self.account.now(), *lines)

    def move(self, number):
        """Move house, and tell it."""
        self.change(self.account.now(), street=f"{number} Other Street")

    def renew(self):
        """Begin another period of the subscription."""
        end = self.subscription.end
        self.change_subscription(
            self.account.now(), start=end, end=end + timedelta(days=31)
        )


class World:
    """All tenants, by entity. Half of the seeds are one entity's, half the other's."""

    def __init__(self, tenants, copies=1):
        self.accounts = {entity.key: Recorder(entity) for entity in ENTITIES}
        self.tenants = {
            key: [
                Subscriber(account, number, copy)
                for copy in range(copies)
                for number in range(1, tenants // len(self.accounts) + 1)
            ]
            for key, account in self.accounts.items()
        }

    def live_on(self):
        """Give all tenants their history; return self."""
        for tenants in self.tenants.values():
            for tenant in tenants:
                tenant.live_on()
        return self

    @contextmanager
    def recording(self, label, *kinds):
        """Yield a list that gets the events of these kinds, from inside the block.

        In: a label that no other recording has; it goes into the events' ids.
        """
        events = []
        for account in self.accounts.values():
            account.record(label, kinds, events)
        yield events
        for account in self.accounts.values():
            account.record("", (), [])
