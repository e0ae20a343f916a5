from odoo import fields, models

from ..canonical.review.duties import Decision
from ..models.notification import notify


class SaasMovementAccount(models.TransientModel):
    """Lets a person choose the account on the other side of movements that are not
    booked by themselves.
    """

    _name = "saas.movement.account"
    _description = "Choose Account"
    _inherit = ["saas.decision.mixin", "saas.previewed.mixin", "saas.guarded.mixin"]
    _decision = Decision.MOVEMENT_ACCOUNT
    _check_company_auto = True

    transaction_ids = fields.Many2many(
        "saas.balance.transaction", string="Balance Transactions"
    )
    company_id = fields.Many2one(related="transaction_ids.company_id")
    account_id = fields.Many2one(
        "account.account",
        required=True,
        check_company=True,
        domain="[('account_type', '!=', 'off_balance')]",
        help="The other side of the entry. The first side is the clearing account, and "
        "fees go to their own accounts.",
    )

    def _check_decision(self):
        """Raise if one of the movements is booked by itself, or was booked already."""
        self.transaction_ids._check_may_choose()

    def _get_subject(self):
        return self.transaction_ids

    def _get_amount(self):
        """Return the sum of the movements, whichever way they went."""
        company = self.company_id
        return sum(
            movement.currency_id._convert(
                abs(movement.amount),
                company.currency_id,
                company,
                movement.created_at or fields.Date.context_today(self),
            )
            for movement in self.transaction_ids
        )

    def _read_subject(self):
        return sorted(
            [movement.id, movement.match_state, movement.net_minor, movement.fee_minor]
            for movement in self.transaction_ids.sudo()
        )

    def _get_shown_events(self):
        """Return the events that told of the movements: they are replayed."""
        return self.transaction_ids.sudo()._get_telling().sudo(False)

    def _name_subject(self):
        return [
            f"{movement.external_id} {movement.amount:,.2f} {movement.currency_id.name}"
            for movement in self.transaction_ids
        ]

    def _decide(self):
        """Book the movements against the account."""
        # This is done as superuser, since only code writes what is mirrored; the log
        # still names the user.
        self.transaction_ids.sudo()._choose_account(self.account_id)
        return notify(
            self.env._(
                "The movements are being booked. If one can't be, its event is among "
                "the exceptions and says why."
            ),
            close=True,
        )
