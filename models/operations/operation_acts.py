from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

from ...canonical.actions import Action
from ...canonical.reasons import Reason, State
from .operation_kind import CLAIMED, QUICK, REPLAYS, Operation


class SaasOperation(models.Model):
    """What an operation does to a chunk of its events. Whatever their number, that
    takes the same number of statements.
    """

    _inherit = "saas.operation"

    #: Events of one transaction: the heads of the log's chains are locked to its end.
    _chunk_size = 200

    def _act(self):
        """Act on one chunk of events, and end with the last one.

        :return: how many events were taken; fewer than there are where a drain works on
            them just now.
        """
        rows = self._take_chunk()
        acted, left = [], []
        for item_id, event_id, state, reason in rows:
            fits = self._fits(state, reason)
            (acted if fits else left).append((item_id, event_id, state))
        if not self.step:
            self._log_to(self._find_sources(), Action.OPERATION_STARTED, self.effect)
        if acted:
            events = self.env["saas.subscription.event"].browse(
                e for _i, e, _s in acted
            )
            self._act_on(events)
        self._conclude_items(acted, left)
        self.write(
            {
                "step": self.step + 1,
                "done_count": self.done_count + len(acted),
                "skipped_count": self.skipped_count + len(left),
                "last_error": False,
            }
        )
        if self._count_seen() >= self.total_count:
            self._end("done", Action.OPERATION_DONE)
        return len(rows)

    def _take_chunk(self):
        """Return the next events, locked until the transaction ends: rows of the item,
        the event, its state and its reason. What a drain works on comes later.
        """
        self.env["saas.subscription.event"].flush_model(["state", "reason"])
        query = SQL(
            """SELECT item.id, event.id, event.state, event.reason
               FROM saas_operation_item item
               JOIN saas_subscription_event event ON event.id = item.event_id
               WHERE item.operation_id = %s AND item.state = 'waiting'
               ORDER BY item.event_id LIMIT %s
               FOR NO KEY UPDATE OF event SKIP LOCKED""",
            self.id,
            self._chunk_size,
        )
        # A drain that ended since this snapshot was taken has the job begin anew.
        self.env.cr.execute(query, log_exceptions=False)
        return self.env.cr.fetchall()

    def _fits(self, state, reason):
        """Return whether an event is still in a state to be acted on."""
        is_held = reason == Reason.HELD_BY_PERSON
        if self.kind == Operation.RELEASE:
            return is_held
        return State(state) in CLAIMED[Operation(self.kind)] and not is_held

    def _act_on(self, events):
        """Do to events what this operation is for."""
        if self.kind == Operation.HOLD:
            events._hold(self.reason, operation_id=self.id)
            return
        # Many go into the lane that leaves the others their time.
        vals = {"lane": "batch"} if self.total_count > QUICK else {}
        if self.kind in REPLAYS:
            events = self._copy(events)
        elif self.kind == Operation.RELEASE:
            vals["waiting_for"] = False
        why = self.env._("%(what)s: %(why)s", what=self._get_label(), why=self.reason)
        events._send_back(why, operation_id=self.id, **vals)
        events.source_id._enqueue_drain()

    def _copy(self, events):
        """Store events once more, each under an id that only this operation gives, and
        return the new ones. PostgreSQL copies the bytes.
        """
        now = fields.Datetime.now()
        query = SQL(
            """INSERT INTO saas_subscription_event
                      (source_id, company_id, external_id, event_type, api_version,
                       occurred_at, body, body_hash, mode, account_ref, customer_ref,
                       delivery_id, replay_of_id, operation_id, state, attempts, lane,
                       received_at, create_uid, create_date, write_uid, write_date)
               SELECT source_id, company_id, external_id || %s, event_type, api_version,
                      occurred_at, body, body_hash, mode, account_ref, customer_ref,
                      delivery_id, id, %s, 'received', 0, 'batch', %s, %s, %s, %s, %s
               FROM saas_subscription_event WHERE id = ANY(%s)
               ORDER BY id
               ON CONFLICT (source_id, external_id) DO NOTHING
               RETURNING id""",
            f":replay:operation-{self.id}",
            self.id,
            *(now, SUPERUSER_ID, now, SUPERUSER_ID, now),
            events.ids,
        )
        # Odoo would log a failing query with its values.
        self.env.cr.execute(query, log_exceptions=False)
        return events.browse(sorted(id_ for (id_,) in self.env.cr.fetchall()))

    def _conclude_items(self, acted, left):
        """Note which events were acted on, and why others were not."""
        states = dict(
            self.env["saas.subscription.event"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        why = {
            state: self.env._(
                "It had changed meanwhile, to %s, so there was nothing to do.", label
            )
            for state, label in states.items()
        }
        rows = [(item_id, "done", None) for item_id, _event, _state in acted]
        rows += [(item_id, "skipped", why[state]) for item_id, _event, state in left]
        if not rows:
            return
        ids, new_states, details = zip(*rows, strict=True)
        self.env.cr.execute(
            """UPDATE saas_operation_item item
               SET state = new.state, detail = new.detail
               FROM unnest(%s::int[], %s::text[], %s::text[]) new(id, state, detail)
               WHERE item.id = new.id""",
            (list(ids), list(new_states), list(details)),
        )
        self.env["saas.operation.item"].invalidate_model(["state", "detail"])

    def _find_sources(self):
        """Return the sources whose events this operation is about."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT event.source_id
                   FROM saas_operation_item item
                   JOIN saas_subscription_event event ON event.id = item.event_id
                   WHERE item.operation_id = %s""",
                self.id,
            )
        )
        return self.env["saas.source"].browse(sorted(id_ for (id_,) in rows))

    def _get_label(self):
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]
