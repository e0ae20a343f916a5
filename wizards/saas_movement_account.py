from odoo import fields, models

from ..models.notification import notify


class SaasMovementAccount(models.TransientModel):
    """Lets a person choose the account on the other side of movements that are not
    booked by themselves.
    """

    _name = "saas.movement.account"
    _description = "Choose the account of SaaS movements"
    _inherit = ["saas.guarded.mixin"]
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

    def action_apply(self):
        """Book the movements against the account.

        :raises UserError: if one of them is booked by itself, or was booked already.
        """
        self.ensure_one()
        self._check_links()
        self.transaction_ids._check_may_choose()
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
