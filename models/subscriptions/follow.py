from odoo import api, models
from odoo.fields import Domain

from ...canonical.errors import Stop
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason, State
from ...canonical.reference import Reference
from ...canonical.review.causes import find_key
from ...canonical.review.changes import StateChange


class SaasSubscriptionChange(models.Model):
    """Lets events follow what comes of the changes that they told: what counts by now
    is done, and what can't be so any more is for a person, in whatever order they came.
    """

    _inherit = "saas.subscription.change"

    @api.model
    def _follow_events(self, tenants):
        """Let the events of tenants' changes go on that count by now, and leave those
        to a person that don't any longer.
        """
        if not tenants:
            return
        freed = (
            Domain("outcome", "!=", "refused")
            & Domain("event_id.state", "=", State.QUARANTINED.value)
            & Domain("event_id.reason", "=", Reason.NOT_ALLOWED.value)
        )
        stopped = Domain("outcome", "=", "refused") & Domain(
            "event_id.state", "=", State.DONE.value
        )
        rows = self.sudo().search(
            Domain("subscription_id.tenant_id", "in", tenants.ids) & (freed | stopped)
        )
        if not rows:
            return
        stop = rows.filtered(lambda row: row.outcome == "refused")
        free = (rows - stop).event_id - stop.event_id
        changes = [row._prepare_stop() for row in stop.grouped("event_id").values()]
        if free:
            told = self.env._("What was known since makes room for it.")
            changes.append(StateChange(free, State.RECEIVED, detail=told))
        self.env["saas.subscription.event"].sudo()._set_states(changes)
        free.source_id._enqueue_drain()

    def _prepare_stop(self):
        """Return the change that leaves the event of these rows to a person."""
        row = self[:1]
        detail = row._describe_refusal()
        about = str(Reference(Kind.SUBSCRIPTION, row.subscription_id.external_id))
        stop = Stop(Reason.NOT_ALLOWED, detail, about=about)
        key = find_key(row.event_id._tell_stop(stop, None, ""))
        return StateChange(
            row.event_id, State.QUARANTINED, Reason.NOT_ALLOWED, detail, causes=(key,)
        )
