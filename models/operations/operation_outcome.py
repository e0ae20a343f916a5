from odoo import api, fields, models

from ...canonical.reasons import STOPPED_STATES, State
from .operation_kind import Operation


class SaasOperation(models.Model):
    """Says what has become of an operation's events: drains process them afterwards,
    so this is counted when somebody looks.
    """

    _inherit = "saas.operation"

    failed_count = fields.Integer(
        string="Failures",
        compute="_compute_outcome",
        help="How many of its events wait for a person now. One that goes on for "
        "another cause is not among them any more.",
    )
    outcome = fields.Text(compute="_compute_outcome", string="What Came of It")

    @api.depends("state", "done_count", "skipped_count")
    def _compute_outcome(self):
        groups = self.env["saas.subscription.event"]._read_group(
            [("operation_id", "in", self.ids)], ["operation_id", "state"], ["__count"]
        )
        counts = {}
        for operation, state, count in groups:
            counts.setdefault(operation.id, {})[state] = count
        for operation in self:
            own = counts.get(operation.id, {})
            tried = operation.kind != Operation.HOLD
            operation.failed_count = tried and sum(
                own.get(s, 0) for s in STOPPED_STATES
            )
            operation.outcome = operation._describe_outcome(own)

    def _describe_outcome(self, counts):
        """Return in sentences how far an operation is, and what came of it.

        :param counts: how many of its events are in each state, by the state.
        """
        told = [self._describe_progress()]
        if self.kind == Operation.HOLD:
            held = counts.get(State.PARKED, 0)
            told.append(self.env._("%s are held back now.", held))
        elif not self.is_of_sources:
            sentences = {
                State.RECEIVED: self.env._("In the inbox: %s."),
                State.DONE: self.env._("Processed: %s."),
                State.PARKED: self.env._("Waiting for another event: %s."),
                State.IGNORED: self.env._("Ignored: %s."),
                State.QUARANTINED: self.env._("Need a person: %s."),
                State.DEAD: self.env._("Dead again: %s."),
            }
            told += [
                sentence % counts[state]
                for state, sentence in sentences.items()
                if counts.get(state)
            ]
        return "\n".join(told)

    def _describe_progress(self):
        """Return how far an operation is, as a sentence."""
        if self.is_of_sources:
            return self.env._("%s sources were changed.", self.done_count)
        return self.env._(
            "%(done)s of %(total)s events were acted on, %(left)s were left out.",
            done=self.done_count,
            total=self.total_count,
            left=self.skipped_count,
        )

    def action_view_failures(self):
        """Open the events of this operation that wait for a person now."""
        return self._open_events(
            self.env._("Failures"),
            [("state", "in", [state.value for state in STOPPED_STATES])],
        )

    def action_view_events(self):
        """Open the events that this operation acted on last, or made."""
        return self._open_events(self.env._("Events"), [])

    def action_view_left_out(self):
        """Open what this operation left out, each with why."""
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Left Out"),
                "res_model": "saas.operation.item",
                "view_mode": "list,kanban",
                "domain": [("operation_id", "=", self.id), ("state", "=", "skipped")],
            }
        )

    def _open_events(self, name, domain):
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": name,
                "res_model": "saas.subscription.event",
                "view_mode": "list,kanban,form",
                "domain": [("operation_id", "=", self.id), *domain],
            }
        )
