from odoo import fields, models


class SaasContract(models.Model):
    """The mirror of a deal that was won. Nothing is booked from it: a subscription or
    an invoice follows. Where it tells a plan, the subscription waits here.
    """

    _name = "saas.contract"
    _description = "SaaS contract"
    _inherit = ["saas.guarded.mixin"]
    _order = "won_at desc, id desc"
    _rec_name = "external_id"

    external_id = fields.Char(string="Contract", required=True, readonly=True)
    source_id = fields.Many2one(
        "saas.source", required=True, ondelete="restrict", readonly=True
    )
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    number = fields.Char(readonly=True)
    state = fields.Selection(
        [("won", "Won"), ("withdrawn", "Withdrawn")],
        required=True,
        readonly=True,
        default="won",
        index=True,
    )
    currency_code = fields.Char(string="Currency", readonly=True)
    won_at = fields.Datetime(string="Won On", readonly=True)
    starts_on = fields.Date(readonly=True)
    ends_on = fields.Date(readonly=True)
    term_months = fields.Integer(string="Term in Months", readonly=True)
    period_months = fields.Integer(string="Billed Each Months", readonly=True)
    purchase_order = fields.Char(readonly=True)
    plan_ref = fields.Char(string="Plan", readonly=True)
    subscription_id = fields.Many2one(
        "saas.subscription",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The subscription that waits for its activation, or fulfils it.",
    )
    line_ids = fields.One2many("saas.contract.line", "contract_id", readonly=True)

    _external_unique = models.UniqueIndex("(source_id, external_id)")
    # An activation in another system names it by its id alone.
    _ref_index = models.Index("(company_id, external_id)")


class SaasContractLine(models.Model):
    """A line of a contract: what was sold, how many, and for how much. What the source
    states exactly is kept as a text.
    """

    _name = "saas.contract.line"
    _description = "SaaS contract line"
    _inherit = ["saas.guarded.mixin"]
    _order = "id"
    _rec_name = "external_id"

    contract_id = fields.Many2one(
        "saas.contract", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    external_id = fields.Char(string="Line", required=True, readonly=True)
    product_ref = fields.Char(string="Product", readonly=True)
    price_ref = fields.Char(string="Price", readonly=True)
    description = fields.Char(readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    stated_quantity = fields.Char(
        readonly=True, help="The quantity exactly as the source states it."
    )
    unit_amount = fields.Char(
        string="Unit Price", readonly=True, help="In the contract's currency."
    )
