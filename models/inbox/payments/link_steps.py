from odoo import api, models

from ....canonical.kinds import LINKED_DOCUMENTS
from ....canonical.reasons import Cause
from ....canonical.reference import SEPARATOR


class SaasSubscriptionEvent(models.Model):
    """Says what to do with money that is for a document of a linked source, and does
    not fit it.
    """

    _inherit = "saas.subscription.event"

    @api.model
    def _get_steps_of_links(self):
        """Return who should act, and how, by what stopped an event."""
        return {
            Cause.LINK_UNEQUAL.value: (
                "reviewer",
                self.env._(
                    "The money is booked, and what fits is reconciled; the rest is "
                    "open credit of the customer who paid. If it is another one's, "
                    "press Choose Customer. If who paid is billed for the customer of "
                    "the document, say so on that customer's tenant. If the document "
                    "is wrong, correct it in its system, then retry. If the credit is "
                    "right as it is, ignore the event: that ends the question, and the "
                    "money stays booked."
                ),
            ),
            Cause.LINK_UNCLEAR.value: (
                "reviewer",
                self.env._(
                    "Several linked sources have what the event names, so it is not "
                    "clear which is meant. Have the sender name its id, or reconcile "
                    "it by hand and ignore the event: the money stays booked."
                ),
            ),
        }

    def _is_about_links(self):
        """Return whether only the documents that money is for stop this event."""
        self.ensure_one()
        cause, _what, _value = Cause.parse(self.sudo().cause)
        waits = (self.waiting_for or "").partition(SEPARATOR)[0]
        return cause in (Cause.LINK_UNEQUAL, Cause.LINK_UNCLEAR) or (
            not cause and waits in LINKED_DOCUMENTS
        )
