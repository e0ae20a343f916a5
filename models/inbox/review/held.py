import logging

from odoo import api, fields, models

from ....canonical.reasons import OPEN_STATES, UNTIMED, Reason, State
from ....models.concurrency import is_lost_race

_logger = logging.getLogger(__name__)


class SaasSubscriptionEvent(models.Model):
    """Holds events back because a person says so, until a person lets them go.

    An event that is held is parked and waits for nothing, so no arrival, no fetch and
    no sweep frees it, and its time is never up. What it tells is noted: proofs count it
    as waiting, and what waits for its objects shows the way to it and does not have
    them fetched. When it is let go, it is processed as if it had just come: handlers
    compare a snapshot with what is booked, so whatever came meanwhile counts once.
    """

    _inherit = "saas.subscription.event"

    is_held = fields.Boolean(compute="_compute_is_held", string="Held Back")

    @api.depends("reason")
    def _compute_is_held(self):
        for event in self:
            event.is_held = event.reason == Reason.HELD_BY_PERSON

    def _hold(self, why, **vals):
        """Hold events back that wait.

        :param why: one sentence for people, without personal data.
        :param vals: values of further fields.
        """
        for event in self.filtered(lambda event: event.object_refs is False):
            event._note_unprocessed()
        self._set_state(
            State.PARKED, Reason.HELD_BY_PERSON, why, waiting_for=False, **vals
        )

    def _note_unprocessed(self):
        """Note what an event tells that no drain has processed yet. One that can't be
        read is held all the same.
        """
        try:
            facts = self._read_facts()
        except Exception as error:
            if is_lost_race(error):
                raise
            # A drain isolates such an event, and says what is wrong with it.
            _logger.info("event %s can't be read: %s", self.id, type(error).__name__)
            return
        if facts:
            self.write(self._prepare_told(facts, facts))

    def _without_held(self):
        """Return those of these events that nobody holds back."""
        return self.filtered(lambda event: not event.is_held)

    def _describe_held(self):
        """Return why an event is held back, by whom, and what to do, as a sentence."""
        operation = self.sudo().operation_id
        return self.env._(
            "%(user)s holds it back since %(day)s: %(why)s It goes on when an operator "
            "presses Let Go.",
            user=operation.user_id.name or self.env._("Somebody"),
            day=fields.Date.to_string(operation.started_at) or "",
            why=_end_sentence(self.detail),
        )

    def _get_steps_of_held(self):
        """Return who should act, and how, when a person holds an event back."""
        return {
            Reason.HELD_BY_PERSON: (
                "operator",
                self.env._(
                    "When the cause to hold it back is gone, press Let Go. The event "
                    "is processed then as if it had just come."
                ),
            ),
        }

    def _get_open_domain(self):
        """Return the domain of events that wait, and that no person holds back or only
        observes.
        """
        return [
            ("state", "in", [state.value for state in OPEN_STATES]),
            ("reason", "not in", [reason.value for reason in UNTIMED]),
        ]


def _end_sentence(text):
    """Return what a person wrote so that another sentence may follow."""
    text = (text or "").strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
