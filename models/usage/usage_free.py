from collections import Counter

from odoo import api, models
from odoo.tools import SQL

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.reasons import State
from ...canonical.reference import Reference
from ...canonical.usage.terms import Why
from . import storing

#: Records that are looked at anew in one transaction; more have a job of their own.
_AT_ONCE = 20_000
#: What may arrive by another way, at the same moment as the record that waits for it.
_MISSING = (Why.UNKNOWN_CUSTOMER, Why.UNKNOWN_METER, Why.UNKNOWN_SUBSCRIPTION)
#: What is settled by any subscription of the tenant.
_OF_TENANT = (Why.NO_SUBSCRIPTION, Why.SEVERAL_SUBSCRIPTIONS)


class SaasUsageIntake(models.AbstractModel):
    """Counts usage that waited, when what it waited for arrives; in the transaction in
    which that does, as far as it is not too much.
    """

    _inherit = "saas.usage.intake"

    def _free_arrived(self, source, arrived, items):
        """Count what waits for what a batch of events has brought.

        :param arrived: pairs of kind and external id, as facts name them.
        :param items: all items of the batch.
        """
        refs = {ref for ref in arrived if ref[0] in (Kind.CUSTOMER, Kind.SUBSCRIPTION)}
        tenants = set()
        for item in items:
            if item.tenant and item.has_arrived:
                own = _find_subscriptions(item.fact)
                refs |= own
                tenants |= {item.tenant.id} if own else set()
        if refs:
            self._free(source, [str(Reference(*ref)) for ref in sorted(refs)], tenants)

    def _free(self, sources, references, tenant_ids=(), after=0):
        """Look anew whether records that wait count; most do now, and others wait for
        something else.

        :param sources: those that told of the records.
        :param references: what has arrived or changed, as in ``waiting_for``.
        :param tenant_ids: tenants whose subscriptions have changed, whichever source
            told of the records.
        :param after: the id of the last record that was looked at.
        """
        ids = self._find_waiting(sources, references, tenant_ids, after)
        self._settle(ids)
        if len(ids) == _AT_ONCE:
            sources[:1]._enqueue_free_usage(
                sources.ids, list(references), list(tenant_ids), ids[-1]
            )

    def _find_waiting(self, sources, references, tenant_ids, after):
        """Return the ids of records that wait for one of these, in order."""
        self.env["saas.usage.record"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM saas_usage_record
                    WHERE source_id = ANY(%(sources)s)
                      AND waiting_for = ANY(%(references)s)
                      AND state = 'parked' AND id > %(after)s
             UNION SELECT id FROM saas_usage_record
                    WHERE tenant_id = ANY(%(tenants)s) AND why = ANY(%(whys)s)
                      AND state = 'parked' AND id > %(after)s
                 ORDER BY id LIMIT %(limit)s""",
                sources=sources.ids,
                references=list(references),
                tenants=list(tenant_ids),
                whys=[why.value for why in _OF_TENANT],
                after=after,
                limit=_AT_ONCE,
            )
        )
        return [id_ for (id_,) in rows]

    def _settle(self, ids):
        """Look anew whether parked records count, and let those that correct others do
        so.
        """
        if not ids:
            return
        self.env.flush_all()
        self.env.cr.execute(storing.settle(ids), log_exceptions=False)
        counted, corrected = Counter(), {}
        for source_id, state, corrects in self.env.cr.fetchall():
            if state == "counted":
                counted[source_id] += 1
            if corrects:
                corrected.setdefault(source_id, set()).add(corrects)
        self._forget_read()
        for source_id, targets in corrected.items():
            self._supersede(self.env["saas.source"].browse(source_id), targets)
        self._log(Action.USAGE_FREED, counted)

    def _supersede(self, source, references):
        """Let records be superseded by what corrects them, and their days be counted
        anew. Events that waited for a person because of them go on.

        :return: how many each event has corrected.
        """
        self.env.cr.execute(storing.supersede(source, references))
        by_event, days, undecided = Counter(), [], set()
        for was, *day, event_id, own_event_id in self.env.cr.fetchall():
            by_event[event_id] += 1
            if was == "counted":
                days.append(tuple(day))
            if was == "conflict":
                undecided.add(own_event_id)
        self._forget_read()
        self.env["saas.usage.bucket"]._recount(days)
        self._conclude_events(undecided)
        return by_event

    def _find_corrections(self, source, targets):
        """Return the ids of records that wait for one of these to correct it."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM saas_usage_record
                    WHERE source_id = %s AND corrects = ANY(%s)
                      AND why = 'unknown_record'
                 ORDER BY id""",
                *(source.id, list(targets)),
            )
        )
        return [id_ for (id_,) in rows]

    def _has_corrections(self, source):
        """Return whether ``source`` has ever corrected a record: one that comes now may
        be corrected already.
        """
        [[found]] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM saas_usage_record
                    WHERE source_id = %s AND corrects IS NOT NULL)""",
                source.id,
            )
        )
        return found

    def _conclude_events(self, event_ids):
        """Have events processed again that waited for a person because of records that
        contradict others, if none of theirs does any more.
        """
        if not event_ids:
            return
        left = self.env.execute_query(
            SQL(
                """SELECT DISTINCT event_id FROM saas_usage_record
                    WHERE event_id = ANY(%s) AND state = 'conflict'""",
                list(event_ids),
            )
        )
        events = self.env["saas.subscription.event"].sudo()
        events = events.browse(sorted(event_ids - {id_ for (id_,) in left})).exists()
        events = events.filtered(lambda event: event.state == State.QUARANTINED)
        if events:
            events._send_back(self.env._("What contradicted its usage is settled."))
            events.source_id._enqueue_drain()

    @api.model
    def _sweep(self, sources):
        """Count what waits for something that is here, by whatever way it came."""
        rows = self.env.execute_query(
            SQL(
                """SELECT waits.source_id, waits.waiting_for
                     FROM (SELECT DISTINCT source_id, company_id, waiting_for
                             FROM saas_usage_record
                            WHERE state = 'parked' AND source_id = ANY(%s)
                              AND why = ANY(%s)) waits
                    WHERE EXISTS (
                          SELECT FROM saas_binding
                           WHERE source_id = waits.source_id
                             AND kind = split_part(waiting_for, ':', 1)
                             AND external_id = substr(
                                 waiting_for, strpos(waiting_for, ':') + 1))
                       OR EXISTS (
                          SELECT FROM saas_meter
                           WHERE company_id = waits.company_id AND active
                             AND 'meter:' || code = waiting_for)""",
                sources.ids,
                [why.value for why in _MISSING],
            )
        )
        by_source = {}
        for source_id, reference in rows:
            by_source.setdefault(source_id, []).append(reference)
        for source_id, references in by_source.items():
            self._free(sources.browse(source_id), references)

    def _forget_read(self):
        self.env["saas.usage.record"].invalidate_model()
        self.env["saas.usage.bucket"].invalidate_model()

    def _log(self, action, counts):
        """Note in the log of sources how many records something was done to."""
        self.env["saas.sync.log"].sudo()._append(
            [
                {
                    "source_id": source_id,
                    "action": action.value,
                    "res_model": "saas.usage.record",
                    "detail": str(count),
                }
                for source_id, count in sorted(counts.items())
            ]
        )


def _find_subscriptions(fact):
    """Return the subscriptions that a fact brings, or says something new of: a change
    makes usage count, too, that was before it, after it, or of another plan.
    """
    found = {ref for ref in fact.arrivals if ref[0] == Kind.SUBSCRIPTION}
    if fact.kind == Kind.SUBSCRIPTION_CHANGE:
        found.add((Kind.SUBSCRIPTION, fact.subscription))
    return found
