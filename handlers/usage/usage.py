from odoo import models

from ...canonical.actions import Action
from ...canonical.moments import naive
from ...canonical.money import write_plainly
from ...canonical.reasons import Cause, Reason


class SaasHandlerUsage(models.AbstractModel):
    """Stores what customers used. Nothing is booked from it. A fact that is known is
    left alone; one that says something else under a known id is left to a person.
    """

    _name = "saas.handler.usage"
    _inherit = "saas.handler"
    _description = "SaaS usage handler"

    def _apply(self, source, items):
        self._find_tenants(source, items)
        items = [item for item in items if not item.error]
        records = self.env["saas.usage.record"]
        known = {
            record.external_id: record
            for record in records.search(
                [
                    ("source_id", "=", source.id),
                    ("external_id", "in", [item.fact.external_id for item in items]),
                ]
            )
        }
        new = []
        for item in items:
            vals = self._prepare_vals(source, item)
            if record := known.get(item.fact.external_id):
                self._compare(item, record, vals)
            else:
                new.append((item, vals))
        records.create([vals for _item, vals in new])
        self._log_stored([item for item, _vals in new])

    def _prepare_vals(self, source, item):
        fact = item.fact
        return {
            "source_id": source.id,
            "external_id": fact.external_id,
            "tenant_id": item.tenant.id,
            "meter_ref": fact.meter,
            "quantity": float(fact.quantity),
            "stated_quantity": write_plainly(fact.quantity),
            "occurred_at": naive(fact.occurred_at).replace(microsecond=0),
            "subscription_ref": fact.subscription or False,
        }

    def _compare(self, item, record, vals):
        """Leave an item to a person that states another fact under a known id."""
        names = ("meter_ref", "stated_quantity", "occurred_at", "subscription_ref")
        if all(record[name] == vals[name] for name in names):
            return
        item.quarantine(
            Reason.INVALID_PAYLOAD,
            self.env._(
                "The usage %s is stored already, with other content.",
                item.fact.external_id,
            ),
            Cause.ID_TAKEN.of(item.fact.external_id),
        )

    def _log_stored(self, items):
        """Log once for each event how many of its facts were stored: one event may tell
        a thousand.
        """
        by_event = {}
        for item in items:
            by_event.setdefault(item.event, []).append(item)
        for own in by_event.values():
            own[0].log(Action.USAGE_STORED, detail=str(len(own)))
