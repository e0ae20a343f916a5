from odoo import api, fields, models

from ...canonical.reasons import OPEN_STATES
from ...canonical.reference import Reference
from ...canonical.review.tie_out import PAIRS, Pair


class SaasDifference(models.Model):
    """Says what a person should do about a difference, and whether its object waits
    here already: then the event says what to do.
    """

    _inherit = "saas.difference"

    waiting_event_id = fields.Many2one(
        "saas.subscription.event",
        compute="_compute_waiting_event",
        help="The event that tells of this object, is here, and waits.",
    )
    next_step = fields.Char(compute="_compute_next_step")

    @api.model
    def _accept_open(self, source, decisions):
        """Accept the open differences of objects that were decided about.

        :param decisions: of ``saas.resolution``, by reference.
        """
        found = self.search(
            [
                ("source_id", "=", source.id),
                ("state", "=", "open"),
                ("external_id", "in", [ref.external_id for ref in decisions]),
            ]
        )
        found._accept_decided(decisions)

    def _accept_decided(self, decisions):
        """Accept these differences where a decision about the object explains them."""
        for difference in self:
            decision = decisions.get(Reference(difference.kind, difference.external_id))
            if decision and decision._explains(difference.field):
                difference.note = decision.note
                difference._set_state("accepted", decision._tell())

    @api.depends("source_id", "kind", "external_id")
    def _compute_waiting_event(self):
        events = self.env["saas.subscription.event"]
        for source, own in self.grouped("source_id").items():
            refs = {d: str(Reference(d.kind, d.external_id)) for d in own}
            found = events.sudo()._find_telling(source, refs.values(), OPEN_STATES)
            for difference in own:
                event = found.get(refs[difference], events)
                difference.waiting_event_id = event.sudo(False)

    @api.depends("state", "result", "event_state", "waiting_event_id")
    def _compute_next_step(self):
        for difference in self:
            difference.next_step = difference._get_next_step()

    def _get_next_step(self):
        """Return what a person should do, as a sentence."""
        if self.state == "resolved":
            return self.env._("There is nothing to do: both sides agree.")
        if self.state == "accepted":
            return self.env._(
                "There is nothing to do. If one of the two values changes, the "
                "difference opens again."
            )
        if self.event_state == "received":
            return self.env._("Wait: the object is being imported again.")
        if event := self.waiting_event_id:
            reasons = dict(event._fields["reason"]._description_selection(self.env))
            states = dict(event._fields["state"]._description_selection(self.env))
            return self.env._(
                "The object is here already, and its event %(event)s waits: %(why)s. "
                "Open the event and do what it asks for. The difference then closes by "
                "itself.",
                event=event.external_id,
                why=reasons.get(event.reason) or states[event.state],
            )
        if self.event_state in ("parked", "quarantined", "dead"):
            return self.env._(
                "Open the event of the import and do what it asks for. The difference "
                "then closes by itself."
            )
        if self.field in PAIRS:
            return self._get_tie_out_step()
        if self.result == "only_here":
            return self.env._(
                "The source has no such object any more. Find out who deleted it "
                "there. Then reverse it here, or accept the difference with a note."
            )
        if self.event_state:
            return self.env._(
                "The import changed nothing, so the books were changed here by hand, "
                "or in a way that can't be repeated. Correct the record, or accept "
                "the difference with a note."
            )
        if self.result == "only_there":
            return self.env._(
                "Import the object. If it must not be booked, accept the difference "
                "with a note."
            )
        return self.env._(
            "Import the object again. If it still differs then, correct the record "
            "here."
        )

    def _get_tie_out_step(self):
        """Return what to do about a document of which two of its four amounts differ.
        Each closes by itself in the night after both are equal.
        """
        if self.field == Pair.AGREED:
            return self.env._(
                "The subscription says another amount than the document. Find out "
                "which one is right. Then bill or credit the difference, or accept it "
                "with a note."
            )
        if self.field == Pair.STATED:
            return self.env._(
                "The books have another amount than the document states, so it was "
                "changed here by hand. Correct the document, or accept the difference "
                "with a note."
            )
        return self.env._(
            "The gateway has another amount than the payments of this document. Look "
            "at the balance transactions of the payments, and at who has changed them."
        )
