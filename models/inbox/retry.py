from odoo import api, models

from ...canonical.reasons import OPEN_STATES, STOPPED_STATES, Reason, State
from ..notification import notify


class SaasSubscriptionEvent(models.Model):
    """Sends events back to the inbox because of what a person did, and tells them what
    comes of it. Drains run as jobs, so it tells what will be, and the form follows.
    """

    _inherit = "saas.subscription.event"

    def _get_like(self):
        """Return this event and the others of its company that wait for a person for
        the same reason. Each is processed again by what it states itself, so one that
        lacks something else comes back with what that is.
        """
        self.ensure_one()
        waiting = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", [state.value for state in STOPPED_STATES]),
                ("reason", "=", self.reason),
            ]
        )
        return self | waiting

    @api.model
    def _free_duplicates(self, company):
        """Send all events of a company that wait because several contacts could be the
        customer back to the inbox, whatever their source, state and age: one decision
        may have made these contacts one.
        """
        waiting = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", [state.value for state in OPEN_STATES]),
                ("reason", "=", Reason.DUPLICATE_CUSTOMER.value),
            ]
        )
        waiting._set_state(State.RECEIVED, waiting_for=False)
        for source in waiting.source_id:
            source._enqueue_drain()

    @api.model
    def _get_stopped(self, sources, reasons):
        """Return the events that wait for a person for one of ``reasons``."""
        return self.search(
            [
                ("source_id", "in", sources.ids),
                ("state", "in", [state.value for state in STOPPED_STATES]),
                ("reason", "in", [reason.value for reason in reasons]),
            ]
        )

    def _retry_and_tell(self):
        """Send events back to the inbox, have them processed, and return the message
        that says what comes of it. The caller has checked that the user may.
        """
        self._send_back_retried()
        self.source_id.sudo()._enqueue_drain()
        return self._tell_of_retry()

    def _send_back_retried(self):
        """Send events back to the inbox because a person said so, with all tries."""
        # It is no longer a failure of the operation that tried it before.
        self._send_back(self.env._("A person retried it."), operation_id=False)

    def _send_back(self, why, **vals):
        """Send events back to the inbox, with all tries.

        :param why: one sentence for people, without personal data.
        :param vals: values of further fields.
        """
        self.sudo()._set_state(State.RECEIVED, detail=why, attempts=0, **vals)

    def _tell_of_retry(self):
        """Return the message that says which of these events go on because of what a
        person did, and which still wait, and why. It closes a wizard, and shows the
        screen behind it anew.
        """
        freed = self.filtered(lambda event: event.state == State.RECEIVED)
        held = self.env["saas.environment"].sudo()._describe_problem() if freed else ""
        paused = freed.source_id.sudo().filtered(lambda s: s.state != "active")
        told = []
        if freed and held:
            told.append(held)
        elif paused:
            told.append(
                self.env._(
                    "%(count)s events are in the inbox. %(name)s is paused, so they "
                    "wait there until somebody activates it.",
                    count=len(freed),
                    name=paused[0].name,
                )
            )
        elif len(freed) == 1:
            told.append(
                self.env._(
                    "One event is processed now. If it can't be booked, it comes back "
                    "and says why."
                )
            )
        elif freed:
            told.append(
                self.env._(
                    "%s events are processed now. Those that can't be booked come back "
                    "and say why.",
                    len(freed),
                )
            )
        told.append(self._describe_left())
        return notify(
            " ".join(filter(None, told)) or self.env._("No event waited for this."),
            "warning" if held or paused or not freed else "success",
            close=True,
        )

    def _tell_of_ignored(self, count):
        """Return the message that says that events were ignored, and that these others
        go on because of that.
        """
        message = self._tell_of_retry() if self else notify("", close=True)
        params = message["params"]
        ignored = self.env._("%s events were ignored.", count)
        params["message"] = " ".join(filter(None, (ignored, params["message"])))
        return message

    def _describe_left(self):
        """Return the sentence that says how many of these events still wait, and why;
        empty if none does.
        """
        left = self.filtered(lambda event: State(event.state) in OPEN_STATES)
        if not left:
            return ""
        labels = dict(self._fields["reason"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        why = dict.fromkeys(labels.get(e.reason) or states[e.state] for e in left)
        return self.env._(
            "%(count)s still wait: %(why)s.", count=len(left), why=", ".join(why)
        )
