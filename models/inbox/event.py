from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from ...canonical.actions import EVENT_STATES, Action
from ...canonical.display.masking import mask
from ...canonical.display.texts import LONGEST_TRACE, fit, format_json
from ...canonical.errors import Malformed
from ...canonical.reasons import Reason, State
from ...canonical.review.changes import StateChange

#: The longest payload that is shown, in characters: a long invoice has 100,000.
_LONGEST_PAYLOAD = 200_000

_STATE_LABELS = {
    State.RECEIVED: "Received",
    State.DONE: "Done",
    State.IGNORED: "Ignored",
    State.PARKED: "Parked",
    State.QUARANTINED: "Quarantined",
    State.DEAD: "Dead",
}


class SaasSubscriptionEvent(models.Model):
    """The inbox: every event received, byte for byte, and what became of it.

    Only the pipeline and the wizards change a state, through :meth:`_set_state`.
    """

    _name = "saas.subscription.event"
    _description = "SaaS event"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"
    _rec_name = "external_id"

    source_id = fields.Many2one("saas.source", required=True, ondelete="restrict")
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    external_id = fields.Char(string="Event ID", required=True, readonly=True)
    event_type = fields.Char(string="Type", required=True, readonly=True)
    api_version = fields.Char(string="API Version", readonly=True)
    occurred_at = fields.Datetime(readonly=True)
    received_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    processed_at = fields.Datetime(readonly=True)
    body = fields.Binary(
        required=True,
        attachment=False,
        readonly=True,
        groups=NO_ACCESS,
        help="The bytes as received. People see the masked payload.",
    )
    payload = fields.Text(compute="_compute_payload", compute_sudo=True)
    tenant_id = fields.Many2one("saas.tenant", readonly=True, index="btree_not_null")
    state = fields.Selection(
        [(state.value, label) for state, label in _STATE_LABELS.items()],
        required=True,
        readonly=True,
        default=State.RECEIVED.value,
    )
    detail = fields.Char(readonly=True)
    trace = fields.Text(readonly=True, groups="saas_billing_sync.group_saas_operator")
    attempts = fields.Integer(readonly=True)
    retry_at = fields.Datetime(string="Next Try", readonly=True)
    waiting_for = fields.Char(
        readonly=True,
        help="The object that the event waits for, or waited for until it was left to "
        "a person, ignored or tried again.",
    )
    cause = fields.Char(
        readonly=True,
        groups=NO_ACCESS,
        help="What exactly stopped the event, where its reason has several next steps.",
    )
    replay_of_id = fields.Many2one(
        "saas.subscription.event", readonly=True, index="btree_not_null"
    )
    log_ids = fields.One2many("saas.sync.log", "event_id")

    customer_ref = fields.Char(readonly=True, help="The customer's id at the source.")
    lane = fields.Selection(
        [("realtime", "Real time"), ("batch", "Batch")],
        readonly=True,
        default="realtime",
        help="Events that were read, and many events of one customer, are in the "
        "batch lane. They are processed beside the others and take only a "
        "part of the time.",
    )

    _external_unique = models.UniqueIndex("(source_id, external_id)")
    _due_index = models.Index("(source_id, id) WHERE state = 'received'")
    _realtime_index = models.Index(
        "(source_id, id) WHERE state = 'received' AND lane IS DISTINCT FROM 'batch'"
    )
    _batch_index = models.Index(
        "(source_id, id) WHERE state = 'received' AND lane = 'batch'"
    )
    _customer_index = models.Index("(source_id, customer_ref) WHERE state = 'received'")
    _waiting_index = models.Index(
        "(source_id, waiting_for) WHERE state IN ('parked', 'quarantined')"
    )
    _exceptions_index = models.Index(
        "(company_id, state) WHERE state IN ('parked', 'quarantined', 'dead')"
    )
    _nameless_index = models.Index(
        "(source_id, customer_ref) WHERE tenant_id IS NULL AND customer_ref IS NOT NULL"
    )
    _rate_index = models.Index("(source_id, received_at)")
    # Also for a type alone; and it leads from each type to the next one.
    _type_index = models.Index("(event_type, source_id, id)")
    _processed_index = models.Index(
        "(company_id, processed_at) WHERE processed_at IS NOT NULL"
    )

    @api.depends("body")
    def _compute_payload(self):
        for event in self:
            try:
                payload = event._read_payload()
            except Malformed:
                event.payload = self.env._("The body can't be read.")
                continue
            event.payload = event._format_payload(payload)

    def _format_payload(self, payload):
        """Return a parsed body as people may see it, whatever it holds."""
        harmless = self.source_id._get_adapter()._harmless
        text, is_all = format_json(mask(payload, harmless), _LONGEST_PAYLOAD)
        if is_all:
            return text
        return self.env._(
            "%(begin)s…\n\nThis is the beginning of an event of %(size)s bytes. The "
            "rest is not shown.",
            begin=text,
            size=len(self._get_body()),
        )

    def _get_body(self):
        """Return the bytes as received, whatever size context is set."""
        self.ensure_one()
        return self.sudo().with_context(bin_size=False, bin_size_body=False).body

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Events can't be deleted: they prove what was booked. Ignore the "
                "event instead."
            )
        )

    def _set_state(self, state, reason=None, detail=None, waiting_for=None, **vals):
        """Write a new state of these events, as :meth:`_set_states` does for many.

        :param vals: values of further fields, and ``causes``.
        """
        causes = vals.pop("causes", ())
        self._set_states(
            [StateChange(self, state, reason, detail, waiting_for, causes, vals)]
        )

    @api.model
    def _set_states(self, changes, done=()):
        """Write new states. This is the one gate for changes of state: it logs one row
        for each event, and opens and closes the cases that events wait for.

        :param changes: a list of :class:`~...canonical.review.changes.StateChange`,
            each event in one of them.
        :param done: rows for the log that say what was done before; they come first.
        """
        for change in changes:
            change.events.write(self._prepare_state_vals(change))
        rows = [
            self._prepare_state_row(c, event) for c in changes for event in c.events
        ]
        self.env["saas.sync.log"]._append([*done, *rows])
        self.env["saas.exception"]._follow(changes)
        for change in changes:
            if change.state is State.DONE:
                change.events._recheck_differences()

    def _prepare_state_vals(self, change):
        """Return the values that a change of state writes."""
        vals = dict(change.vals)
        if change.waiting_for is not None or change.state is State.DONE:
            vals["waiting_for"] = fit(change.waiting_for)
        if vals.get("trace"):
            vals["trace"] = fit(vals["trace"], LONGEST_TRACE)
        is_over = change.state in (State.DONE, State.IGNORED)
        return {
            "state": change.state.value,
            "reason": change.reason and change.reason.value,
            "detail": fit(change.detail),
            "cause": False,
            "retry_at": False,
            # The event may wait for another object next time.
            "asked_at": False,
            "trace": False,
            "figures": False,
            "processed_at": fields.Datetime.now() if is_over else False,
            **vals,
        }

    def _prepare_state_row(self, change, event):
        """Return the log's row of an event's change of state."""
        told = (
            change.reason and change.reason.value,
            fit(change.detail),
            fit(change.waiting_for),
        )
        return {
            "event_id": event.id,
            "source_id": event.source_id.id,
            "action": _get_action(change.state, change.reason).value,
            "content_hash": event._get_content_hash(),
            "detail": ": ".join(filter(None, told)),
        }

    def _prepare_retry(self, error):
        """Return the change that tries this event again later, with growing and
        jittered delays, or gives it up as dead.
        """
        self.ensure_one()
        attempts = self.attempts + 1
        vals = {"attempts": attempts}
        if attempts >= self.source_id.max_attempts:
            return StateChange(
                self, State.DEAD, Reason.RETRIES_EXHAUSTED, str(error), vals=vals
            )
        delay = self._get_retry_delay(attempts)
        vals["retry_at"] = fields.Datetime.now() + delay
        return StateChange(self, State.RECEIVED, detail=str(error), vals=vals)

    @api.model
    def _get_retry_delay(self, attempts):
        """Return how long to wait after the given number of tries: half a minute,
        doubled each time up to two hours, give or take a quarter.
        """
        seconds = min(30 * 2 ** (attempts - 1), 7200)
        return timedelta(seconds=seconds * self.env["saas.drain"]._jitter())


def _get_action(state, reason):
    """Return what the log calls a change to a state for a reason."""
    if reason is Reason.HELD_BY_PERSON:
        return Action.EVENT_HELD
    if reason is Reason.OBSERVED:
        return Action.EVENT_OBSERVED
    return EVENT_STATES[state]
