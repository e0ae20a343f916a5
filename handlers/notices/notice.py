from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from ...canonical.reference import Reference


class SaasHandlerNotice(models.AbstractModel):
    """Handles notices: events without content. Nothing is booked from a notice. Another
    event has the content, and comes by itself or is fetched. Once that is in the inbox,
    the notice is done.

    Where no event has the content, the object itself is asked for, in a job right after
    the drain. Notices about one object that come before it is read are one call; one
    that comes later has it read once more, for the object has changed since.
    """

    _name = "saas.handler.event_twin"
    _inherit = "saas.handler"
    _description = "SaaS notice handler"

    def _apply(self, source, items):
        bindings = self.env["saas.binding"]._find(
            source, Kind.NOTICE, [item.fact.external_id for item in items]
        )
        self._bind_complete(source, items, bindings)
        contents = {
            item: item.fact.content_ref
            or (
                item.fact.external_id in bindings
                and bindings[item.fact.external_id].parent_ref
            )
            for item in items
        }
        stored = self._get_stored(source, list(filter(None, contents.values())))
        answers = self._get_answers(source, items)
        for item in items:
            if item.fact.is_complete:
                continue
            if item.fact.is_alone:
                self._ask_for_object(source, item, answers)
            elif contents[item] in stored:
                item.log(Action.NOTICE_KNOWN, stored[contents[item]], contents[item])
            elif contents[item]:
                self._wait(source, item, Kind.EVENT, contents[item])
            elif item.fact.external_id in bindings:
                self._ask_for_object(source, item, answers)
            elif source._can_fetch(Kind.NOTICE, item.fact.external_id):
                self._wait(source, item, Kind.NOTICE, item.fact.external_id)
            else:
                self._ask_for_key(item)

    def _ask_for_key(self, item):
        item.quarantine(
            Reason.INCOMPLETE_SETUP,
            self.env._(
                "The object of a notice can't be read without an API key. "
                "Paste one into the source."
            ),
            about="new_api_key",
        )

    def _bind_complete(self, source, items, bindings):
        """Remember what the API told about notices, and add it to ``bindings``."""
        told = {
            item.fact.external_id: item.fact
            for item in items
            if item.fact.is_complete and item.fact.external_id not in bindings
        }
        created = self.env["saas.binding"].create(
            [
                self.env["saas.binding"]._prepare_vals(
                    source, Kind.NOTICE, external_id, parent_ref=fact.content_ref
                )
                for external_id, fact in told.items()
            ]
        )
        bindings.update({binding.external_id: binding for binding in created})

    def _get_stored(self, source, external_ids):
        events = self.env["saas.subscription.event"].search(
            [("source_id", "=", source.id), ("external_id", "in", external_ids)]
        )
        return {event.external_id: event for event in events}

    def _wait(self, source, item, kind, external_id):
        if source._can_fetch(kind, external_id):
            source._enqueue_fetch(kind, external_id)
        item.park(kind, external_id)

    def _get_answers(self, source, items):
        """Return by reference the binding that says when an object was read last."""
        return self.env["saas.binding"]._find(
            source, Kind.ANSWER, [_get_object(item.fact) for item in items]
        )

    def _ask_for_object(self, source, item, answers):
        """Have the object of a notice read that no other event belongs to: it says how
        it is now. The notice waits until it was read after the notice had come.
        """
        about = _get_object(item.fact)
        if about in answers and item.event.id <= answers[about].rank:
            item.log(Action.OBJECT_ASKED_FOR, detail=item.fact.object_ref)
        elif source._can_fetch(item.fact.object_kind, item.fact.object_ref):
            self._wait(source, item, Kind.ANSWER, about)
        elif not source._has_api_key():
            self._ask_for_key(item)
        else:
            item.quarantine(
                Reason.UNSUPPORTED_TYPE,
                self.env._(
                    "The notice names no event that holds its object, and the "
                    "object can't be fetched."
                ),
            )


def _get_object(fact):
    """Return the reference of a notice's object, as a text."""
    return str(Reference(fact.object_kind, fact.object_ref))
