from odoo import fields, models


class SaasExceptionTag(models.Model):
    """A word that people sort cases by, in their company."""

    _name = "saas.exception.tag"
    _description = "SaaS case tag"
    _inherit = ["saas.guarded.mixin"]
    _order = "name"

    name = fields.Char(required=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )

    _name_unique = models.UniqueIndex(
        "(company_id, name)", "There is a tag of this name already. Use that one."
    )

    def _get_log_source(self):
        """Return the company's first source: a tag is no source's."""
        self.ensure_one()
        return self._get_log_of_company()
