from datetime import datetime

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
_HERE = CollectionState.SUCCEEDED.value
#: How far a payment is, where two things are told of one moment.
_STEPS = ("pending", "canceled", "failed", "succeeded")


class SaasHandlerCollection(models.AbstractModel):
    """Brings commands to collect to what the gateway tells of their money. Nothing is
    booked from that: the payment and its failure are facts of their own, which go
    before. What no command of this gateway has ordered is left alone.

    What is told is kept by payment, and of each the latest counts, whichever comes
    first. A customer may pay twice for one order: as long as the money of one of these
    payments is here, the order has succeeded. Else the payment counts that was told of
    last.
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
        item.tenant = command.tenant_id
        told = self._note_told(command, item.fact)
        if told is None:
            return
        command.sudo().told = told
        ref = _choose(told)
        told_at, state, reason, has_come = told[ref]
        if not has_come and self._is_known_better(command, ref, state):
            return
        known = {"told_at": datetime.fromisoformat(told_at), "external_id": ref}
        is_newest = ref == item.fact.external_id
        known["is_retried"] = is_newest and item.fact.will_retry
        if state == command.state:
            command.sudo().write({**known, "reason": reason})
        elif not command._may_become(CollectionState(state)):
            command.sudo().write(known)
        else:
            reason = reason and CollectionReason(reason)
            self._move(source, item, command, CollectionState(state), reason, known)

    def _note_told(self, command, fact):
        """Return what is known of each payment of a command with what a fact tells;
        None if it is not the latest of its payment.
        """
        told, reason = dict(command.sudo().told or {}), _find_reason(fact)
        new = [
            naive(fact.told_at).isoformat(),
            str(fact.state),
            reason.value if reason else False,
            fact.has_moved or fact.state == _HERE,
        ]
        last = told.get(fact.external_id)
        if last and _rank(new) <= _rank(last):
            return None
        return {**told, fact.external_id: new}

    def _is_known_better(self, command, ref, state):
        """Return whether more is known than that an attempt has brought no money: while
        the job that calls gets the same as its answer, of an attempt that another one
        follows, and while the customer may try again on the same page. What was
        declined before the page was made has been canceled at the gateway.
        """
        if command.state == CollectionState.SENT:
            return True
        is_other = command.external_id and command.external_id != ref
        is_open_link = command.state == CollectionState.NEEDS_CUSTOMER
        return (is_other or is_open_link) and state in _ENDED

    def _move(self, source, item, command, state, reason, known):
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


def _find_reason(fact):
    """Return why a fact says that no money came; None where it says no such thing."""
    if fact.state == CollectionState.CANCELED:
        return CollectionReason.CANCELED_THERE
    if fact.state != CollectionState.FAILED:
        return None
    late = CollectionReason.FAILED_LATE if fact.has_moved else None
    return fact.reason or late or CollectionReason.DECLINED


def _choose(told):
    """Return which payment of an order counts, of what was told of each: the last one
    whose money is here, or else the last one by which it may come, or was taken back.
    """
    here = [ref for ref, (_at, state, *_) in told.items() if state == _HERE]
    open_ = [
        ref
        for ref, (_at, state, _reason, has_come) in told.items()
        if has_come or state == CollectionState.PENDING
    ]
    return max(here or open_ or told, key=lambda ref: (_rank(told[ref]), ref))


def _rank(told):
    """Return which of what was told of payments is later. Of one moment, it is what
    goes further: money that came, and then that it was taken back.
    """
    told_at, state, _reason, has_come = told
    is_back = has_come and state != _HERE
    return told_at, len(_STEPS) if is_back else _STEPS.index(state)
