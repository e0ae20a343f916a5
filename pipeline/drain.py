import logging
import random

from psycopg2.errors import SerializationFailure

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical.errors import Ignore, Malformed, Observed, Park, Quarantine, Transient
from ..canonical.item import Item
from ..canonical.kinds import Kind
from ..canonical.reasons import Reason, State
from ..canonical.review.causes import find_key
from ..canonical.review.changes import StateChange
from ..models.concurrency import is_lost_race

_logger = logging.getLogger(__name__)

_REALTIME = SQL("AND lane IS DISTINCT FROM 'batch'")
_BATCH = SQL("AND lane = 'batch'")
_ANY = SQL()


class SaasDrain(models.AbstractModel):
    """Processes a batch of a source's events in one transaction: claim, normalise,
    apply in waves, conclude, release.
    """

    _name = "saas.drain"
    _description = "SaaS drain"

    #: Events claimed by one job. Odoo posts a batch of this size at about a fifth of
    #: the cost of single documents, and it ends well within a worker's time limit.
    _batch_size = 200

    def _run(self, source):
        """Process a batch of ``source``'s events, unless it is paused or this database
        may be a copy; enqueue a job for what is left.

        :return: a sentence that says what was done, shown on the job.
        :raises RetryableJobError: if another job has the partition. It comes back
            in a second, and that is not counted as a try.
        """
        if source.state != "active":
            return self.env._("The source is paused; its events wait.")
        environment = self.env["saas.environment"]
        if not environment._is_confirmed():
            # Confirming the database enqueues another job, and so does the sweep.
            return environment._describe_problem()
        self.env["saas.linking"]._lock(source)
        events = self._drain(source)
        if source._has_due_events():
            source._enqueue_drain()
        counts = events.grouped("state")
        return ", ".join(f"{len(counts[s])} {s}" for s in State if s in counts) or (
            self.env._("Nothing to do.")
        )

    def _drain(self, source):
        """Process one batch of ``source``'s events, oldest first.

        :return: the events, each in its new state.
        """
        self = self._with_pipeline_context(source)
        source = source.with_env(self.env)
        self._prefer_indexes()
        adapter, watch = source._get_adapter(), self.env["saas.watch"]
        mark = watch._read(source)
        events = self._claim(source, watch._get_size(mark), in_order=bool(mark.deaths))
        if {*events.mapped("event_type")} - {*adapter._types_without_books}:
            self.env["saas.linking"]._lock_journals(source)
        if watch._is_hopeless(source, mark, events):
            watch._give_up(source, mark, events)
            return events
        with watch._guard(source, mark, events):
            self._process(source, events)
        _logger.info("source %s: %s events drained", source.id, len(events))
        return events

    def _process(self, source, events):
        """Bring claimed events to their new states, and the books with them."""
        items, failed = self._normalise(source, events)
        self.env["saas.apply"]._apply(source, items)
        self._name_tenants(source, items)
        self._conclude(events, items, failed)
        arrived = {ref for i in items if i.has_arrived for ref in i.fact.arrivals}
        self.env["saas.handler"]._conclude(source, arrived, items)
        customers = [ref for kind, ref in arrived if kind == Kind.CUSTOMER]
        self.env["saas.tenant"]._claim_events(source, customers)
        news = events._release_for(source, items)
        if source.is_linked:
            self.env["saas.linking"]._release(source, news)

    def _with_pipeline_context(self, source):
        """Act in the source's company alone, with nobody to notify of each step."""
        return self.with_company(source.company_id).with_context(
            **source._get_batch_context()
        )

    def _prefer_indexes(self):
        """Keep PostgreSQL from reading whole tables until the transaction ends.

        All that a drain looks up has an index. Where rows came faster than the
        statistics, as in a first load, the planner takes tables for empty, and core's
        look-up of what a payment is reconciled with then takes seconds each time.
        """
        self.env.cr.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")

    def _claim(self, source, size, in_order):
        """Return up to ``size`` events to process, locked until the transaction ends.

        One lane never starves the other: an eighth of a batch is for what is in the
        batch lane, and all that real-time events leave free.

        :param in_order: take the oldest of both lanes; that finds who ends a worker.
        :raises RetryableJobError: if a drain has ended since this transaction's
            snapshot was taken, which is before we hold the partition. What that drain
            changed can't be seen, so begin anew.
        """
        self.env["saas.subscription.event"].flush_model(["state", "retry_at", "lane"])
        if in_order:
            query = self._claim_lane(source, size)
        else:
            realtime = self._claim_lane(source, size - size // 8, _REALTIME)
            rest = SQL("%s - (SELECT count(*) FROM realtime)", size)
            query = SQL(
                """WITH realtime AS (%s), batch AS (%s)
                   SELECT id FROM realtime UNION ALL SELECT id FROM batch""",
                realtime,
                self._claim_lane(source, rest, _BATCH),
            )
        try:
            self.env.cr.execute(query, log_exceptions=False)
        except SerializationFailure as error:
            raise RetryableJobError(
                "Another job has just drained this partition.",
                seconds=1,
                ignore_retry=True,
            ) from error
        ids = sorted(id_ for (id_,) in self.env.cr.fetchall())
        return self.env["saas.watch"]._fit(ids)

    def _claim_lane(self, source, size, lane=_ANY):
        """Return the query that claims the oldest due events, of one lane or of both.

        :param size: how many at most, or SQL that says so.
        :param lane: a condition, as the lanes' indexes state it.
        """
        return SQL(
            """SELECT id FROM saas_subscription_event
               WHERE source_id = %s AND state = 'received' %s
                 AND (retry_at IS NULL OR retry_at <= %s)
               ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
            source.id,
            lane,
            fields.Datetime.now(),
            size,
        )

    def _normalise(self, source, events):
        """Turn events into items, one for each fact.

        :return: the items, and what is wrong with the other events, by event.
        """
        adapter = source._get_adapter()
        items, failed = [], {}
        for event in events:
            try:
                facts = self._read_facts(source, adapter, event)
            except Malformed as error:
                failed[event] = Quarantine(Reason.INVALID_PAYLOAD, str(error))
                continue
            except Exception as error:
                # The adapter may not have foreseen this error; the other events go on.
                if is_lost_race(error):
                    raise
                failed[event] = self.env["saas.apply"]._classify(error, event)
                continue
            if facts is None:
                failed[event] = None
                continue
            items.extend(
                Item(event, each) for fact in facts for each in source._add_links(fact)
            )
        items = self.env["saas.scope"]._check(source, events, items, failed)
        return items, failed

    def _read_facts(self, source, adapter, event):
        if event.mode and (event.mode == "live") != source.livemode:
            raise Quarantine(Reason.WRONG_MODE, f"This is a {event.mode} event.")
        if (event.account_ref or "") not in ("", source.account_ref or ""):
            if self.env["saas.forward"]._forward(source, event):
                return []
            raise Quarantine(
                Reason.UNKNOWN_ACCOUNT, f"The event is about {event.account_ref}."
            )
        if event.same_id_event_id and not event.is_content_accepted:
            raise Quarantine(
                Reason.ID_REUSED,
                f"The id {event.same_id_event_id.external_id} came before, with other "
                "content.",
            )
        adapter._check_arrival(event)
        return adapter._normalise(adapter._parse(event._get_body()))

    def _name_tenants(self, source, items):
        """Tell whose events those are that could not be applied, where it is known."""
        nameless = [item for item in items if not item.tenant and item.fact.customer]
        tenants = self.env["saas.tenant"]._find(
            source, [item.fact.customer for item in nameless]
        )
        for item in nameless:
            item.tenant = tenants.get(item.fact.customer)

    def _conclude(self, events, items, failed):
        """Write each event's new state, with all that was done because of it."""
        errors, tenants, told = {}, {}, {}
        for item in items:
            told.setdefault(item.event, []).append(item)
            tenants[item.event] = item.tenant or tenants.get(item.event)
            if item.error:
                known = errors.get(item.event)
                errors[item.event] = max(known or item.error, item.error, key=_weight)
        self.env["saas.subscription.event"]._note_all_told(told, tenants, failed)
        errors |= {event: error for event, error in failed.items() if error}
        changes = [
            self._prepare_change(event, error, told.get(event, ()))
            for event, error in errors.items()
        ]
        ignored = events.filtered(lambda e: e in failed and failed[e] is None)
        if ignored:
            changes.append(StateChange(ignored, State.IGNORED, Reason.UNSUPPORTED_TYPE))
        done = events - ignored - events.browse(event.id for event in errors)
        if done:
            changes.append(StateChange(done, State.DONE))
        rows = [row for item in items for row in item.rows]
        self.env["saas.subscription.event"]._set_states(changes, rows)

    def _prepare_change(self, event, error, items):
        """Return what becomes of an event because of an error, the gravest of its
        items' errors.
        """
        waits = (str(i.error.reference) for i in items if i.is_waiting)
        waiting_for = next(waits, False)
        if isinstance(error, Quarantine):
            told = (error.reason, error.detail, waiting_for)
            causes = self._find_causes(event, error, items, waiting_for)
            vals = {"trace": error.trace, "figures": error.data, "cause": error.cause}
            return StateChange(event, State.QUARANTINED, *told, causes, vals)
        if isinstance(error, Ignore):
            told = (error.reason, error.detail, waiting_for)
            return StateChange(event, State.IGNORED, *told, vals=error.vals)
        if isinstance(error, Park):
            return StateChange(event, State.PARKED, waiting_for=str(error.reference))
        if isinstance(error, Observed):
            told = (Reason.OBSERVED, error.detail, False)
            return StateChange(event, State.PARKED, *told, vals=error.vals)
        return event._prepare_retry(error)

    def _find_causes(self, event, error, items, waiting_for):
        """Return the keys of all cases that an event belongs to: each of its facts may
        have several causes.
        """
        failed = [i for i in items if isinstance(i.error, Quarantine)]
        pairs = [(item.error, item.fact) for item in failed] or [(error, None)]
        keys = [
            find_key(event._tell_stop(stop, fact, waiting_for or ""))
            for failure, fact in pairs
            for stop in failure.stops
        ]
        return tuple({key.identity: key for key in reversed(keys)}.values())

    def _jitter(self):
        """Return a factor around 1 that keeps retries from coming all at once."""
        return random.uniform(0.75, 1.25)


def _weight(error):
    """Return how grave an error is: if an event has several, the gravest decides."""
    kinds = (Ignore, Observed, Park, Transient, Quarantine)
    return next((i for i, kind in enumerate(kinds) if isinstance(error, kind)), 0)
