from datetime import UTC, datetime

from odoo import models

from ...canonical.actions import Action
from ...canonical.reasons import Cause, Reason
from ...canonical.usage.terms import MOST_AHEAD

#: How many references of records a sentence names.
_NAMED = 3


class SaasHandlerUsage(models.AbstractModel):
    """Stores what customers used, and counts it. Nothing is booked from it: what a
    period costs is found when it is billed.

    A record that waits does so in sight while the others are counted. An event is left
    to a person only for records that contradict others, once for all of them, and for
    those that say they happen in the future.
    """

    _name = "saas.handler.usage"
    _inherit = "saas.handler"
    _description = "SaaS usage handler"

    def _apply(self, source, items):
        latest, told = datetime.now(UTC) + MOST_AHEAD, []
        for item in items:
            ahead = [r for r in item.fact.records if r.occurred_at > latest]
            if ahead:
                self._refuse_ahead(item, ahead)
            event_id = item.event.id
            told += [
                (event_id, record)
                for record in item.fact.records
                if record.occurred_at <= latest
            ]
        taken = self.env["saas.usage.intake"]._accept(source, told)
        by_event = {}
        for item in items:
            by_event.setdefault(item.event.id, item)
        for event_id, item in by_event.items():
            if count := taken.stored[event_id]:
                item.log(Action.USAGE_STORED, detail=str(count))
            if count := taken.superseded[event_id]:
                item.log(Action.USAGE_CORRECTED, detail=str(count))
            if refs := taken.conflicts.get(event_id):
                self._refuse_conflicts(item, refs)

    def _refuse_ahead(self, item, records):
        item.quarantine(
            Reason.INVALID_PAYLOAD,
            self.env._(
                "Records that say they happen more than a day from now are not "
                "counted. There are %(count)s: %(refs)s.",
                count=len(records),
                refs=self._name_some([record.external_id for record in records]),
            ),
            about="usage_ahead",
        )

    def _refuse_conflicts(self, item, refs):
        """Leave to a person what contradicts other records: one case for an event."""
        item.quarantine(
            Reason.INVALID_PAYLOAD,
            self.env._(
                "Usage that contradicts other usage is not counted. There are "
                "%(count)s records of it: %(refs)s.",
                count=len(refs),
                refs=self._name_some(refs),
            ),
            Cause.USAGE_CONFLICT.of(item.event.external_id),
        )

    def _name_some(self, refs):
        more = ["…"] if len(refs) > _NAMED else []
        return ", ".join([*refs[:_NAMED], *more])
