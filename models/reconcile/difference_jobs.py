from odoo import SUPERUSER_ID, models

from ...canonical.display.texts import fit

#: How many objects one job fetches, by one request each.
_CHUNK = 25


class SaasDifference(models.Model):
    """The jobs of differences: an object is brought in once more, and compared again
    when that has been processed. ``saas.reconcile.reimport`` does the work.
    """

    _inherit = "saas.difference"

    def _enqueue_reimport(self):
        """Have the objects of these differences fetched, each object once."""
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
        """Fetch the objects of these differences, all of one source and kind, into the
        inbox.

        :raises RetryableJobError: if the source can't be reached now.
        :raises Quarantine: if it refuses. The job has failed then, and a person is
            told.
        """
        return self.env["saas.reconcile.reimport"]._import_all(self)

    def _on_reimport_failed(self, exc_message="", **_failure):
        """Tell the owners that their differences could not be imported."""
        for difference in self:
            difference.message_post(
                body=self.env._(
                    "The object could not be imported again: %s. Check the source's "
                    "API key, then import it once more.",
                    fit(exc_message),
                ),
                partner_ids=difference.user_id.partner_id.ids,
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
        """Compare what was imported with what is booked now.

        :return: a sentence that says what came of it, shown on the job.
        """
        return self.env["saas.reconcile.reimport"]._recheck(self)
