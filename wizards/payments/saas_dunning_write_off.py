from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...canonical.review.duties import Decision
from ...models.notification import notify


class SaasDunningWriteOff(models.TransientModel):
    """Lets a person write off what a tenant owes of the company's own invoices, and
    shows before what would be booked.
    """

    _name = "saas.dunning.write_off"
    _description = "Write Off"
    _inherit = ["saas.decision.mixin", "saas.previewed.mixin", "saas.guarded.mixin"]
    _decision = Decision.WRITE_OFF
    _check_company_auto = True

    state_id = fields.Many2one("saas.dunning.state", string="Debt", required=True)
    company_id = fields.Many2one(related="state_id.company_id")
    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        domain="[('id', 'in', choice_ids)]",
        check_company=True,
        compute="_compute_move_ids",
        store=True,
        readonly=False,
    )
    choice_ids = fields.Many2many(
        "account.move", string="Open Invoices", compute="_compute_choice_ids"
    )
    note = fields.Char(
        string="Why",
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    @api.depends("state_id")
    def _compute_choice_ids(self):
        for wizard in self:
            wizard.choice_ids = wizard.state_id._find_own_open()

    @api.depends("state_id")
    def _compute_move_ids(self):
        for wizard in self:
            wizard.move_ids = wizard.state_id._find_own_open()

    def _check_decision(self):
        """Raise unless the user may do it, and there is something to write off."""
        self.state_id._check_may_act("reviewer")
        if not (self.note or "").strip():
            raise UserError(self.env._("Say why: the reason is kept for good."))
        if not self.move_ids or self.move_ids - self.choice_ids:
            raise UserError(
                self.env._(
                    "Choose open invoices of this tenant that Odoo has issued. An "
                    "invoice of a billing platform is given up there, and its loss is "
                    "booked then."
                )
            )

    def _get_subject(self):
        return self.state_id

    def _get_shown_events(self):
        """No event waits for it."""
        return self.env["saas.subscription.event"]

    def _read_subject(self):
        """Return what a signature rests on: what is open of each invoice."""
        return sorted(
            [move.id, str(move.amount_residual), move.state]
            for move in self.sudo().move_ids
        )

    def _get_decided_sources(self):
        return self.sudo().move_ids.saas_source_id

    def _get_amount(self):
        """Return what is lost, in the company's currency."""
        return sum(self.sudo().move_ids.mapped("amount_residual_signed"))

    def _name_subject(self):
        return [self.state_id.display_name]

    def _get_previewed_change(self):
        vals = {
            "state_id": self.state_id.id,
            "move_ids": [Command.set(self.move_ids.ids)],
            "note": self.note,
        }
        return lambda env: env[self._name].create(vals).action_apply()

    def _get_change_to_preview(self):
        return self._get_previewed_change()

    def _decide(self):
        """Write it off."""
        self.state_id._write_off(self.move_ids, self.note)
        return notify(self.env._("It is written off."), close=True, reload=True)
