from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...canonical.payments.collecting import CollectionState
from ...models.reach import is_in_reach
from ...models.roles import FINANCE


class SaasCollectionStart(models.TransientModel):
    """Shows what happens when a gateway collects an invoice, and has it collected."""

    _name = "saas.collection.start"
    _description = "Collect an Invoice"
    _inherit = ["saas.guarded.mixin"]

    move_id = fields.Many2one("account.move", string="Invoice", required=True)
    preview = fields.Text(
        string="What Happens",
        compute="_compute_preview",
        help="What the gateway is asked for, and what comes of it.",
    )
    can_start = fields.Boolean(compute="_compute_preview")

    @api.depends("move_id")
    @api.depends_context("uid")
    def _compute_preview(self):
        for wizard in self:
            move = wizard.move_id
            # An invoice that the user may not reach is nothing to them.
            is_mine = bool(move) and is_in_reach(move._origin)
            problem = wizard._find_problem(move.sudo()) if is_mine else ""
            wizard.can_start = is_mine and not problem
            wizard.preview = problem or (is_mine and wizard._describe(move.sudo()))

    def _find_problem(self, move):
        """Return why an invoice can't be collected now, as a sentence; empty if it can.

        :param move: as superuser.
        """
        if move._get_saas_uncollected() <= 0:
            return self.env._("Nothing is due on this invoice that a gateway collects.")
        payer = move.saas_tenant_id._get_collected()
        if not payer.collection_source_id:
            return self.env._(
                "%s pays by transfer. Choose on the tenant through which gateway its "
                "invoices are collected.",
                payer.name,
            )
        if payer._filter_collection_stopped():
            return self.env._(
                "%s is at risk: a fraud warning or a review is open, so nothing is "
                "collected. Open the tenant's risks. Once they are cleared, collect.",
                payer.name,
            )
        live = move.saas_collection_ids._filter_standing()
        if not live:
            return ""
        lines = [self.env._("It is being collected already. %s", live.explanation)]
        if live.state in (CollectionState.WAITING, CollectionState.NEEDS_CUSTOMER):
            lines.append(
                self.env._("To begin anew, cancel that first, under Collections.")
            )
        return " ".join(lines)

    def _describe(self, move):
        """Return what happens if an invoice is collected, as sentences."""
        payer = move.saas_tenant_id._get_collected()
        gateway = payer.collection_source_id
        due = move._get_saas_uncollected()
        lines = [
            self.env._(
                "%(gateway)s collects %(amount)s for %(invoice)s from %(payer)s "
                "(%(customer)s).",
                gateway=gateway.name,
                amount=formatLang(self.env, float(due), currency_obj=move.currency_id),
                invoice=move.name,
                payer=payer.name,
                customer=payer._get_id_at(gateway) or "–",
            ),
            self.env._(
                "Nothing is booked now. When the gateway tells that the money came, "
                "the payment is booked and the invoice is paid."
            ),
            self.env._(
                "If less is due when the order is sent, less is collected. If the "
                "customer has to act, they get a mail with a link, where the gateway "
                "has one."
            ),
        ]
        if not gateway.livemode:
            lines.append(self.env._("This gateway is in test mode: no money moves."))
        return "\n".join(lines)

    def action_start(self):
        """Order the money: a job sends the order once this is committed."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        self._check_links()
        self.env["saas.environment"]._check_confirmed()
        move = self.move_id.sudo()
        problem = self._find_problem(move)
        if problem or not self.env["saas.collection"].sudo()._request(move):
            raise UserError(
                problem or self.env._("There is nothing to collect any more.")
            )
        return {"type": "ir.actions.act_window_close"}
