"""The only room that writes accounting: invoices, payments, entries, their reversals,
and what is reconciled with what.

It knows facts and sources, and neither events nor adapters. A caller names the *item*
because of which it books: an object with a ``fact``, a ``tenant`` and an ``error``,
which ``quarantine`` and ``fail`` set, and with a ``log`` of what was done.
"""

from . import period
from . import rates
from . import currency
from . import tax
from . import journal_items
from . import document
from . import entry
from . import payment
from . import revenue
from . import reversal
from . import rebooking
from . import customers
from . import documents
from . import overpaid
from . import settlement
from . import payments
from . import allocation
from . import chart
from . import bank_match
from . import adoption
