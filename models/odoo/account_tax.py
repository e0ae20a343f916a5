from odoo import models
from odoo.exceptions import ValidationError


class AccountTax(models.Model):
    """Checks whether a tax can carry amounts that a source has computed."""

    _inherit = "account.tax"

    def _check_saas_usable(self):
        """Raise unless these taxes can carry amounts that a source has computed:
        net and tax come apart already, even where the price included the tax.
        """
        for tax in self:
            if tax.price_include or tax.type_tax_use != "sale":
                raise ValidationError(
                    self.env._(
                        "%(tax)s can't be used. Choose a sales tax that is not "
                        "included in the price. The source states net and tax apart, "
                        "so this holds for inclusive prices too.",
                        tax=tax.display_name,
                    )
                )
