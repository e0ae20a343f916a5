"""What people read for how revenue is shared out to months, and for why it changes."""

from ..canonical.revenue.recut import Crediting
from ..canonical.revenue.rule import Policy
from ..canonical.revenue.span import Method

METHODS = [
    (Method.DAY.value, "By the day"),
    (Method.SECOND.value, "By the second"),
    (Method.MONTH_EVEN.value, "Even months, from its first day on"),
    (Method.MONTH_EVEN_PRORATED.value, "Even months, the ends by the second"),
    (Method.MONTH_BY_DAYS.value, "A price a month, parts of it by days"),
    (Method.FULL_MONTHS.value, "Whole calendar months"),
]
POLICIES = [
    (Policy.CATCH_UP.value, "All in the month that is recognised"),
    (Policy.RESTATE.value, "Each in its own month, while that is open"),
]
CREDITINGS = [
    (
        Crediting.PROPORTIONAL.value,
        "What was served at once, the rest over what is left",
    ),
    (Crediting.PROSPECTIVE.value, "The service that is still to come"),
    (Crediting.RETROSPECTIVE.value, "The whole service, from its beginning"),
]
CANCELLATIONS = [
    ("unchanged", "Goes on as it was shared out"),
    ("at_once", "Is earned in the month of the end"),
]
DISPUTES = [
    ("unchanged", "Goes on as it was shared out"),
    ("at_loss", "Ends on the day of the loss"),
]
#: Why a schedule has a version.
REASONS = [
    ("posted", "The document was posted"),
    ("canceled", "The service was canceled"),
    ("credited", "A credit note was posted"),
    ("void", "The document was made void"),
    ("uncollectible", "The document was given up"),
    ("recovered", "It was paid after all"),
    ("disputed", "A dispute was lost"),
    ("moved", "The service has another period"),
    ("old_books", "It was brought in from old books"),
]
