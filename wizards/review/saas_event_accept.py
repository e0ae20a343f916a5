from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ...canonical.reasons import Reason, State
from ...canonical.review.duties import Decision
from ...canonical.review.stakes import find_stake

#: The states in which an event ends because another system owns what it tells.
_ENDED = (State.IGNORED, State.QUARANTINED)


class SaasEventAccept(models.TransientModel):
    """Lets a person have events applied, this one time, although another system owns
    what they tell. The rules stay as they are.
    """

    _name = "saas.event.accept"
    _description = "Accept Once"
    _inherit = ["saas.decision.mixin", "saas.previewed.mixin", "saas.guarded.mixin"]
    _decision = Decision.ACCEPT_ONCE

    event_ids = fields.Many2many("saas.subscription.event", required=True)
    comparison = fields.Html(
        compute="_compute_comparison",
        sanitize=False,
        help="What the event tells, and what is kept.",
    )
    note = fields.Char(
        string="Why",
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    @api.depends("event_ids")
    @api.depends_context("uid")
    def _compute_comparison(self):
        """Show both sides where it is about one event."""
        for wizard in self:
            event = wizard.event_ids._origin
            wizard.comparison = len(event) == 1 and event.figures_html

    def _check_decision(self):
        """Raise unless the user may decide, and all events ended because of that."""
        events = self.event_ids
        events._check_may_decide()
        if not events or any(
            event.reason != Reason.NOT_OWNER or State(event.state) not in _ENDED
            for event in events
        ):
            raise UserError(
                self.env._(
                    "Only events that ended because another system owns what they tell "
                    "can be accepted."
                )
            )

    def _get_amount(self):
        """Return what the events tell of money, each object once; None if that is not
        known. They wait for nothing, so nothing of it is noted with them.
        """
        worths = {}
        for source, events in self.event_ids.sudo().grouped("source_id").items():
            stakes = {event: find_stake(event._read_facts()) for event in events}
            for event, (*_told, amount) in events._convert_stakes(stakes).items():
                stake = stakes[event]
                if amount is None:
                    return None
                key = source.id, stake.kind, stake.ref
                worths[key] = max(worths.get(key, 0), amount)
        return sum(worths.values())

    def _read_subject(self):
        """Beside the events, a signature rests on what would be replaced, and on whose
        it is.
        """
        rules = self.env["saas.ownership"]._read_rules(self.event_ids.company_id)
        subject = super()._read_subject()
        for event in self.event_ids.sorted("id"):
            rows = ((event.figures or {}).get("ownership") or {}).get("rows", ())
            source = event.sudo().source_id
            owners = [
                [fact.kind, str(rules.find(source.id, fact.kind).owners)]
                for fact in event.sudo()._read_facts()
            ]
            kept = [event._read_personal(row).get("kept", "") for row in rows]
            subject.append([event.id, owners, kept])
        return subject

    def _decide(self):
        """Apply the events, and note in the log whose values were taken."""
        events = self.event_ids
        # This is done as superuser, since nobody may write events; the log still names
        # the user.
        events.sudo().accepted_once = True
        self.env["saas.sync.log"].sudo()._append(
            [
                {
                    "event_id": event.id,
                    "source_id": event.source_id.id,
                    "action": Action.ACCEPTED_ONCE.value,
                    "res_model": event._name,
                    "res_id": event.id,
                    "detail": ": ".join(filter(None, (event.detail, self.note))),
                }
                for event in events
            ]
        )
        return events._retry_and_tell()
