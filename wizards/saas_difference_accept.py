from odoo import fields, models
from odoo.exceptions import UserError

from ..models.notification import notify


class SaasDifferenceAccept(models.TransientModel):
    """Lets a person accept differences, with the reason."""

    _name = "saas.difference.accept"
    _description = "Accept SaaS differences"
    _inherit = ["saas.guarded.mixin"]

    difference_ids = fields.Many2many("saas.difference", string="Differences")
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    def action_apply(self):
        """Accept the differences, with the reason in the sync log.

        :raises UserError: if one of them is not open.
        """
        self.ensure_one()
        self._check_links()
        differences = self.difference_ids
        differences._check_may_act("reviewer")
        if any(difference.state != "open" for difference in differences):
            raise UserError(
                self.env._(
                    "Only open differences can be accepted. Take the others out of "
                    "your selection."
                )
            )
        # This is done as superuser, since only actions change states; the log still
        # names the user.
        differences.sudo().note = self.note
        differences.sudo()._set_state("accepted", self.note)
        return notify(
            self.env._("%s differences were accepted.", len(differences)), close=True
        )
