from odoo import models

from ...canonical.reasons import State
from ...canonical.review.alerts import AlertKind

_EVENTS = "saas_subscription_event_action"
_WAITING = [("state", "=", State.RECEIVED.value)]

#: The list that shows what an alert of a kind is about, and the terms of its domain.
_LISTS = {
    AlertKind.LANE_LATE: (_EVENTS, [*_WAITING, ("lane", "!=", "batch")]),
    AlertKind.BATCH_LATE: (_EVENTS, [*_WAITING, ("lane", "=", "batch")]),
    AlertKind.EVENTS_DEAD: (_EVENTS, [("state", "=", State.DEAD.value)]),
    AlertKind.CASES_OPEN: ("saas_exception_action", [("state", "=", "open")]),
    AlertKind.AMOUNT_AT_STAKE: ("saas_exception_action", [("state", "=", "open")]),
    AlertKind.PAYOUT_UNPROVED: (
        "saas_payout_action",
        [("state", "=", "paid"), ("proof_state", "in", ["no_data", "not_proved"])],
    ),
    AlertKind.INVARIANT_BROKEN: ("saas_difference_action", [("state", "=", "open")]),
    AlertKind.USAGE_WAITS: (
        "saas_usage_record_action",
        [("state", "in", ["parked", "conflict"])],
    ),
    AlertKind.USAGE_DIFFERS: ("saas_usage_bucket_action", [("differs", "=", True)]),
}


class SaasAlert(models.Model):
    """Leads from an alert to what it is about."""

    _inherit = "saas.alert"

    def action_open_matter(self):
        """Open what this alert is about: the events, exceptions, payouts or differences
        of its source, or the source itself.
        """
        self.ensure_one()
        self.check_access("read")
        listed = _LISTS.get(AlertKind(self.kind))
        if not listed:
            events = self.env["saas.subscription.event"]
            return self._in_company(events._action_open(self.source_id))
        action, terms = listed
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"saas_billing_sync.{action}"
        )
        domain = [("source_id", "=", self.source_id.id), *terms]
        return self._in_company({**action, "domain": domain, "context": {}})
