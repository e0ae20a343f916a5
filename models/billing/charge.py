from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...canonical.moments import aware
from ...canonical.money import to_decimal
from ..big_integer import BigInteger


class SaasCharge(models.Model):
    """One line that was billed: a component of a subscription, for a part of one of its
    periods, at the price it had then. Amounts are in minor units, below zero for a
    credit.

    Rows are written in the transaction that posts their document, and never change:
    what was billed too much is another row. What is to be billed is what a period
    should cost less its rows. Two jobs that find the same difference write rows of one
    key, and only one of them can.
    """

    _name = "saas.charge"
    _description = "SaaS charge"
    _inherit = ["saas.guarded.mixin"]
    _order = "service_from desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, readonly=True, index=True, ondelete="restrict"
    )
    subscription_id = fields.Many2one(
        "saas.subscription", required=True, readonly=True, ondelete="restrict"
    )
    component_id = fields.Many2one(
        "saas.plan.component",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    item_id = fields.Many2one(
        "saas.billing.item",
        string="Billed In",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Document",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Document Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        [("charge", "Charge"), ("credit", "Credit")], required=True, readonly=True
    )
    period_start = fields.Datetime(
        required=True, readonly=True, help="When the whole period began, in UTC."
    )
    period_end = fields.Datetime(
        required=True, readonly=True, help="When the whole period ends, in UTC."
    )
    zone = fields.Char(
        string="Time Zone", required=True, readonly=True, help="Whose days count."
    )
    service_from = fields.Datetime(required=True, readonly=True)
    service_to = fields.Datetime(
        required=True, readonly=True, help="The first moment that it is not for."
    )
    is_usage = fields.Boolean(readonly=True)
    is_correction = fields.Boolean(
        string="Came Late",
        readonly=True,
        help="Something of this period was billed before.",
    )
    is_by_hand = fields.Boolean(
        string="By Hand", readonly=True, help="A person took this amount off."
    )
    quantity = fields.Char(required=True, readonly=True, help="Exactly, as a decimal.")
    rate = fields.Json(
        required=True, readonly=True, help="The price and the discount as they were."
    )
    full = BigInteger(
        string="Price of the Period",
        readonly=True,
        help="What the whole period costs, in minor units of the currency.",
    )
    amount = BigInteger(string="Amount in Minor Units", required=True, readonly=True)
    exponent = fields.Integer(
        required=True, readonly=True, help="How many decimals the minor units have."
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    amount_shown = fields.Monetary(string="Amount", compute="_compute_amount_shown")
    usage_version = BigInteger(
        readonly=True, help="The newest record of usage that this line has counted."
    )
    sequence = fields.Integer(
        required=True, readonly=True, help="How often the period was billed by then."
    )
    number = fields.Integer(
        required=True, readonly=True, help="The line's number of that time."
    )

    _period_unique = models.UniqueIndex(
        "(subscription_id, component_id, period_start, period_end, sequence, number)"
    )

    @api.depends("amount", "exponent")
    def _compute_amount_shown(self):
        for charge in self:
            charge.amount_shown = to_decimal(charge.amount, charge.exponent)

    @api.depends("component_id", "service_from", "service_to")
    def _compute_display_name(self):
        for charge in self:
            zone = ZoneInfo(charge.zone or "UTC")
            start = aware(charge.service_from)
            charge.display_name = self.env._(
                "%(component)s from %(start)s",
                component=charge.component_id.name or "",
                start=format_date(self.env, start and start.astimezone(zone).date()),
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Charges can't be deleted: what is billed next rests on them. Bill the "
                "difference, or credit it."
            )
        )
