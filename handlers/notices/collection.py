from odoo import models

from ...canonical.actions import Action
from ...canonical.moments import naive
from ...canonical.payments.collecting import CollectionReason, CollectionState

_ACTIONS = {
    CollectionState.SUCCEEDED: Action.COLLECTION_SUCCEEDED,
    CollectionState.FAILED: Action.COLLECTION_REFUSED,
    CollectionState.CANCELED: Action.COLLECTION_CANCELED,
}
_ENDED = (CollectionState.FAILED, CollectionState.CANCELED)
_BACK = (CollectionReason.FAILED_LATE, CollectionReason.CHARGED_BACK)


class SaasHandlerCollection(models.AbstractModel):
    """Brings commands to collect to what the gateway tells of their money. Nothing is
    booked from that: the payment and its failure are facts of their own, which go
    before. What no command of this gateway has ordered is left alone.

    Of two that were told, the later one counts, whichever comes first.
    """

    _name = "saas.handler.collection"
    _inherit = "saas.handler"
    _description = "SaaS collection handler"

    def _apply(self, source, items):
        commands = self.env["saas.collection"].search(
            [
                ("source_id", "=", source.id),
                ("key", "in", [item.fact.order for item in items]),
            ]
        )
        by_key = {command.key: command for command in commands}
        for item in items:
            if command := by_key.get(item.fact.order):
                self._follow(source, item, command)

    def _follow(self, source, item, command):
        fact = item.fact
        item.tenant = command.tenant_id
        told_at = naive(fact.told_at)
        if command.told_at and not self._is_news(command, fact, told_at):
            return
        state = CollectionState(fact.state)
        has_come = fact.has_moved or state == CollectionState.SUCCEEDED
        if not has_come and self._is_known_better(command, fact):
            return
        known = {"told_at": told_at, "external_id": fact.external_id}
        is_open_link = command.state == CollectionState.NEEDS_CUSTOMER
        if is_open_link and state in _ENDED and not has_come:
            # The customer may try again on the same page; what was declined before the
            # page was made has been canceled at the gateway.
            command.sudo().write({"told_at": told_at})
        elif state == command.state or not command._may_become(state):
            command.sudo().write(known)
        else:
            self._move(source, item, command, state, known)

    def _is_known_better(self, command, fact):
        """Return whether more is known than that no money came: while the job that
        calls gets the same as its answer, and of an attempt that another one follows.
        """
        is_other = command.external_id and command.external_id != fact.external_id
        return command.state == CollectionState.SENT or (
            is_other and fact.state in _ENDED
        )

    def _is_news(self, command, fact, told_at):
        """Return whether a fact tells of something later than what is known. Of one
        moment, what was taken back is the later.
        """
        is_back = command.reason in _BACK and fact.state == "succeeded"
        return told_at > command.told_at or (told_at == command.told_at and not is_back)

    def _move(self, source, item, command, state, known):
        reason = None
        if state == CollectionState.FAILED:
            late = CollectionReason.FAILED_LATE if item.fact.has_moved else None
            reason = item.fact.reason or late or CollectionReason.DECLINED
        elif state == CollectionState.CANCELED:
            reason = CollectionReason.CANCELED_THERE
        command._set_state(
            state, reason, is_unclear=False, is_withdrawn=False, detail=False, **known
        )
        if state in _ACTIONS:
            item.log(_ACTIONS[state], command, command.reason)
        if state == CollectionState.FAILED:
            self._note_failure(source, item, command)

    def _note_failure(self, source, item, command):
        """Show with the invoice that its money could not be collected, and ask a person
        what becomes of it if it is open.
        """
        move = command.move_id
        is_open = move._note_saas_collection_failed()
        item.log(Action.COLLECTION_FAILED, move, str(move.saas_failed_attempts))
        self.env["saas.activities"]._ask(
            source,
            "mail_activity_payment_failed",
            is_open,
            " ".join((command.explanation, command.next_step)),
        )
