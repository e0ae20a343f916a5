from datetime import UTC

from ...canonical.reader import Reader
from .const import EXPONENT

#: What the action of an object is called that was fetched or read, and not sent.
#: GoCardless has no such action.
PULLED = "pulled"


class GoCardlessEvent(Reader):
    """An event of GoCardless, which has no content, or an object that was fetched or
    read and put into the form of an event.
    """

    @property
    def type(self):
        """Return what has happened to what, such as ``payments.confirmed``."""
        names = self.text("resource_type"), self.text("action")
        return ".".join(reversed(names) if self.is_pulled else names)

    @property
    def is_pulled(self):
        """Return whether the object was fetched or read, so that it is here."""
        return self.text("action") == PULLED

    @property
    def data(self):
        """Return the object, as a reader, where it was fetched or read."""
        return self.object("data")

    @property
    def occurred_at(self):
        """Return when it happened, or when the object was read."""
        return self.iso_moment("created_at")

    @property
    def version(self):
        """Return a text that sorts snapshots by age: the object's own moment has
        milliseconds, and the id breaks ties, whatever order they arrive in.
        """
        return f"{self.occurred_at.isoformat()}:{self.text('id')}"

    @property
    def customer(self):
        """Return the customer's id, where the body names it plainly, or nothing."""
        if not self.is_pulled:
            return self.text("links.customer", "")
        is_customer = self.text("resource_type") == "customers"
        return self.text("data.id" if is_customer else "data.customer", "")


def read_currency(data, key="currency"):
    """Return what facts want to know of an object's currency."""
    return {"currency": data.text(key).upper(), "exponent": EXPONENT}


def write_moment(moment):
    """Return an aware datetime as GoCardless writes it."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
