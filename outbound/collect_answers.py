import random
from datetime import timedelta

from odoo import fields, models

from ..canonical.display.texts import fit
from ..canonical.moments import naive
from ..canonical.payments.collecting import (
    MOST_TRIES,
    CollectionReason,
    CollectionRefused,
    CollectionState,
    get_pause,
)
from ..canonical.reasons import Cause, Reason
from .collect import LONGEST


class SaasCollect(models.AbstractModel):
    """Writes to commands what gateways have answered, or that they did not."""

    _inherit = "saas.collect"

    def _take(self, command, answer):
        """Write what a gateway has answered. What it has collected is pending until its
        event books the payment.
        """
        state, is_link = answer.state, (answer.link or "").startswith("https://")
        if state == CollectionState.SUCCEEDED:
            state = CollectionState.PENDING
        command._set_state(
            state,
            answer.reason,
            external_id=answer.external_id or command.external_id,
            detail=fit(answer.detail, LONGEST) or False,
            link=answer.link if is_link else False,
            link_ref=answer.link_ref or command.link_ref,
            link_until=naive(answer.link_until) or False,
            attempts=command.attempts + 1,
            is_unclear=False,
            is_withdrawn=False,
        )
        if state != CollectionState.PENDING:
            command._enqueue_tell()

    def _end(self, command, reason, detail=""):
        """End a command by which no money will come."""
        command._set_state(
            CollectionState.FAILED,
            reason,
            detail=fit(detail, LONGEST) or False,
            attempts=command.attempts + 1,
            is_unclear=False,
            is_withdrawn=False,
        )
        command._enqueue_tell()

    def _note_refusal(self, command, error):
        """End a command that the gateway refuses, or that can't be sent. One whose link
        could not be taken back lives on as long as the customer can pay by that.
        """
        if command.state == CollectionState.NEEDS_CUSTOMER:
            if command.link_until and command.link_until <= fields.Datetime.now():
                self._end_link(command)
            else:
                self._note_trouble(command, error)
            return
        reason = error.reason
        if not isinstance(error, CollectionRefused):
            reason = _find_reason(error)
        self._end(command, reason, error.detail)

    def _note_trouble(self, command, error, is_unclear=False):
        """Try again later, ever less often. An order of which nobody knows whether it
        arrived is never given up: the gateway is asked until it answers.
        """
        attempts = command.attempts + 1
        is_unclear = is_unclear or command.is_unclear
        is_sending = command.state == CollectionState.SENT
        if is_sending and not is_unclear and attempts >= MOST_TRIES:
            self._end(command, CollectionReason.UNREACHABLE, str(error))
            return
        # It spreads calls, and nothing depends on its being unforeseeable.
        seconds = get_pause(attempts, random.random())
        self._try_again(
            command,
            seconds,
            attempts=attempts,
            is_unclear=is_unclear and is_sending,
            detail=fit(str(error), LONGEST),
        )

    def _try_again(self, command, seconds, **vals):
        next_try = fields.Datetime.now() + timedelta(seconds=seconds)
        command.sudo().write({**vals, "next_try": next_try})
        command._enqueue_send(next_try)


def _find_reason(error):
    """Return why nothing could be sent, by an error of the set-up or of a key."""
    if error.cause == Cause.KEY_REFUSED.of():
        return CollectionReason.KEY_REFUSED
    if error.reason == Reason.INCOMPLETE_SETUP:
        return CollectionReason.SET_UP
    return CollectionReason.REFUSED
