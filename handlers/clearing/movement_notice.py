from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind

_ACTIVITY = "mail_activity_balance_unread"


class SaasHandlerMovementNotice(models.AbstractModel):
    """Handles events that say that money moved at the source. Nothing is booked from
    one: the source's list of movements has the day, the amount and the fee, so the
    event waits for the movement, whichever of the two is told first.
    """

    _name = "saas.handler.movement_notice"
    _inherit = "saas.handler"
    _description = "SaaS movement notice handler"

    def _apply(self, source, items):
        bindings = self.env["saas.binding"]
        movements = bindings._find(
            source, Kind.MOVEMENT, [ref for i in items for ref in i.fact.movements]
        )
        awaited = {
            kind: bindings._find(
                source,
                kind,
                [i.fact.external_id for i in items if i.fact.awaited == kind],
            )
            for kind in {item.fact.awaited for item in items if item.fact.awaited}
        }
        for item in items:
            fact = item.fact
            missing = [ref for ref in fact.movements if ref not in movements]
            known = [movements[ref] for ref in fact.movements if ref in movements]
            if fact.awaited and fact.external_id in awaited[fact.awaited]:
                known.append(awaited[fact.awaited][fact.external_id])
            elif fact.awaited:
                item.park(fact.awaited, fact.external_id)
            if missing:
                item.park(Kind.MOVEMENT, missing[0])
            elif not item.error:
                self._conclude_item(source, item, known)
        if any(item.error or item.fact.is_unnamed for item in items):
            self._read(source)

    def _conclude_item(self, source, item, known):
        """Name what was booked for an item, or ignore it if the old books have it."""
        if known and all(binding.before_cutover for binding in known):
            self.env["saas.cutover"]._ignore(source, item)
        for binding in known:
            if record := binding._get_record():
                item.log(
                    Action.MOVEMENT_KNOWN, record.move_id or record, record.external_id
                )
        if item.fact.is_unnamed and source._has_api_key():
            item.log(Action.MOVEMENTS_ASKED_FOR, detail=item.fact.external_id)

    def _read(self, source):
        """Have the newest movements read, or ask somebody for the key to do so."""
        if source._has_api_key():
            source._enqueue_read_movements()
        else:
            self.env["saas.activities"]._ask(
                source,
                _ACTIVITY,
                source,
                self.env._(
                    "Money moved that only the list of movements tells of: paste an "
                    "API key"
                ),
            )
