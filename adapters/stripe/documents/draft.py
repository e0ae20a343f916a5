"""Reads ``invoice.finalization_failed`` and ``invoice.deleted``, which are about
drafts.
https://docs.stripe.com/api/invoices/object
"""

from ....canonical.facts import InvoiceDraft
from ..event import read_customer_ref


def read_failure(event):
    """Return one fact about a draft that Stripe could not finalise, in a list."""
    return [_read(event, "failing")]


def read_deletion(event):
    """Return one fact about a draft that was deleted, in a list."""
    return [_read(event, "deleted")]


def _read(event, state):
    data = event.data
    return InvoiceDraft(
        external_id=data.ref("id"),
        customer=read_customer_ref(data),
        state=state,
        problem=data.text("last_finalization_error.code", ""),
    )
