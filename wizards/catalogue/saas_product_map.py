from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.reasons import Reason


class SaasProductMap(models.TransientModel):
    """Lets a person say which product a price or product of the source is, and shows
    what would come of it.
    """

    _name = "saas.product.map"
    _description = "Map Product"
    _inherit = ["saas.previewed.mixin", "saas.guarded.mixin"]
    _check_company_auto = True

    event_ids = fields.Many2many("saas.subscription.event", required=True)
    case_id = fields.Many2one("saas.exception", required=True)
    company_id = fields.Many2one(related="case_id.company_id")
    choice = fields.Selection(
        [
            ("product", "All prices of this product"),
            ("price", "This price alone"),
        ],
        string="Map",
        required=True,
        compute="_compute_choice",
        store=True,
        precompute=True,
        readonly=False,
    )
    is_either = fields.Boolean(compute="_compute_is_either")
    external_id = fields.Char(string="ID at Source", compute="_compute_external_id")
    external_name = fields.Char(
        string="Name at Source", compute="_compute_external_name"
    )
    product_id = fields.Many2one("product.product", check_company=True)
    account_id = fields.Many2one(
        "account.account",
        string="Income Account",
        check_company=True,
        help="Leave it empty to use the product's own income account.",
    )

    @api.depends("case_id")
    def _compute_choice(self):
        for wizard in self:
            _price, product = wizard._get_ids()
            wizard.choice = "product" if product else "price"

    @api.depends("case_id")
    def _compute_is_either(self):
        for wizard in self:
            wizard.is_either = all(wizard._get_ids())

    @api.depends("case_id", "choice")
    def _compute_external_id(self):
        for wizard in self:
            price, product = wizard._get_ids()
            chosen = price if wizard.choice == "price" else product
            wizard.external_id = chosen or price or product

    @api.depends("external_id")
    def _compute_external_name(self):
        for wizard in self:
            source, ref = wizard.case_id.source_id, wizard.external_id
            names = self.env["saas.product"]._get_names(source, [ref] if ref else [])
            wizard.external_name = names.get((source, ref))

    def _get_ids(self):
        """Return the ids of the price and of the product; either may be empty."""
        if self.case_id.reason != Reason.UNMAPPED_PRODUCT:
            return "", ""
        price, _separator, product = self.case_id.cause_key.partition("|")
        return price, product

    def action_apply(self):
        """Map it, which frees all events that wait for it.

        :raises UserError: if nothing is chosen, or there is nothing to map.
        """
        self.ensure_one()
        self._check_links()
        if not self.external_id:
            raise UserError(
                self.env._(
                    "These lines name neither a price nor a product, so there is "
                    "nothing to map. Set a default product on the source."
                )
            )
        if not self.product_id:
            raise UserError(self.env._("Choose which product it is."))
        mappings = self.env["saas.product.mapping"]
        mappings.create(
            {
                "source_id": self.case_id.source_id.id,
                "external_id": self.external_id,
                "product_id": self.product_id.id,
                "account_id": self.account_id.id,
            }
        )
        return {"type": "ir.actions.act_window_close"}
