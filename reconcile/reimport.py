from odoo import models

from ..canonical.reasons import State
from ..models.concurrency import retrying

#: How many differences of the same tenants are looked at again beside an import's own.
_SIBLINGS = 200


class SaasReconcileReimport(models.AbstractModel):
    """Imports objects that differ once more, through the inbox like any other event,
    and compares them again when that event has been processed.
    """

    _name = "saas.reconcile.reimport"
    _inherit = "saas.reconcile.run"
    _description = "SaaS import of differences"

    def _import_all(self, differences):
        """Fetch the objects of ``differences``, all of one source and kind, into the
        inbox.

        :return: a sentence that says what was done, shown on the job.
        :raises RetryableJobError: if the source can't be reached now.
        :raises Quarantine: if it refuses. The job has failed then, and a person is
            told.
        """
        self.env["saas.environment"]._hold_job()
        differences = differences.with_env(self._get_env(differences.source_id))
        source, kind = differences.source_id, differences[:1].kind
        adapter, gone = source._get_adapter(), []
        for difference in differences:
            with retrying():
                data = adapter._fetch_listed(source, kind, difference.external_id)
            if data:
                self._import(difference, source, data)
            else:
                gone.append(difference.external_id)
        self._recheck_gone(source, kind, gone)
        return self.env._("%s objects were imported.", len(differences) - len(gone))

    def _import(self, difference, source, data):
        """Store an object in the inbox; one that has not changed since it was last
        stored is there already, and is processed once more.
        """
        [arrival] = source._get_adapter()._wrap(source, [data])
        event = source._store_events([arrival])
        if event:
            source._enqueue_drain()
        else:
            event = source._find_event(arrival[0].external_id)._process_again()
        self._get_same_object(difference).event_id = event

    def _recheck_gone(self, source, kind, external_ids):
        outcomes = self.env[f"saas.comparator.{kind}"]._compare_gone(
            source, external_ids
        )
        source.env["saas.reconcile.findings"]._record(source, kind, outcomes)

    def _get_same_object(self, difference):
        """Return all open and accepted differences of the object that one difference is
        about.
        """
        return difference.search(
            [
                ("source_id", "=", difference.source_id.id),
                ("kind", "=", difference.kind),
                ("external_id", "=", difference.external_id),
                ("state", "in", ("open", "accepted")),
            ]
        )

    def _recheck(self, differences):
        """Compare what was imported with what is booked now, and also what was imported
        before for the same tenants: a payment may have closed an invoice, for example.

        :return: a sentence that says what came of it, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        differences = differences.with_env(self._get_env(differences.source_id))
        for event, found in differences.grouped("event_id").items():
            # By now the tenant is known.
            found.tenant_id = event.tenant_id or found.tenant_id[:1]
        self._compare_again(differences)
        before = differences.search(
            [
                ("source_id", "=", differences.source_id.id),
                ("tenant_id", "in", differences.tenant_id.ids),
                ("state", "in", ("open", "accepted")),
                ("event_id.state", "=", State.DONE.value),
                ("id", "not in", differences.ids),
            ],
            limit=_SIBLINGS,
        )
        for group in before.grouped("kind").values():
            self._compare_again(group)
        counts = differences.grouped("state")
        return ", ".join(f"{len(found)} {state}" for state, found in counts.items())

    def _compare_again(self, differences):
        """Compare what was last imported of these objects, all of one source and
        kind, with what is booked now.
        """
        source, kind = differences.source_id, differences[:1].kind
        outcomes = source.env["saas.reconcile.reading"]._compare_bodies(
            source, kind, [event._get_body() for event in differences.event_id]
        )
        imports = {found.external_id: found.event_id for found in differences}
        source.env["saas.reconcile.findings"]._record(
            source, kind, outcomes, imports=imports
        )
