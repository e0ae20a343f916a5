from odoo import fields, models
from odoo.exceptions import UserError

from ...canonical.kinds import DECIDABLE, Kind
from ...canonical.marks import Signed
from ...canonical.review.areas import Area, Stage
from ...models.roles import roles_of
from ..objects import get_reference

#: Objects that are settled by one job.
_PAGE = 40
#: Events that are sent on by one job.
_MOST_EVENTS = 200


class SaasObserveSettle(models.AbstractModel):
    """Settles what was observed when its area is switched on, and what came late after
    that: what is alike is bound to the record that a person made, so that whatever
    happens to it later finds that; what is from before the day of the switch becomes
    what the person chose; the rest is left to be booked.
    """

    _name = "saas.observe.settle"
    _description = "SaaS settling of what was observed"

    def _settle(self, run):
        """Settle some of the objects that are left; go on to the next phase when none
        is.
        """
        source = run.source_id
        policies = self._get_policies(run)
        rows = self._find(source, policies)
        if not rows:
            run.phase = "flip" if run.purpose == "switch" else "release"
            return
        problems = []
        for row in rows:
            policy = policies[row.area]
            try:
                with self.env.cr.savepoint():
                    self._settle_one(source, row, policy)
            except UserError as error:
                problems.append((row, str(error)))
        for row, why in problems:
            # It is not what it was when it was compared, so a person looks at it.
            row.write(
                {"result": "different", "detail": why, "decision": False, "note": False}
            )
        if problems and run.purpose == "switch":
            row, why = problems[0]
            run._fail(f"{row.display_name}: {why}")

    def _get_policies(self, run):
        """Return how to settle the objects of areas, by area: from which day on they
        are booked, and what becomes of what is earlier.
        """
        source = run.source_id
        if run.purpose == "switch":
            chosen = {"from": str(run.day), "earlier": run.earlier, "note": run.note}
            return {run.area: {**chosen, "run": run}}
        switches = self.env["saas.observation.run"].search(
            [
                ("source_id", "=", source.id),
                ("purpose", "=", "switch"),
                ("state", "=", "done"),
            ],
            order="id",
        )
        last = {switch.area: switch for switch in switches}
        return {
            area: {
                "from": str(switch.day),
                "earlier": switch.earlier,
                "note": switch.note,
                "run": switch,
            }
            for area, switch in last.items()
            if source._get_stage(Area(area)) is Stage.ON
        }

    def _find(self, source, policies):
        """Return some of the objects that may be settled: those that nobody has to
        decide about any more.
        """
        return self.env["saas.observation"].search(
            [
                ("source_id", "=", source.id),
                ("area", "in", list(policies)),
                ("settled", "=", False),
                ("blocks", "=", False),
                ("event_id", "!=", False),
            ],
            # Documents before the money that pays them.
            order="kind, id",
            limit=_PAGE,
        )

    def _settle_one(self, source, row, policy):
        """Settle one object.

        :raises UserError: if it can't be what it was held to be.
        """
        if row.kind not in DECIDABLE:
            row.settled = "booked"
        elif row.res_id and row.decision != "apart":
            self._bind(source, row, policy)
        elif str(row.day) >= policy["from"] or policy["earlier"] != "ignore":
            row.settled = "booked"
        else:
            self._ignore(row, policy)

    def _bind(self, source, row, policy):
        """Say that an object is the record that a person made."""
        found = self._get_fact(row)
        if found:
            ref, fact = found
            note = row.note or self.env._(
                "Alike when the area was switched on: %s", policy["note"]
            )
            decision = self._get_decision(row, policy)
            record = self.env[row.res_model].browse(row.res_id).exists()
            if not record:
                raise UserError(
                    self.env._("The record that it was compared with is gone.")
                )
            is_other = "partner" in (row.differs or "").split()
            decision._bind(row.event_id, ref, fact, record, note, is_other)
        row.settled = "bound"

    def _ignore(self, row, policy):
        """Say that nothing is to be booked for an object."""
        found = self._get_fact(row)
        if found:
            ref, fact = found
            decision = self._get_decision(row, policy)
            decision._decide(row.event_id, ref, fact, "nothing", note=policy["note"])
        row.settled = "ignored"

    def _get_decision(self, row, policy):
        """Return what decides, in the name of who decided: about this object, or about
        all of the area. Who has signed the switch has signed both.
        """
        run = policy["run"]
        user = row.decided_by_id or run.user_id
        decision = self.env["saas.review.decision"].with_user(user).sudo()
        return decision.with_context(**_get_signed(run))

    def _get_fact(self, row):
        """Return an object with the fact that tells of it; None if it is booked or
        decided already.
        """
        decision = self.env["saas.review.decision"]
        event = row.event_id
        for fact in reversed(event._read_facts()):
            ref = get_reference(fact)
            if (
                ref
                and ref.kind != Kind.MONEY_LINKS
                and ref == (row.kind, row.external_id)
            ):
                known = self.env["saas.resolution"]._find(event.source_id, [ref])
                if known or decision._is_booked(event.source_id, fact):
                    return None
                return ref, fact
        return None

    # -- switching on ---------------------------------------------------------------

    def _flip(self, run):
        """Switch the area of a run on. Who started it must still have the role that it
        takes.
        """
        source, area = run.source_id, Area(run.area)
        if not self._may_switch(run, source):
            run._fail(
                self.env._(
                    "The user who started this may not switch anything on any more, so "
                    "nothing was. What is alike is bound already; that stays."
                )
            )
            return
        today = source._localize_date(fields.Datetime.now())
        days = {"from": str(run.day), "until": str(max(today, run.day))}
        own = source.with_user(run.user_id).sudo().with_context(**_get_signed(run))
        own._set_stages(
            {area: Stage.ON},
            self.env._("from %(day)s on: %(why)s", day=run.day, why=run.note),
            switched={**(source.switched or {}), area.value: days},
        )
        run.phase = "release"

    def _may_switch(self, run, source):
        """Return whether the user of a run may switch an area of its source on: a
        manager whose switch is signed, or an approver.
        """
        user = run.user_id
        if user._is_superuser():
            return True
        roles = {"approver", "manager"} if run.signed_by else {"approver"}
        return (
            user.active
            and source.company_id in user.company_ids
            and bool(roles_of(user) & roles)
        )

    def _release(self, run):
        """Send events on whose area is on, and whose objects are all settled."""
        source = run.source_id
        areas = [area.value for area in Area if source._get_stage(area) is Stage.ON]
        events = self._find_settled_events(source, areas)
        events._send_back(
            self.env._("It was compared, and its area is on."), lane="batch"
        )
        source._enqueue_drain()
        if len(events) == _MOST_EVENTS:
            return
        run.write({"state": "done", "ended_at": fields.Datetime.now()})

    def _find_settled_events(self, source, areas):
        """Return up to a page of the events that are only observed although their area
        is on, and none of whose objects waits for a decision.
        """
        events = self.env["saas.subscription.event"]
        events.flush_model()
        self.env["saas.observation"].flush_model()
        self.env.cr.execute(
            """SELECT event.id FROM saas_subscription_event event
               WHERE event.source_id = %s AND event.state = 'parked'
                 AND event.reason = 'observed' AND event.observed_area = ANY(%s)
                 AND NOT EXISTS (
                     SELECT FROM saas_observation seen
                      WHERE seen.source_id = event.source_id AND seen.settled IS NULL
                        AND seen.event_id IS NOT NULL AND seen.area = ANY(%s)
                        AND event.object_refs ? (seen.kind || ':' || seen.external_id))
               ORDER BY event.id LIMIT %s""",
            (source.id, areas, areas, _MOST_EVENTS),
        )
        return events.browse(id_ for (id_,) in self.env.cr.fetchall())


def _get_signed(run):
    """Return the context in which the log names who has signed a run's switch."""
    return Signed(run.signed_by.split(", ")).in_context() if run.signed_by else {}
