from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.reasons import STOPPED_STATES, State
from ...canonical.review.causes import CUSTOMER_KEY
from ..roles import roles_of

#: Events that a case's form lists; the others are behind its button.
_SHOWN = 40


class SaasException(models.Model):
    """Counts what waits for a case, in one query for a page of cases. Nothing of it is
    stored on the case: its row would be written by every drain.
    """

    _inherit = "saas.exception"

    event_count = fields.Integer(string="Events", compute="_compute_counts")
    waiting_count = fields.Integer(
        string="Frees",
        compute="_compute_counts",
        help="How many events wait for a person because of this.",
    )
    tenant_count = fields.Integer(string="Tenants", compute="_compute_counts")
    parked_count = fields.Integer(
        string="Parked Behind",
        compute="_compute_parked_count",
        help="How many events wait for the customer that this is about.",
    )
    first_seen = fields.Datetime(compute="_compute_counts")
    last_seen = fields.Datetime(compute="_compute_counts")
    age = fields.Char(compute="_compute_age")
    event_id = fields.Many2one(
        "saas.subscription.event",
        string="Newest Event",
        compute="_compute_counts",
        search="_search_event_id",
        help="The next step is taken on this one, and holds for all.",
    )
    event_ids = fields.Many2many(
        "saas.subscription.event",
        string="Newest Events",
        compute="_compute_event_ids",
    )
    is_snoozed = fields.Boolean(
        compute="_compute_is_snoozed", search="_search_is_snoozed"
    )
    actor = fields.Selection(
        lambda self: self.env["saas.subscription.event"]._fields["actor"].selection,
        string="Who Should Act",
        compute="_compute_actor",
        search="_search_actor",
    )
    waits_for_me = fields.Boolean(store=False, search="_search_waits_for_me")

    def _compute_counts(self):
        """Read all figures of these cases at once; those of a closed case are of all
        events that it had.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT link.case_id, count(*),
                          count(*) FILTER (WHERE event.state = ANY(%s)),
                          count(DISTINCT event.tenant_id),
                          min(event.received_at), max(link.seen_at), max(event.id),
                          max(event.id) FILTER (WHERE event.state = ANY(%s))
                     FROM saas_exception_event link
                     JOIN saas_exception cause ON cause.id = link.case_id
                     JOIN saas_subscription_event event ON event.id = link.event_id
                    WHERE link.case_id = ANY(%s)
                      AND (link.is_open OR cause.state <> 'open')
                 GROUP BY link.case_id""",
                *[[state.value for state in STOPPED_STATES]] * 2,
                self._flushed().ids,
            )
        )
        found = {case_id: figures for case_id, *figures in rows}
        for case in self:
            count, waiting, tenants, first, last, newest, stopped = found.get(
                case._origin.id, (0, 0, 0, False, False, False, False)
            )
            case.event_count = count
            case.waiting_count = waiting if case.state == "open" else 0
            case.tenant_count = tenants
            case.first_seen, case.last_seen = first, last
            case.event_id = stopped or newest

    @api.model
    def _search_event_id(self, operator, value):
        return [("link_ids.event_id", operator, value)]

    def _flushed(self):
        """Return the same cases, with all in the database that SQL has to see."""
        self.env["saas.subscription.event"].flush_model(["state", "tenant_id"])
        return self._origin

    @api.depends("reason", "cause_key")
    def _compute_parked_count(self):
        self.parked_count = 0
        keys = {
            (case.source_id, case.cause_key): case
            for case in self
            if case.cause_key and case.cause_key.startswith(CUSTOMER_KEY)
        }
        if not keys:
            return
        groups = (
            self.env["saas.subscription.event"]
            .sudo()
            ._read_group(
                [
                    ("source_id", "in", self.source_id.ids),
                    ("state", "=", State.PARKED.value),
                    ("waiting_for", "in", [key for _source, key in keys]),
                ],
                ["source_id", "waiting_for"],
                ["__count"],
            )
        )
        counts = {(source, key): count for source, key, count in groups}
        for case in self:
            key = case.source_id.sudo(), case.cause_key
            case.parked_count = counts.get(key, 0)

    @api.depends("first_seen")
    def _compute_age(self):
        now = fields.Datetime.now()
        for case in self:
            since = now - case.first_seen if case.first_seen else timedelta()
            if since.days:
                case.age = self.env._("%s days", since.days)
            else:
                case.age = self.env._("%s hours", since.seconds // 3600)

    @api.depends("state")
    def _compute_event_ids(self):
        links = self.env["saas.exception.event"]
        for case in self:
            domain = [("case_id", "=", case._origin.id)]
            if case.state == "open":
                domain.append(("is_open", "=", True))
            found = links.search(domain, limit=_SHOWN, order="event_id desc")
            case.event_ids = found.event_id

    @api.depends("snoozed_until", "state")
    def _compute_is_snoozed(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_snoozed = bool(case.snoozed_until and case.snoozed_until > now)

    @api.model
    def _search_is_snoozed(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("snoozed_until", ">", fields.Datetime.now())]

    @api.depends("reason")
    def _compute_actor(self):
        steps = self.env["saas.subscription.event"]._get_next_steps()
        for case in self:
            case.actor, _step = steps.get(case.reason, (False, False))

    @api.model
    def _search_actor(self, operator, value):
        if operator != "in":
            return NotImplemented
        steps = self.env["saas.subscription.event"]._get_next_steps()
        reasons = [reason for reason, (actor, _step) in steps.items() if actor in value]
        return [("reason", "in", reasons)]

    @api.model
    def _search_waits_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("state", "=", "open"),
            ("actor", "in", list(roles_of(self.env.user))),
        ]
