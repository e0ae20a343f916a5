from ...canonical.errors import Quarantine
from ...canonical.reader import Reader
from ...canonical.reasons import Reason
from .const import BASIL
from .currency import get_exponent, get_step
from .wrapped import PREFIX

#: An id of another system is no longer than what facts hold, in characters.


class StripeEvent(Reader):
    """A Stripe event: what its object is, and in which shape it was written."""

    @property
    def type(self):
        """Return the event's type, such as ``invoice.paid``."""
        return self.text("type")

    @property
    def data(self):
        """Return the object that the event is about, as a reader."""
        return self.object("data.object")

    @property
    def is_basil(self):
        """Return whether the object has the shape of 2025-03-31.basil or later. An
        event without a version has an older shape.
        """
        day = self.text("api_version", "")[:10]
        return day[:1].isdigit() and day >= BASIL

    @property
    def occurred_at(self):
        """Return when Stripe made the event, aware and in UTC."""
        return self.moment("created")

    @property
    def is_wrapped(self):
        """Return whether the object was fetched or read through the API, and wrapped
        here: then the event's own time is when that was, and says nothing about when
        anything happened.
        """
        return self.type.startswith(f"{PREFIX}.")

    @property
    def version(self):
        """Return a text that sorts snapshots without a rank of states. Stripe's
        ``created`` has a resolution of one second, so the id breaks ties: it is
        arbitrary, but does not depend on the order of arrival.
        """
        return self.make_version()

    def make_version(self, earlier=0):
        """Return the version of a snapshot that is older than the event, by so many
        seconds.
        """
        return f"{self.integer('created') - earlier:012d}:{self.text('id')}"


def read_currency(data):
    """Return what facts want to know of an object's currency."""
    currency = data.text("currency").upper()
    return {
        "currency": currency,
        "exponent": get_exponent(currency),
        "step": get_step(currency),
    }


def read_customer_ref(data):
    """Return the customer's id, or its account's where only that is set."""
    return data.ref("customer", None) or data.ref("customer_account", None)


def read_failed_at(event, types):
    """Return when money that could not be delivered came back, or None where another
    event tells: one of ``types`` does. An object that was read has the moment on the
    balance transaction that brought the money back, if that was asked for with it.
    """
    if not event.is_wrapped:
        return event.occurred_at if event.type in types else None
    back = event.data.value.get("failure_balance_transaction")
    if not back:
        return None  # the money never left, so nothing came back
    if isinstance(back, str):
        raise Quarantine(
            Reason.INCOMPLETE_PAYLOAD,
            "The object came back, but its failure_balance_transaction was not "
            "expanded.",
        )
    return event.data.moment("failure_balance_transaction.created")
