from odoo import fields, models
from odoo.orm.models import NO_ACCESS

from ....canonical.reasons import Reason, State


class SaasSubscriptionEvent(models.Model):
    """Keeps events in sight whose area is only observed, or off: what they tell is
    noted, and nothing of it is booked.
    """

    _inherit = "saas.subscription.event"

    observed_area = fields.Char(
        readonly=True,
        groups=NO_ACCESS,
        help="The area because of which the event was only observed.",
    )
    observed_with = fields.Char(
        readonly=True,
        groups=NO_ACCESS,
        help="The object whose events are looked at together with this one.",
    )

    _observed_index = models.Index(
        "(source_id, observed_area, id) WHERE state = 'parked' AND reason = 'observed'"
    )
    _area_off_index = models.Index(
        "(source_id, observed_area, id) WHERE state = 'ignored' AND reason = 'area_off'"
    )

    def _get_observed_domain(self, source, area=None):
        """Return the domain of the events of a source that are only observed."""
        domain = [
            ("source_id", "=", source.id),
            ("state", "=", State.PARKED.value),
            ("reason", "=", Reason.OBSERVED.value),
        ]
        return domain + ([("observed_area", "=", area)] if area else [])

    def _get_area_off_domain(self, source):
        """Return the domain of the events of a source that were left alone because
        their area was off.
        """
        return [
            ("source_id", "=", source.id),
            ("state", "=", State.IGNORED.value),
            ("reason", "=", Reason.AREA_OFF.value),
        ]

    def _describe_observed_blocker(self, blocker):
        """Return what becomes of an event that waits for what is only observed."""
        return self.env._(
            "It waits for %(reference)s, which event %(event)s tells of. That is only "
            "observed. When its area is switched on, this event goes on by itself.",
            reference=self.waiting_for,
            event=blocker.external_id,
        )

    def _get_steps_of_stages(self):
        """Return who should act, and how, where an area is not on."""
        return {
            Reason.OBSERVED: (
                "reviewer",
                self.env._(
                    "It is compared each night with what is booked by hand: look at "
                    "Observed, under Reconciliation. It goes on by itself when a "
                    "finance approver switches its area on."
                ),
            ),
            Reason.AREA_OFF: (
                "manager",
                self.env._(
                    "There is nothing to do as long as the area stays off. To take it "
                    "later, change the stage on the source to observe: then this event "
                    "is taken up by itself."
                ),
            ),
        }
