from decimal import Decimal, InvalidOperation

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...canonical.reasons import Reason


class SaasTaxRule(models.Model):
    """Says which Odoo tax stands for tax rates of a kind: by where they apply, how high
    they are, and why a line is taxed so. The first rule that fits counts; what is left
    empty fits any. A mapping of the rate itself goes before all rules.
    """

    _name = "saas.tax.rule"
    _description = "SaaS tax rule"
    _inherit = ["saas.guarded.mixin", "saas.mapping.mixin"]
    _frees = (Reason.UNMAPPED_TAX, Reason.TAX_MISMATCH)
    _check_company_auto = True
    _order = "sequence, id"
    _rec_name = "tax_id"

    source_id = fields.Many2one(
        "saas.source", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    country_id = fields.Many2one(
        "res.country",
        help="The country that the rate applies in. Leave it empty for any.",
    )
    state_id = fields.Many2one(
        "res.country.state",
        domain="[('country_id', '=?', country_id)]",
        help="The state that the rate applies in. Leave it empty for any state, "
        "and for rates without one.",
    )
    percentage = fields.Char(
        help="The rate in percent, such as 8.875. Leave it empty for any. 0 stands "
        "for rates of 0 % only.",
    )
    tax_type = fields.Char(
        help="The source's name of the kind of tax, such as vat, gst or sales_tax. "
        "Leave it empty for any.",
    )
    inclusive = fields.Selection(
        [("yes", "Included in the price"), ("no", "Added to the price")],
        string="Price",
        help="Whether the line's price included the tax. Leave it empty for either.",
    )
    reason = fields.Selection(
        [
            ("standard_rated", "Standard rated"),
            ("reduced_rated", "Reduced rate"),
            ("zero_rated", "Zero rated"),
            ("reverse_charge", "Reverse charge"),
            ("customer_exempt", "Customer is exempt"),
            ("product_exempt", "Product is exempt"),
            ("product_exempt_holiday", "Product is exempt for a time"),
            ("not_collecting", "Not registered there"),
            ("not_subject_to_tax", "Not subject to tax"),
            ("not_supported", "Not supported by the source"),
            ("not_available", "No reason given"),
            ("portion_product_exempt", "Part of the price: exempt"),
            ("portion_reduced_rated", "Part of the price: reduced rate"),
            ("portion_standard_rated", "Part of the price: standard rated"),
            ("proportionally_rated", "Taxed in proportion"),
            ("taxable_basis_reduced", "Part of the price is taxed"),
        ],
        string="Taxability",
        help="The reason why the source taxes the line so. Leave it empty for any "
        "reason, unless the source charges no tax: such a line needs a rule "
        "that names its reason, or a mapping of its rate.",
    )
    tax_id = fields.Many2one(
        "account.tax",
        required=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('price_include', '=', False)]",
    )

    @api.constrains("tax_id")
    def _check_tax(self):
        self.tax_id._check_saas_usable()

    @api.constrains("percentage")
    def _check_percentage(self):
        for rule in self.filtered("percentage"):
            try:
                percentage = Decimal(rule.percentage)
            except InvalidOperation:
                percentage = Decimal(-1)
            if not (percentage.is_finite() and 0 <= percentage <= 1000):
                raise ValidationError(
                    self.env._(
                        "%s is not a percentage. Enter a number such as 8.875.",
                        rule.percentage,
                    )
                )

    @api.constrains("country_id", "state_id")
    def _check_state(self):
        for rule in self.filtered(lambda rule: rule.state_id and rule.country_id):
            if rule.state_id.country_id != rule.country_id:
                raise ValidationError(
                    self.env._(
                        "%(state)s is not in %(country)s. Choose a state of that "
                        "country.",
                        state=rule.state_id.name,
                        country=rule.country_id.name,
                    )
                )

    @api.onchange("state_id")
    def _onchange_state_id(self):
        if self.state_id:
            self.country_id = self.state_id.country_id
