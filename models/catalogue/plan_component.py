from datetime import UTC

from odoo import Command, api, fields, models

from ...canonical.catalogue.decimals import QUANTITY_DIGITS
from ...canonical.catalogue.terms import (
    Alignment,
    Cadence,
    ComponentKind,
    PriceModel,
    Proration,
    Timing,
)
from ...canonical.catalogue.timeline import Listing, PriceList
from .plan import check_codes
from .price_text import check_decimals


class SaasPlanComponent(models.Model):
    """One thing that a version of a plan is charged for: a fixed amount, seats, or what
    is used. It says how its periods run and how a quantity becomes an amount; what it
    costs is in its prices, one or more a currency.
    """

    _name = "saas.plan.component"
    _description = "SaaS component of a plan"
    _inherit = ["saas.published.mixin"]
    _check_company_auto = True
    _order = "version_id, sequence, id"
    _rec_names_search = ["name", "code", "version_id.plan_id.name"]
    _part_of = "version_id"

    version_id = fields.Many2one("saas.plan.version", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="version_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, help="What invoices call it.")
    code = fields.Char(
        required=True,
        help="The name that other systems know it by, one in each version.",
    )
    kind = fields.Selection(
        [
            (ComponentKind.FLAT.value, "A fixed amount"),
            (ComponentKind.SEAT.value, "Seats"),
            (ComponentKind.USAGE.value, "What is used"),
        ],
        required=True,
        default=ComponentKind.FLAT.value,
    )
    model = fields.Selection(
        [
            (PriceModel.UNIT.value, "Each costs the same"),
            (PriceModel.GRADUATED.value, "Each costs what its tier says"),
            (PriceModel.VOLUME.value, "All cost what the last one's tier says"),
            (PriceModel.PACKAGE.value, "Each package costs the same"),
        ],
        string="Price Model",
        required=True,
        default=PriceModel.UNIT.value,
        help="Tiers: 100 for 10.00, all above for 5.00. By its own tier, 150 cost "
        "100 × 10.00 + 50 × 5.00; by the last one's, 150 × 5.00.",
    )
    product_id = fields.Many2one(
        "product.product",
        ondelete="restrict",
        check_company=True,
        help="What invoices charge: its taxes and its income account count.",
    )
    meter_id = fields.Many2one(
        "saas.meter",
        ondelete="restrict",
        check_company=True,
        help="What counts the use of it.",
    )
    timing = fields.Selection(
        [
            (Timing.ADVANCE.value, "In advance"),
            (Timing.ARREARS.value, "In arrears"),
        ],
        string="Billed",
        required=True,
        default=Timing.ADVANCE.value,
        help="When its period begins, or when that has ended.",
    )
    cadence = fields.Selection(
        [
            (Cadence.WEEKLY.value, "Weekly"),
            (Cadence.MONTHLY.value, "Monthly"),
            (Cadence.QUARTERLY.value, "Quarterly"),
            (Cadence.HALF_YEARLY.value, "Half-yearly"),
            (Cadence.YEARLY.value, "Yearly"),
        ],
        string="Period",
        required=True,
        default=Cadence.MONTHLY.value,
    )
    alignment = fields.Selection(
        [
            (Alignment.ANCHOR.value, "On the subscription's own day"),
            (Alignment.CALENDAR.value, "With the calendar"),
        ],
        string="Periods Begin",
        required=True,
        default=Alignment.ANCHOR.value,
    )
    proration = fields.Selection(
        [
            (Proration.DAY.value, "By the day"),
            (Proration.SECOND.value, "By the second"),
            (Proration.NONE.value, "A period is whole"),
        ],
        required=True,
        default=Proration.DAY.value,
        help="How a part of a period is charged.",
    )
    included = fields.Char(
        help="How many are free in each period. Tiers and packages count what is above."
    )
    price_ids = fields.One2many("saas.price", "component_id", string="Prices")

    _code_unique = models.UniqueIndex(
        "(version_id, code)",
        "The version has a component with this code already. Choose another code.",
    )

    @api.depends("version_id.name", "name")
    def _compute_display_name(self):
        for component in self:
            parts = filter(None, (component.version_id.name, component.name))
            component.display_name = ", ".join(parts)

    @api.constrains("code")
    def _check_code(self):
        check_codes(self)

    @api.constrains("included")
    def _check_included(self):
        for component in self.filtered("included"):
            check_decimals(self.env, {"included": component.included}, QUANTITY_DIGITS)

    @api.onchange("kind")
    def _onchange_kind(self):
        """What is used is billed afterwards, and a fixed amount is for one."""
        if self.kind == ComponentKind.USAGE:
            self.timing = Timing.ARREARS.value
        else:
            self.meter_id = False
        if self.kind == ComponentKind.FLAT:
            self.model = PriceModel.UNIT.value
            self.included = False

    def _prepare_copy_vals(self):
        """Return the values of a component like this, with its prices for all."""
        [vals] = self.copy_data()
        del vals["version_id"]
        listed = self.price_ids.filtered(lambda price: not price.tenant_id)
        return {
            **vals,
            "price_ids": [Command.create(vals) for vals in listed._prepare_copy_vals()],
        }

    def _get_currencies(self):
        """Return the currencies that these have a price in for all customers."""
        return self.price_ids.filtered(lambda price: not price.tenant_id).currency_id

    def _get_prices(self, currency, tenants):
        """Return the prices of these components in one currency, a
        :class:`~...canonical.catalogue.timeline.PriceList`: those that all customers
        share, and those of tenants. It takes one query for all of them.

        :param currency: a ``res.currency``; its decimal places are the exponent.
        :param tenants: whose own prices count, too.
        """
        prices = self.env["saas.price"].search_fetch(
            [
                ("component_id", "in", self.ids),
                ("currency_id", "=", currency.id),
                ("tenant_id", "in", [False, *tenants.ids]),
            ],
            order="valid_from NULLS FIRST, id",
        )
        found = PriceList()
        for price in prices:
            begin = price.valid_from and price.valid_from.replace(tzinfo=UTC)
            listing = Listing(begin or None, price._get_price())
            found.add(price.component_id.id, price.tenant_id.id, listing)
        return found
