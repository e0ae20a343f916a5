from datetime import UTC

from odoo import fields, models

from ...canonical.actions import Action
from ...canonical.envelope import Envelope
from ...canonical.reasons import Reason
from ..big_integer import BigInteger


class SaasSubscriptionEvent(models.Model):
    """Keeps what was on an event's envelope, and proves which bytes it came with.

    The envelope is read once, when the event arrives: its headers are gone later, and
    what the adapter understands by then must not change what was received.
    """

    _inherit = "saas.subscription.event"

    mode = fields.Selection(
        [("live", "Live"), ("test", "Test")],
        readonly=True,
        help="The mode of the account, as the event states it.",
    )
    account_ref = fields.Char(
        string="Account",
        readonly=True,
        help="The source's account that the event is about, where it states one.",
    )
    delivery_id = fields.Many2one(
        "saas.delivery",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The request that brought the event. What was read has none.",
    )
    body_hash = fields.Char(
        string="SHA-256", readonly=True, help="Of the event's own bytes."
    )
    same_id_event_id = fields.Many2one(
        "saas.subscription.event",
        string="Has the Same ID",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The event that came first with this id, and with other content.",
    )
    is_content_accepted = fields.Boolean(
        readonly=True,
        help="A person said that this content is right, though its id was used before.",
    )

    sender = fields.Char(
        readonly=True, help="Who sent it, where a source has several senders."
    )
    sequence = BigInteger(
        readonly=True, help="The number that the sender counts its events by."
    )

    _numbers = models.Index("(source_id, sender, sequence) WHERE sequence IS NOT NULL")

    def _read_payload(self):
        """Return what this event says, as a plain dict.

        :raises Malformed: if its bytes can't be read.
        """
        self.ensure_one()
        return self.source_id._get_adapter()._parse(self._get_body())

    def _get_envelope(self):
        """Return the :class:`~...canonical.envelope.Envelope` as it was received."""
        self.ensure_one()
        return Envelope(
            external_id=self.external_id,
            event_type=self.event_type,
            occurred_at=self.occurred_at.replace(tzinfo=UTC),
            api_version=self.api_version or "",
            livemode=self.mode == "live" if self.mode else None,
            account=self.account_ref or "",
            customer=self.customer_ref or "",
        )

    def _get_content_hash(self):
        """Return what the log proves an event's bytes by: the hash of its own, and
        after an ``@`` that of the request it was cut out of.
        """
        self.ensure_one()
        own, whole = self.body_hash, self.delivery_id.body_hash
        return f"{own}@{whole}" if own and whole and whole != own else own

    def action_open_same_id(self):
        """Open the event that came first with this event's id."""
        self.ensure_one()
        return self._action_open(self.same_id_event_id)

    def action_accept_content(self):
        """Process an event whose id was used before with other content: a person has
        compared the two and says that this one counts as well.
        """
        self._check_may_decide()
        reused = self.filtered(lambda event: event.reason == Reason.ID_REUSED)
        reused.sudo().is_content_accepted = True
        self.env["saas.sync.log"]._append(
            [
                {
                    "event_id": event.id,
                    "source_id": event.source_id.id,
                    "action": Action.CONTENT_ACCEPTED.value,
                    "detail": event.same_id_event_id.external_id,
                }
                for event in reused
            ]
        )
        return reused._retry_and_tell()
