from odoo import fields, models
from odoo.tools import SQL

from ...canonical.kinds import Kind
from ...canonical.reasons import OPEN_STATES, State
from ...canonical.reference import Reference


class SaasPayout(models.Model):
    """Says what a payout's proof has left out: events about it that wait."""

    _inherit = "saas.payout"

    waiting_count = fields.Integer(
        string="Events That Wait",
        compute="_compute_waiting_count",
        compute_sudo=True,
        help="How many events tell of this payout and have not been processed. Until "
        "they are, the proof holds for what was known before.",
    )

    def _compute_waiting_count(self):
        refs = {
            (payout.source_id.id, str(Reference(kind, payout.external_id))): payout
            for payout in self
            for kind in (Kind.PAYOUT, Kind.PAYOUT_CONTENTS)
        }
        self.env["saas.subscription.event"].flush_model(["state", "object_refs"])
        query = SQL(
            """SELECT event.source_id, ref, count(*)
               FROM saas_subscription_event event,
                    jsonb_array_elements_text(event.object_refs) AS ref
               WHERE event.company_id IN %s AND event.source_id IN %s
                 AND event.state IN %s AND ref IN %s
               GROUP BY event.source_id, ref""",
            tuple(self.company_id.ids) or (0,),
            tuple(self.source_id.ids) or (0,),
            tuple(state.value for state in (*OPEN_STATES, State.RECEIVED)),
            tuple(ref for _source, ref in refs) or ("",),
        )
        counts = dict.fromkeys(self, 0)
        for source, ref, count in self.env.execute_query(query):
            if payout := refs.get((source, ref)):
                counts[payout] += count
        for payout in self:
            payout.waiting_count = counts[payout]

    def _get_left_out_hint(self):
        """Return what the proof has left out, as a sentence; None where that is
        nothing.
        """
        if not self.waiting_count:
            return None
        return self.env._(
            "%(count)s events about this payout wait and are not in the proof: open "
            "Events, and do what they ask for.",
            count=self.waiting_count,
        )
