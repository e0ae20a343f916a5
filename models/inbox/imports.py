from odoo import models
from odoo.fields import Domain

from ...canonical.reasons import OPEN_STATES, State
from ...canonical.reference import Reference
from ...canonical.review.tie_out import PAIRS
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
        refs = {
            source: {ref for event in events for ref in event.object_refs or ()}
            for source, events in self.grouped("source_id").items()
        }
        own = Domain("event_id", "in", self.ids) & Domain(
            "state", "in", ("open", "accepted")
        )
        found = self.env["saas.difference"].search(
            # What comparing four ways finds is compared again in the night.
            Domain("field", "not in", PAIRS)
            & Domain.OR([own, *(_tell_of(*pair) for pair in refs.items() if pair[1])])
        )
        imported = found.filtered(lambda difference: difference.event_id in self)
        imported._enqueue_recheck()
        for source, told in (found - imported).grouped("source_id").items():
            told = told.filtered(
                lambda d, source=source: (
                    str(Reference(d.kind, d.external_id)) in refs[source]
                )
            )
            # Whether there is a key is asked last: it is seldom needed to know.
            if told and source._has_api_key():
                told._enqueue_reimport()


def _tell_of(source, refs):
    """Return the domain of a source's open differences of objects."""
    ids = [Reference.parse(ref)[1] for ref in refs]
    return (
        Domain("source_id", "=", source.id)
        & Domain("state", "=", "open")
        & Domain("external_id", "in", ids)
    )
