from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..notification import notify

_EXPENSES = "('expense', 'expense_direct_cost', 'expense_other')"


class SaasSource(models.Model):
    """Reads and shows the movements of the money that a source holds for us, and says
    how the fees of these are booked.
    """

    _inherit = "saas.source"

    fee_tax_id = fields.Many2one(
        "account.tax",
        string="Tax on Fees",
        check_company=True,
        domain="[('type_tax_use', '=', 'purchase'), ('price_include', '=', False)]",
        help="The input tax if the source states tax on its fees, or a reverse "
        "charge if the source is abroad. If it is empty, tax on fees is part "
        "of the cost. It is on the source's own fees only.",
    )
    fee_tax_account_id = fields.Many2one(
        "account.account",
        string="Tax on Fees as Cost",
        check_company=True,
        domain=f"[('account_type', 'in', {_EXPENSES})]",
        help="Tax on the source's fees that is no input tax. If it is empty, it goes "
        "to the account of processing fees.",
    )
    passed_fee_account_id = fields.Many2one(
        "account.account",
        string="Passed-Through Fees",
        check_company=True,
        domain=f"[('account_type', 'in', {_EXPENSES})]",
        help="What card networks and payment methods ask, passed on by the source. If "
        "it is empty, it goes to the account of processing fees.",
    )
    application_fee_account_id = fields.Many2one(
        "account.account",
        string="Application Fees Paid",
        check_company=True,
        domain=f"[('account_type', 'in', {_EXPENSES})]",
        help="What a platform keeps of payments that were made through it.",
    )
    withheld_tax_account_id = fields.Many2one(
        "account.account",
        string="Withheld Tax",
        check_company=True,
        domain=f"[('account_type', 'in', ('asset_current', {_EXPENSES[1:]})]",
        help="Tax that the source keeps from the money and pays to the state: an asset "
        "if the state gives it back or sets it off, and a cost if not.",
    )
    balance_cursor = fields.Datetime(
        string="Balance Read Until",
        readonly=True,
        copy=False,
        help="Balance transactions were read up to this moment.",
    )

    @api.constrains("fee_tax_id")
    def _check_fee_tax(self):
        for tax in self.fee_tax_id:
            if tax.price_include or tax.type_tax_use != "purchase":
                raise ValidationError(
                    self.env._(
                        "%(tax)s can't be used for fees. Choose a purchase tax that "
                        "is not included in the price.",
                        tax=tax.display_name,
                    )
                )

    def action_pull_balance(self):
        """Read the newest movements, in the background."""
        self.check_access("write")
        for source in self:
            source._enqueue_read_movements()
        return self._notify_reading()

    def action_view_clearing(self):
        """Open the clearing balance: the account beside what the source holds."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_clearing_balance_action"
        )
        return self._in_company({**action, "domain": [("source_id", "=", self.id)]})

    def _notify_reading(self):
        without_key = self.filtered(lambda source: not source._has_api_key())
        if without_key:
            message = self.env._(
                "%s has no API key to read with. Paste one under Connection.",
                without_key[0].name,
            )
        else:
            message = self.env._("The balance transactions are being read.")
        return notify(message, "warning" if without_key else "success")
