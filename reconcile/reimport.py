from odoo import SUPERUSER_ID, models

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical.errors import Transient
from ..canonical.reasons import OPEN_STATES, State
from ..canonical.texts import fit

#: Jobs ask for so many objects each, a request for each.
_CHUNK = 25
#: How many differences of the same tenants are looked at again beside an import's own.
_SIBLINGS = 200


class SaasDifference(models.Model):
    """Brings an object in once more, through the inbox like any other event, and
    compares it again when that has been processed.
    """

    _inherit = "saas.difference"

    def _enqueue_reimport(self):
        """Have the objects of these differences pulled; no object twice."""
        for (source, kind), group in self.grouped(
            lambda difference: (difference.source_id, difference.kind)
        ).items():
            one_each = [found[:1].id for found in group.grouped("external_id").values()]
            for start in range(0, len(one_each), _CHUNK):
                chunk = self.browse(one_each[start : start + _CHUNK])
                ids = ",".join(map(str, chunk.ids))
                chunk.with_user(SUPERUSER_ID).with_delay(
                    identity_key=f"saas_reimport:{source.id}:{kind}:{ids}",
                    description=self.env._("Import again from %s", source.name),
                )._job_reimport()

    def _job_reimport(self):
        """Pull the objects of these differences, all of one source and kind, into
        the inbox.

        :raises RetryableJobError: if the source can't be reached now.
        :raises Quarantine: if it refuses. The job has failed then, and a person is
            told.
        """
        self.env["saas.environment"]._hold_job()
        self = self._with_source_context()
        source, kind = self.source_id, self[:1].kind
        adapter, gone = source._get_adapter(), []
        for difference in self:
            try:
                data = adapter._fetch_listed(source, kind, difference.external_id)
            except Transient as error:
                raise RetryableJobError(str(error)) from error
            if data:
                difference._import(source, data)
            else:
                gone.append(difference.external_id)
        self._recheck_gone(source, kind, gone)
        return self.env._("%s imported", len(self) - len(gone))

    def _import(self, source, data):
        """Store an object in the inbox; one that has not changed since it was last
        pulled is there already, and is processed once more.
        """
        [(envelope, _body)] = source._get_adapter()._wrap(source, [data])
        new = source._store_objects([data])
        event = self.env["saas.subscription.event"].search(
            [
                ("source_id", "=", source.id),
                ("external_id", "=", envelope.external_id),
            ]
        )
        if not new:
            event = event._process_again()
        self._get_same_object().event_id = event

    def _on_reimport_failed(self, exc_message="", **_failure):
        """Tell the owners that their differences could not be imported."""
        for difference in self:
            difference.message_post(
                body=self.env._(
                    "Importing it again has failed: %s. Check the source's API key, "
                    "then import it once more.",
                    fit(exc_message),
                ),
                partner_ids=difference.user_id.partner_id.ids,
            )

    def _recheck_gone(self, source, kind, external_ids):
        outcomes = self.env[f"saas.comparator.{kind}"]._compare_gone(
            source, external_ids
        )
        self.env["saas.findings"]._record(source, kind, outcomes)

    def _get_same_object(self):
        """Return all unsettled differences of this one's object."""
        self.ensure_one()
        return self.search(
            [
                ("source_id", "=", self.source_id.id),
                ("kind", "=", self.kind),
                ("external_id", "=", self.external_id),
                ("state", "in", ("open", "accepted")),
            ]
        )

    def _enqueue_recheck(self):
        """Have these compared again, now that their imports were processed."""
        for (source, kind), group in self.grouped(
            lambda difference: (difference.source_id, difference.kind)
        ).items():
            events = ",".join(map(str, group.event_id.sorted("id").ids))
            group.with_user(SUPERUSER_ID).with_delay(
                identity_key=f"saas_recheck:{source.id}:{kind}:{events}",
                description=self.env._("Compare again with %s", source.name),
            )._job_recheck()

    def _job_recheck(self):
        """Compare what was imported with what is booked now; and, of the same
        tenants, what was imported before: a payment settles its invoice, say.
        """
        self.env["saas.environment"]._hold_job()
        self = self._with_source_context()
        for event, found in self.grouped("event_id").items():
            # Now it is known whose it is.
            found.tenant_id = event.tenant_id or found.tenant_id[:1]
        self._compare_again()
        before = self.search(
            [
                ("source_id", "=", self.source_id.id),
                ("tenant_id", "in", self.tenant_id.ids),
                ("state", "in", ("open", "accepted")),
                ("event_id.state", "=", State.DONE.value),
                ("id", "not in", self.ids),
            ],
            limit=_SIBLINGS,
        )
        for group in before.grouped("kind").values():
            group._compare_again()
        counts = self.grouped("state")
        return ", ".join(f"{len(found)} {state}" for state, found in counts.items())

    def _compare_again(self):
        """Compare what was last imported of these objects, all of one source and
        kind, with what is booked now.
        """
        source, kind = self.source_id, self[:1].kind
        outcomes = self.env["saas.reading"]._compare_bodies(
            source, kind, [event._get_body() for event in self.event_id]
        )
        imports = {difference.external_id: difference.event_id for difference in self}
        self.env["saas.findings"]._record(source, kind, outcomes, imports=imports)

    def _with_source_context(self):
        run = self.env["saas.reconciliation"].new({"source_id": self.source_id.id})
        return self.with_env(run._with_reconcile_context().env)


class SaasSubscriptionEvent(models.Model):
    """Events as imports: processed once more, and followed by a comparison."""

    _inherit = "saas.subscription.event"

    def _process_again(self):
        """See to it that an event is processed once more; return the one that will
        be: itself if it waits, and a replay of it if it is done.
        """
        self.ensure_one()
        if self.state in (*OPEN_STATES, State.IGNORED):
            self.action_retry()
        elif self.state == State.DONE:
            return self.browse(self.action_replay()["res_id"])
        return self

    def _settle(self, state, *args, **kwargs):
        result = super()._settle(state, *args, **kwargs)
        if state == State.DONE:
            waiting = self.env["saas.difference"].search(
                [
                    ("event_id", "in", self.ids),
                    ("state", "in", ("open", "accepted")),
                ]
            )
            waiting._enqueue_recheck()
        return result
