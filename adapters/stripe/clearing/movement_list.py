"""Reads balance transactions: the newest, and those in a payout.
https://docs.stripe.com/api/balance_transactions/list
"""

from odoo import models

from ..listing import make_page
from ..resources import RESOURCES
from .movement import keep_ids

#: The name of the object in which the ids of a payout's balance transactions are
#: stored: Stripe has no object for them.
CONTENTS = "payout_transactions"


class SaasAdapterStripe(models.AbstractModel):
    """Reads the movements of Stripe's balance."""

    _inherit = "saas.adapter.stripe"

    def _read_movements(self, source, since=None):
        created = {"created": {"gte": int(since.timestamp())}} if since else {}
        return self._read_balance(source, **created)

    def _read_payout(self, source, payout_ref):
        return self._read_balance(source, payout=payout_ref)

    def _read_balance(self, source, **params):
        path = RESOURCES["balance_transaction"].path
        for page in self._read_pages(source, path, expand=["data.source"], **params):
            yield make_page([keep_ids(data) for data in page])

    def _prepare_payout_contents(self, payout_ref, movements):
        return {
            "id": payout_ref,
            "object": CONTENTS,
            "transactions": [{"id": data["id"]} for data in movements],
        }
