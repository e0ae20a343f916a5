import json
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..canonical.display.texts import fit
from ..canonical.reasons import State
from ..models.operations.operation_kind import OF_SOURCES, Operation

#: What is kept of a long choice, in characters.
_LONGEST = 1000


class SaasOperationStart(models.TransientModel):
    """Lets a person do something to many events at once, or to sources: asks why, and
    shows the effect before.
    """

    _name = "saas.operation.start"
    _description = "Start an operation"
    _inherit = ["saas.guarded.mixin"]

    kind = fields.Selection(
        selection=lambda self: self._get_kinds(),
        required=True,
        readonly=True,
    )
    selection = fields.Text(
        readonly=True, help="The search that finds what was chosen, as JSON."
    )
    source_ids = fields.Many2many("saas.source", string="Sources")
    date_from = fields.Date(string="From", help="The first day, in the source's time.")
    date_to = fields.Date(string="Until", help="The last day, in the source's time.")
    effect = fields.Text(compute="_compute_effect", string="What Will Happen")
    can_start = fields.Boolean(compute="_compute_effect")
    reason = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    @api.model
    def _get_kinds(self):
        kind = self.env["saas.operation"]._fields["kind"]
        return kind._description_selection(self.env)

    @api.depends("kind", "selection", "source_ids", "date_from", "date_to")
    def _compute_effect(self):
        for wizard in self:
            told, wizard.can_start = wizard._describe_effect()
            wizard.effect = " ".join(filter(None, told))

    def action_apply(self):
        """Start the operation, and show how far it is.

        :raises UserError: if there is nothing to do.
        """
        self.ensure_one()
        self._check_links()
        kind = Operation(self.kind)
        operations = self.env["saas.operation"]._start(
            kind,
            self.reason,
            domain=None if kind in OF_SOURCES else self._get_domain(),
            sources=self.source_ids,
            effect=self.effect,
            selection=fit(self.selection, _LONGEST),
        )
        action = {
            "type": "ir.actions.act_window",
            "name": operations._description,
            "res_model": operations._name,
            "view_mode": "list,form",
            "domain": [("id", "in", operations.ids)],
        }
        if len(operations) == 1:
            action |= {"view_mode": "form", "res_id": operations.id}
        return operations._in_company(action)

    # -- what is chosen -----------------------------------------------------------

    def _get_domain(self):
        """Return the domain of the events that the operation would act on now."""
        kind = Operation(self.kind)
        return self.env["saas.operation"]._get_claimable(kind, self._get_chosen(kind))

    def _get_chosen(self, kind):
        """Return the domain of what was chosen, in whatever state it is."""
        sources = Domain("source_id", "in", self.source_ids._origin.ids)
        if kind == Operation.REDRIVE:
            return sources
        if kind == Operation.REPLAY_DAYS:
            # What was replayed is there twice: once is enough.
            return sources & self._get_days() & Domain("replay_of_id", "=", False)
        if not self.selection:
            # An empty search would find all there is; nothing was chosen here.
            return Domain.FALSE
        try:
            chosen = Domain(list(json.loads(self.selection)))
            chosen.validate(self.env["saas.subscription.event"])
            return chosen
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("What you chose can't be read. Choose the events again.")
            ) from error

    def _get_days(self):
        """Return the domain of what was received on the days that were chosen."""
        if not self.date_from or not self.date_to:
            return Domain.FALSE
        zone = ZoneInfo(self.source_ids[:1].tz or "UTC")
        start, end = (
            datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)
            for day in (self.date_from, self.date_to + timedelta(days=1))
        )
        return Domain("received_at", ">=", start) & Domain("received_at", "<", end)

    # -- what would happen ----------------------------------------------------------

    def _describe_effect(self):
        """Return in sentences what would happen, and whether anything would."""
        kind = Operation(self.kind) if self.kind else None
        if kind is None:
            return [], False
        if kind in OF_SOURCES:
            return self._describe_sources(kind)
        if kind == Operation.REPLAY_DAYS and not (self.date_from and self.date_to):
            return [self.env._("Choose the days.")], False
        events = self.env["saas.subscription.event"]
        chosen = self._get_chosen(kind)
        domain = self.env["saas.operation"]._get_claimable(kind, chosen)
        [[count, causes, tenants, sources]] = events._read_group(
            domain,
            [],
            [
                "__count",
                "reason:count_distinct",
                "tenant_id:count_distinct",
                "source_id:count_distinct",
            ],
        )
        left = events.search_count(chosen) - count
        if kind == Operation.REPLAY_DAYS:
            # Of the days, it is about what is done; the rest is no choice of anybody.
            left = 0
        return [
            self.env._(
                "Events: %(count)s. Sources: %(sources)s. Causes: %(causes)s. Known "
                "tenants: %(tenants)s.",
                count=self._format(count),
                sources=self._format(sources),
                causes=self._format(causes),
                tenants=self._format(tenants),
            ),
            count and self._describe_money(domain),
            count and self._describe_kind(kind),
            left
            and self.env._(
                "%s of those you chose are left out: they are in another state, or "
                "another operation is about them.",
                self._format(left),
            ),
        ], bool(count)

    def _describe_money(self, domain):
        """Return how much money events tell of that wait, as a sentence; None where
        none of them does. What each object moves is counted once, whichever way.
        """
        query = self.env["saas.subscription.event"]._search(domain)
        rows = self.env.execute_query(
            SQL(
                """SELECT currency, exponent, sum(minor) FROM (
                       SELECT DISTINCT ON (event.source_id, category, refs->>0)
                              currency, exponent, abs(minor) AS minor
                       FROM saas_subscription_event event,
                            jsonb_to_recordset(event.stakes) AS stake(
                                category text, refs jsonb, currency text,
                                exponent integer, minor bigint)
                       WHERE event.stakes IS NOT NULL AND event.id IN %s
                       ORDER BY event.source_id, category, refs->>0, event.id DESC
                   ) told WHERE currency != ''
                   GROUP BY currency, exponent ORDER BY currency""",
                query.subselect(),
            )
        )
        if not rows:
            return None
        amounts = [
            f"{Decimal(minor).scaleb(-exponent):,.{exponent}f} {currency}"
            for currency, exponent, minor in rows
        ]
        return self.env._(
            "Money that they tell of, as far as it is known: %s.", ", ".join(amounts)
        )

    def _describe_sources(self, kind):
        """Return what pausing sources, or having them go on, would do."""
        state = "active" if kind == Operation.PAUSE else "paused"
        sources = self.source_ids._origin.filtered(lambda s: s.state == state)
        waiting = self.env["saas.subscription.event"].search_count(
            [
                ("source_id", "in", sources.ids),
                ("state", "=", State.RECEIVED.value),
            ]
        )
        if kind == Operation.PAUSE:
            sentence = self.env._(
                "%(names)s: nothing is processed until somebody activates it. Events "
                "are still accepted. %(count)s wait in the inbox now."
            )
        else:
            sentence = self.env._(
                "%(names)s: events are processed again. %(count)s wait in the inbox "
                "now."
            )
        names = ", ".join(sources.mapped("name"))
        told = sentence % {"names": names, "count": self._format(waiting)}
        return [told if sources else self.env._("There is nothing to do.")], bool(
            sources
        )

    def _describe_kind(self, kind):
        """Return what becomes of the events, as a sentence."""
        again = self.env._(
            "They go back to the inbox and are processed again. Those that can't be "
            "booked come back and say why."
        )
        replayed = self.env._(
            "Each is processed once more, as a new event. What is booked already stays "
            "as it is."
        )
        return {
            Operation.RETRY: again,
            Operation.REDRIVE: again,
            Operation.REPLAY: replayed,
            Operation.REPLAY_DAYS: replayed,
            Operation.HOLD: self.env._(
                "They are not processed until somebody lets them go, whatever arrives. "
                "What waits for them waits on."
            ),
            Operation.RELEASE: self.env._(
                "They go back to the inbox and are processed as if they had just come."
            ),
        }[kind]

    def _format(self, count):
        return f"{count:,}"
