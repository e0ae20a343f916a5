from odoo import fields, models

from ...canonical.reasons import State
from ...canonical.reference import Reference


class SaasSubscriptionEvent(models.Model):
    """When what an event waits for was asked for."""

    _inherit = "saas.subscription.event"

    asked_at = fields.Datetime(
        readonly=True,
        help="When what it waits for was last asked for through the source's API.",
    )

    def _settle(self, state, reason=None, detail=None, waiting_for=None, **vals):
        # It may wait for something else next time.
        vals.setdefault("asked_at", False)
        return super()._settle(state, reason, detail, waiting_for, **vals)

    def _get_references(self, source, parked_before, asked_before):
        """Return what events of ``source`` wait for since before a moment, and which
        nobody asked for since another one: a list of
        :class:`~...canonical.reference.Reference`.
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
        return [
            Reference.parse(reference)
            for reference, asked_at in groups
            if not asked_at or asked_at < asked_before
        ]


class SaasSource(models.Model):
    _inherit = "saas.source"

    fetch_minutes = fields.Integer(
        string="Minutes before Fetching",
        default=10,
        required=True,
        help="How long an event waits for another one to be sent before the source "
        "is asked for it, where there is an API key.",
    )

    _fetch_minutes_positive = models.Constraint(
        "CHECK (fetch_minutes > 0)", "The minutes before fetching must be positive."
    )
