from odoo import fields, models

from ..revenue_methods import METHODS


class SaasTenant(models.Model):
    """Says how Odoo bills a tenant, where Odoo issues the invoices, and how what any of
    its invoices bill is shared out to months.
    """

    _inherit = "saas.tenant"

    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        tracking=True,
        help="Within which time its invoices are paid. Empty: the contact's own terms.",
    )
    purchase_order = fields.Char(
        tracking=True,
        help="The tenant's own number for all that it is billed, where a subscription "
        "has none of its own.",
    )
    needs_purchase_order = fields.Boolean(
        string="Wants a Purchase Order",
        tracking=True,
        help="The tenant pays no invoice that does not name its number. A subscription "
        "without one is shown as missing it before it renews.",
    )
    consolidation = fields.Selection(
        [
            ("tenant", "One invoice for all subscriptions"),
            ("subscription", "One invoice for each subscription"),
        ],
        string="Invoices",
        required=True,
        default="tenant",
        tracking=True,
        help="What is due on one day in one currency stands on one invoice, or on one "
        "for each subscription.",
    )
    send_invoice = fields.Selection(
        [("email", "By e-mail"), ("no", "Not at all")],
        string="Send Invoices",
        required=True,
        default="email",
        tracking=True,
        help="How the tenant gets its invoices and credit notes once they are posted. "
        "Odoo's sending job sends them, some minutes later, with the PDF, in the way "
        "that the contact's Invoice Sending says, or else by e-mail. One that can't be "
        "sent says why, and asks somebody.",
    )
    invoice_template_id = fields.Many2one(
        "mail.template",
        domain="[('model', '=', 'account.move')]",
        tracking=True,
        help="The e-mail that the tenant gets with an invoice. Empty: the company's "
        "template, or Odoo's own. Credit notes go with Odoo's own.",
    )
    pause_policy = fields.Selection(
        [("credit", "Give it back"), ("keep", "Keep it")],
        string="Paid Ahead, When Paused",
        required=True,
        default="credit",
        tracking=True,
        help="What becomes of what was paid ahead for the time of a pause.",
    )
    cancel_policy = fields.Selection(
        [("credit", "Give it back"), ("keep", "Keep it")],
        string="Paid Ahead, When Canceled",
        required=True,
        default="credit",
        tracking=True,
        help="What becomes of what was paid ahead for the time after the end.",
    )
    deferred_method = fields.Selection(
        METHODS,
        string="Share Out Revenue",
        tracking=True,
        help="How deferred lines of this tenant are shared out to months. Empty: as "
        "the product, the deferred account, the source or the company says, in this "
        "order. "
        "Documents that are booked already stay as they are.",
    )
    discount_ids = fields.One2many("saas.discount", "tenant_id", string="Discounts")

    def action_start_subscription(self):
        """Ask what this tenant gets, and from when on."""
        self.ensure_one()
        self._check_may_act("reviewer")
        return self._action_dialog(
            "saas.subscription.amend",
            self.env._("Begin a Subscription"),
            {"default_tenant_id": self.id, "default_kind": "start"},
        )

    def action_grant_discount(self):
        """Ask for a discount on all that this tenant has."""
        self.ensure_one()
        self._check_may_act("reviewer")
        return self._action_dialog(
            "saas.discount.grant",
            self.env._("Give a Discount"),
            {"default_tenant_id": self.id},
        )

    def _action_dialog(self, model, name, context):
        events = self.env["saas.subscription.event"]
        return self._in_company(events._action_dialog(model, name, context))
