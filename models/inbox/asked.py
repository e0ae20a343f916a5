from odoo import fields, models

from ...canonical.reasons import State
from ...canonical.reference import Reference


class SaasSubscriptionEvent(models.Model):
    """Remembers when the object that an event waits for was last fetched."""

    _inherit = "saas.subscription.event"

    asked_at = fields.Datetime(
        readonly=True,
        help="When the object that the event waits for was last fetched through "
        "the source's API.",
    )

    def _get_references(self, source, parked_before, asked_before):
        """Return what events of ``source`` wait for since before a moment, and which
        nobody asked for since another one: a list of
        :class:`~...canonical.reference.Reference`. What is here already and waits for a
        person is not among them: to have it once more would help nobody.
        """
        groups = self._read_group(
            [
                ("source_id", "=", source.id),
                ("state", "=", State.PARKED.value),
                ("write_date", "<", parked_before),
            ],
            ["waiting_for"],
            ["asked_at:max"],
            limit=1000,
        )
        due = [
            reference
            for reference, asked_at in groups
            if not asked_at or asked_at < asked_before
        ]
        here = self._find_blockers(source, due)
        return [
            Reference.parse(reference) for reference in due if reference not in here
        ]
