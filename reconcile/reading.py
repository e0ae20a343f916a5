from odoo import models

from ..canonical.errors import Quarantine
from ..canonical.kinds import Kind
from .outcome import Gap, Outcome


class SaasReconcileReading(models.AbstractModel):
    """Turns what a source has into the facts that it would be booked from, and compares
    these.
    """

    _name = "saas.reconcile.reading"
    _description = "SaaS reading"

    def _compare(self, source, kind, objects):
        """Return the outcomes of objects of one kind.

        :param objects: plain dicts, as the source's adapter read them.
        """
        adapter = source._get_adapter()
        return self._compare_bodies(
            source, kind, [body for _e, body in adapter._wrap(source, objects)]
        )

    def _compare_bodies(self, source, kind, bodies):
        """Return the outcomes of objects of one kind that events have in their bodies,
        each as bytes.
        """
        adapter, facts, outcomes = source._get_adapter(), [], []
        for body in bodies:
            payload = adapter._parse(body)
            try:
                facts += [
                    fact
                    for fact in adapter._normalise(payload) or []
                    # No objects of the books.
                    if fact.kind not in (Kind.MOVEMENT_NOTICE, Kind.UNKNOWN_WORD)
                ]
            except Quarantine as error:
                # What can't be read can't be booked either: a person has to look.
                gap = Gap("object", theirs=error.detail)
                external_id = adapter._get_object_id(payload)
                outcomes.append(Outcome(external_id, "different", (gap,)))
        return outcomes + self.env[f"saas.comparator.{kind}"]._compare(source, facts)
