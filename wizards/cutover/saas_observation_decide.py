from odoo import fields, models
from odoo.exceptions import UserError

from ...canonical.actions import Action


class SaasObservationDecide(models.TransientModel):
    """Lets a reviewer say whether observed objects are the records that they are
    compared with. What they say takes effect when the area is switched on.
    """

    _name = "saas.observation.decide"
    _description = "Decide what is observed"
    _inherit = ["saas.guarded.mixin"]

    observation_ids = fields.Many2many("saas.observation", required=True)
    decision = fields.Selection(
        [("same", "It is that record"), ("apart", "They are two")],
        required=True,
        default="same",
    )
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    def action_apply(self):
        """Keep what was decided about these objects, with the reason.

        :raises UserError: if one has no record to be compared with, or is settled.
        """
        self.ensure_one()
        self._check_links()
        rows = self.observation_ids
        rows._check_may_act("reviewer")
        for row in rows:
            # Of what only people booked, there is but one thing to say.
            is_alone = not row.event_id and self.decision != "apart"
            if row.settled or not row.res_id or is_alone:
                raise UserError(
                    self.env._(
                        "%s is settled, or has no record that it is compared with, so "
                        "there is nothing to decide. Take it out of your selection.",
                        row.display_name,
                    )
                )
        rows.sudo().write(
            {
                "decision": self.decision,
                "note": self.note,
                "decided_by_id": self.env.uid,
            }
        )
        if self.decision == "apart":
            for row in rows.sudo():
                row.apart = [*(row.apart or ()), f"{row.res_model},{row.res_id}"]
        self.env["saas.sync.log"].sudo()._append(
            [
                {
                    "source_id": row.source_id.id,
                    "event_id": row.event_id.id,
                    "action": Action.OBSERVATION_DECIDED.value,
                    "res_model": row._name,
                    "res_id": row.id,
                    "detail": f"{row.external_id}: {self.decision}: {self.note}",
                }
                for row in rows.sudo()
            ]
        )
        return {"type": "ir.actions.act_window_close"}
