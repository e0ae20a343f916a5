from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....canonical.revenue.recut import Crediting
from ....canonical.revenue.rule import Policy
from ....canonical.revenue.span import Method
from ...revenue_methods import CANCELLATIONS, CREDITINGS, DISPUTES, METHODS, POLICIES


class ResCompany(models.Model):
    """Says whether, from which day and how a company defers revenue."""

    _inherit = "res.company"

    revenue_deferred_from = fields.Date(
        string="SaaS Billing: Defer Revenue From",
        help="Lines of documents from this day on whose service goes beyond the "
        "document's month are booked as deferred revenue. Empty: all is earned at "
        "once. What is booked already stays as it is.",
    )
    revenue_account_id = fields.Many2one(
        "account.account",
        string="SaaS Billing: Deferred Revenue",
        domain="[('account_type', 'in', "
        "('liability_current', 'liability_non_current'))]",
        help="Where revenue is deferred, if the income account has no account of its "
        "own under Deferred Accounts.",
    )
    revenue_method = fields.Selection(
        METHODS,
        string="SaaS Billing: Share Out Revenue",
        required=True,
        default=Method.DAY.value,
        help="How a deferred line is shared out to months. A tenant's own way goes "
        "first, then the product's, the deferred account's, the source's, and last "
        "this one. Documents that are booked already stay as they are.",
    )
    revenue_policy = fields.Selection(
        POLICIES,
        string="SaaS Billing: Months That Have Passed",
        required=True,
        default=Policy.CATCH_UP.value,
        help="Where recognition runs book what belongs to a month before.",
    )
    revenue_crediting = fields.Selection(
        CREDITINGS,
        string="SaaS Billing: Credit Notes Are For",
        required=True,
        default=Crediting.PROPORTIONAL.value,
        help="When a credit note counts that states no service of its own, but gives "
        "back from a line that is deferred. What the note itself says goes first, then "
        "what its source's reason is for.",
    )
    revenue_on_cancel = fields.Selection(
        CANCELLATIONS,
        string="SaaS Billing: What a Canceled Service Leaves",
        required=True,
        default="unchanged",
        help="When what was billed of a subscription, and not given back, is earned "
        "after its end.",
    )
    revenue_on_dispute = fields.Selection(
        DISPUTES,
        string="SaaS Billing: Service of a Lost Dispute",
        required=True,
        default="unchanged",
        help="Whether a deferred service is earned on when its payment is lost in a "
        "dispute. If it ends, what was not served is taken from the deferred account "
        "and is no loss. Losses that are booked already stay as they are.",
    )
    recognizes_by_clock = fields.Boolean(
        string="SaaS Billing: Recognise by the Clock",
        default=True,
        help="Begin a recognition run when a month is over. Without this, somebody "
        "begins it under Recognition Runs.",
    )

    @api.constrains("revenue_deferred_from", "revenue_account_id")
    def _check_revenue_account(self):
        for company in self.sudo():
            if company.revenue_account_id:
                continue
            sources = (
                self.env["saas.source"]
                .sudo()
                .search([("company_id", "=", company.id), ("deferral", "=", "own")])
            )
            if company.revenue_deferred_from or sources:
                raise ValidationError(
                    self.env._(
                        "Choose an account for deferred revenue for %s first.",
                        company.name,
                    )
                )
