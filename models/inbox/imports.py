from odoo import models

from ...canonical.reasons import OPEN_STATES, State
from ...canonical.reference import Reference
from ..roles import OPERATING


class SaasSubscriptionEvent(models.Model):
    """Processes events that import an object once more, and has the object compared
    afterwards.
    """

    _inherit = "saas.subscription.event"

    def _process_again(self):
        """See to it that an event is processed once more; return the one that will
        be: itself if it waits, and a replay of it if it is done. What a person holds
        back stays so.
        """
        self.ensure_one()
        if self.is_held:
            return self
        if self.state in (*OPEN_STATES, State.IGNORED):
            self._check_may_act(*OPERATING)
            self._retry_and_tell()
        elif self.state == State.DONE:
            self._check_may_act(*OPERATING)
            return self.browse(self._replay_and_open()["res_id"])
        return self

    def _recheck_differences(self):
        """Have the differences compared again that were imported by these events, and
        the objects read anew that had waited here: the source may have changed them
        since.
        """
        differences = self.env["saas.difference"]
        imported = differences.search(
            [
                ("event_id", "in", self.ids),
                ("state", "in", ("open", "accepted")),
            ]
        )
        imported._enqueue_recheck()
        for source, events in self.grouped("source_id").items():
            refs = {ref for event in events for ref in event.object_refs or ()}
            if not refs:
                continue
            told = differences.search(
                [
                    ("source_id", "=", source.id),
                    ("state", "=", "open"),
                    ("external_id", "in", [Reference.parse(r)[1] for r in refs]),
                    ("id", "not in", imported.ids),
                ]
            )
            told = told.filtered(
                lambda d, refs=refs: str(Reference(d.kind, d.external_id)) in refs
            )
            # Whether there is a key is asked last: it is seldom needed to know.
            if told and source._has_api_key():
                told._enqueue_reimport()
