from odoo import fields, models

from ...revenue_methods import METHODS


class ProductTemplate(models.Model):
    """Says how revenue of a product is shared out to months, for each company."""

    _inherit = "product.template"

    deferred_method = fields.Selection(
        METHODS,
        string="Share Out Deferred Revenue",
        company_dependent=True,
        help="How deferred lines of this product are shared out to months, unless the "
        "tenant says it. Empty: as the deferred account, the source or the company "
        "says. Documents that are booked already stay as they are.",
    )
