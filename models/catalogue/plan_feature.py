from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...canonical.catalogue.decimals import QUANTITY_DIGITS
from .plan import check_codes
from .price_text import check_decimals


class SaasPlanFeature(models.Model):
    """What a version of a plan lets its customers do: something that is on, or up to a
    limit. The product asks for it; nothing is charged by it.
    """

    _name = "saas.plan.feature"
    _description = "SaaS feature of a plan"
    _inherit = ["saas.published.mixin"]
    _order = "version_id, code, id"
    _rec_name = "code"
    _part_of = "version_id"

    version_id = fields.Many2one("saas.plan.version", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="version_id.company_id", store=True)
    code = fields.Char(required=True, help="The name that the product knows it by.")
    kind = fields.Selection(
        [("flag", "On"), ("limit", "Up to a limit")], required=True, default="flag"
    )
    value = fields.Char(
        string="Limit", help="A number such as 10. Leave it empty for no limit."
    )

    _code_unique = models.UniqueIndex(
        "(version_id, code)",
        "The version has a feature with this code already. Choose another code.",
    )

    @api.constrains("code")
    def _check_code(self):
        check_codes(self)

    @api.constrains("kind", "value")
    def _check_value(self):
        for feature in self.filtered("value"):
            if feature.kind == "flag":
                raise ValidationError(
                    self.env._(
                        "What is only on has no limit. Leave the limit empty, or "
                        "choose another kind."
                    )
                )
            check_decimals(self.env, {"value": feature.value}, QUANTITY_DIGITS)

    def _prepare_copy_vals(self):
        """Return the values of features like these, for another version."""
        copies = self.copy_data()
        for vals in copies:
            del vals["version_id"]
        return copies
