from decimal import Decimal

from odoo import api, fields, models

from ....canonical.money import exact
from ....canonical.payments.collecting import CollectionReason, CollectionState
from ...roles import FINANCE, check_roles

_FAILED = (CollectionState.FAILED, CollectionState.NEEDS_CUSTOMER)
_NONE = Decimal(0)


class AccountMove(models.Model):
    """Shows on an own invoice how it is collected by a gateway, and lets finance
    collect it.
    """

    _inherit = "account.move"

    saas_collection_ids = fields.One2many(
        "saas.collection",
        "move_id",
        string="Collections",
        readonly=True,
        groups="saas_billing_sync.group_saas_user",
    )
    saas_collection_state = fields.Selection(
        selection=lambda self: (
            self.env["saas.collection"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="Collection",
        compute="_compute_saas_collection",
        compute_sudo=True,
    )
    saas_collection_note = fields.Text(
        string="About the Collection",
        compute="_compute_saas_collection",
        compute_sudo=True,
        help="What became of the last attempt to collect it, and what to do next.",
    )
    saas_can_collect = fields.Boolean(
        compute="_compute_saas_collection", compute_sudo=True
    )

    @api.depends(
        "saas_collection_ids.state",
        "saas_collection_ids.reason",
        "saas_collection_ids.link_ref",
        "saas_tenant_id.collection_source_id",
        "amount_residual",
        "state",
    )
    def _compute_saas_collection(self):
        for move in self:
            last = move.saas_collection_ids.sorted("number")[-1:]
            move.saas_collection_state = last.state
            words = (last.explanation, last.next_step)
            move.saas_collection_note = " ".join(filter(None, words))
            payer = move.saas_tenant_id._get_collected()
            move.saas_can_collect = bool(
                payer.collection_source_id
                and move._get_saas_uncollected() > 0
                and not move.saas_collection_ids._filter_standing()
            )

    def _get_saas_uncollected(self):
        """Return what a gateway may still collect of this invoice, a Decimal in its
        currency: what is due, less what was collected and is not reconciled with it.
        What the gateway has sent back since may be collected again, once the invoice is
        open. It is 0 unless this is an open invoice of the company's own source.
        """
        self.ensure_one()
        is_invoice = self.move_type == "out_invoice" and self.state == "posted"
        if not is_invoice or not self.saas_source_id.is_own:
            return _NONE
        places = self.currency_id.decimal_places
        succeeded = self.sudo().saas_collection_ids.filtered(
            lambda command: command.state == CollectionState.SUCCEEDED
        )
        collected = sum(succeeded._get_kept().values(), start=_NONE)
        left = exact(self.amount_total, places) - collected
        return max(min(exact(self.amount_residual, places), left), _NONE)

    def action_collect_saas(self):
        """Ask whether the gateway is to collect this invoice, and show what happens."""
        self.ensure_one()
        self.check_access("read")
        check_roles(self.env, FINANCE)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Collect"),
            "res_model": "saas.collection.start",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def _note_saas_collection_failed(self):
        """Note on these invoices that their money could not be collected, and that they
        are open.

        :return: those that are: others were paid in another way.
        """
        for move in self.sudo():
            failed = move.saas_collection_ids.filtered(lambda c: c.state in _FAILED)
            move.saas_failed_attempts = max(len(failed), 1)
        return self._note_saas_open()

    def _note_saas_open(self):
        """Note on those of these own invoices that are not paid that they are open.

        :return: those that are.
        """
        is_open = self.filtered(lambda m: m.payment_state in ("not_paid", "partial"))
        if is_open:
            # Odoo would look for lines to add, even of no invoice.
            is_open.sudo().write({"saas_state": "open", "saas_state_date": False})
        return is_open

    def _end_saas_collection(self):
        """Note on own invoices that they are paid. Nobody has to pay them by a link any
        more, or to look after that.
        """
        own = self.sudo().filtered(lambda move: move.saas_source_id.is_own)
        # A loss closes an invoice that was given up, and so does money after all.
        for move in own.filtered(lambda move: move.saas_state != "uncollectible"):
            move.saas_state = "paid"
            move.saas_state_date = fields.Date.context_today(move)
        own.saas_collection_ids._give_up(CollectionReason.NOTHING_DUE)
        self.env["saas.activities"].sudo()._stop_asking(
            "mail_activity_payment_failed", own
        )
