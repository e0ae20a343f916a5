import secrets

from odoo import fields, models
from odoo.exceptions import UserError

from ...canonical.reasons import OPEN_STATES, State
from ..operations.operation_kind import Operation
from ..roles import OPERATING, ROLES


class SaasSubscriptionEvent(models.Model):
    """The actions by which people decide what becomes of an event."""

    _inherit = "saas.subscription.event"

    accepted_once = fields.Boolean(
        readonly=True,
        help="A person had this event applied although another system owns what it "
        "tells. The rule is as it was.",
    )

    def _check_may_decide(self):
        """Raise unless the user may say what becomes of these events."""
        self._check_may_act("reviewer")

    def _check_may_ignore(self):
        """Raise unless the user may ignore these events."""
        self._check_may_act(*ROLES)
        for event in self:
            event._check_may_act(*event._get_ignoring())

    def _get_ignoring(self):
        """Return the roles that may ignore an event. Finance may ignore any. Whom the
        next step names may, where the event tells of no document and no money of its
        source: then nothing is decided about the books.
        """
        if not self.actor or self._tells_of_books():
            return {"reviewer"}
        return {"reviewer", self.actor}

    def action_retry(self):
        """Send events back to the inbox and process them, and tell what comes of it.
        For many events, ask for an operation instead.
        """
        if action := self._ask_many(Operation.RETRY, self.env._("Retry")):
            return action
        self._check_not_held()
        retryable = (*OPEN_STATES, State.IGNORED, State.RECEIVED)
        if any(State(event.state) not in retryable for event in self):
            raise UserError(
                self.env._(
                    "Only events that wait or were ignored can be retried. To process "
                    "a done event again, replay it."
                )
            )
        return self._retry_and_tell()

    def action_retry_like(self):
        """Show what would come of retrying all events of the company that wait for the
        same reason, to be confirmed there.
        """
        self._check_may_act(*OPERATING)
        return self._get_like()._without_held()._preview_retry()

    def action_replay(self):
        """Process events once more, each as a new event with a nonce of its own.
        What is booked already stays as it is: handlers make only the difference. For
        many events, ask for an operation instead.
        """
        if action := self._ask_many(Operation.REPLAY, self.env._("Replay")):
            return action
        self._check_not_held()
        return self._replay_and_open()

    def _replay_and_open(self):
        """Process events once more, and return the action that opens the new ones. The
        caller has checked that the user may.
        """
        replays = self._replay()
        self.source_id.sudo()._enqueue_drain()
        return self._action_open(replays.sudo(False))

    def _replay(self):
        """Return a new event in the inbox for each of these, with the same content."""
        replays = self.sudo().create(
            [
                {
                    "source_id": event.source_id.id,
                    "external_id": f"{event.external_id}:replay:{secrets.token_hex(8)}",
                    "event_type": event.event_type,
                    "api_version": event.api_version,
                    "occurred_at": event.occurred_at,
                    "body": event._get_body(),
                    "body_hash": event.body_hash,
                    "mode": event.mode,
                    "account_ref": event.account_ref,
                    "customer_ref": event.customer_ref,
                    "delivery_id": event.delivery_id.id,
                    "replay_of_id": event.id,
                }
                for event in self.sudo()
            ]
        )
        replays._set_state(State.RECEIVED, detail=self.env._("A person replayed it."))
        return replays

    def action_ignore(self):
        """Ask for the reason why these events are to be ignored."""
        self._check_may_ignore()
        return self._action_wizard("saas.event.ignore", self.env._("Ignore Events"))

    def action_accept_once(self):
        """Ask whether events that another system's ownership has stopped are to be
        applied, this one time.
        """
        self._check_may_decide()
        return self._action_wizard("saas.event.accept", self.env._("Accept Once"))

    def action_bind_record(self):
        """Ask which document, payment or entry this event's object is."""
        self.ensure_one()
        self._check_may_decide()
        return self._action_wizard(
            "saas.object.bind", self.env._("This Is That Record")
        )

    def action_book_after_all(self):
        """Ask why this event's objects are to be booked after all."""
        self.ensure_one()
        self._check_may_decide()
        return self._action_wizard("saas.object.reopen", self.env._("Book After All"))

    def action_choose_customer(self):
        """Ask which customer this event is about. Of what belongs to a payment, that is
        asked for the payment.
        """
        self.ensure_one()
        self._check_may_decide()
        if payment := self._get_payment():
            return payment.action_choose_saas_customer()
        return self._action_wizard(
            "saas.customer.choose", self.env._("Choose Customer")
        )

    def action_set_up_currency(self):
        """Ask for what the currency of this event lacks."""
        self.ensure_one()
        self._check_may_decide()
        return self._action_wizard("saas.currency.setup", self.env._("Set Up Currency"))

    def action_open_blocker(self):
        """Open the event that holds this one up."""
        self.ensure_one()
        return self._action_open(self.blocked_by_id)

    def _action_wizard(self, model, name):
        return self._action_dialog(model, name, {"default_event_ids": self.ids})

    def _action_dialog(self, model, name, context):
        """Return the action that asks for a new record of a model in a dialog."""
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": name,
                "res_model": model,
                "view_mode": "form",
                "target": "new",
                "context": context,
            }
        )

    def _action_open(self, records):
        action = {
            "type": "ir.actions.act_window",
            "res_model": records._name,
            "view_mode": "list,form",
            "name": records._description,
            "domain": [("id", "in", records.ids)],
        }
        if len(records) == 1:
            action.update(view_mode="form", res_id=records.id)
        return self._in_company(action)
