from ...canonical.money import stripe_exponent, stripe_step
from ...canonical.reader import Reader
from .const import BASIL
from .pulled import PREFIX


class StripeEvent(Reader):
    """A Stripe event: what its object is, and in which shape it was written."""

    @property
    def type(self):
        return self.text("type")

    @property
    def data(self):
        """The object the event is about, as a reader."""
        return self.object("data.object")

    @property
    def is_basil(self):
        """Whether the object has the shape of 2025-03-31.basil or later. An event
        without a version was written by something older.
        """
        day = self.text("api_version", "")[:10]
        return day[:1].isdigit() and day >= BASIL

    @property
    def occurred_at(self):
        return self.moment("created")

    @property
    def is_pulled(self):
        """Whether the object was read through the API: then the event's own time is
        when that was, and tells nothing of when anything happened.
        """
        return self.type.startswith(f"{PREFIX}.")

    @property
    def version(self):
        """Sorts snapshots that have no rank of states. Stripe's ``created`` has a
        resolution of one second, so the id breaks ties: arbitrary, but the same
        in every order of arrival.
        """
        return f"{self.integer('created'):012d}:{self.text('id')}"


def read_currency(data):
    """Return what facts want to know of an object's currency."""
    currency = data.text("currency").upper()
    return {
        "currency": currency,
        "exponent": stripe_exponent(currency),
        "step": stripe_step(currency),
    }


def read_customer_ref(data):
    """Return the customer's id, or its account's where only that is set."""
    return data.ref("customer", None) or data.ref("customer_account", None)


def read_settled_at(data, field="balance_transaction"):
    """Return when an object that was pulled moved money: when its balance transaction
    was made, where that was expanded, or else when the object was.
    """
    settled = data.value.get(field)
    if isinstance(settled, dict):
        return data.object(field).moment("created")
    return data.moment("created")
