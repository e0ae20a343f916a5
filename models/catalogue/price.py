from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...canonical.catalogue.decimals import InvalidPrice
from ...canonical.catalogue.price import Price, read_numbers
from ...canonical.marks import RELINKING
from .price_text import describe_faults


class SaasPrice(models.Model):
    """What a component costs in one currency, for all customers or for one tenant, from
    a moment on. Amounts are in major units of the currency, for a full period, and kept
    as decimal texts, so that fractions of a cent stay exact.

    A tenant's own price counts before the others, and may be added to a published
    version. Once it is valid, it stays: a later one replaces it.
    """

    _name = "saas.price"
    _description = "SaaS price"
    _inherit = ["saas.published.mixin"]
    _check_company_auto = True
    _order = "component_id, currency_id, tenant_id, valid_from, id"
    _part_of = "component_id"

    component_id = fields.Many2one(
        "saas.plan.component", required=True, ondelete="cascade"
    )
    version_id = fields.Many2one(
        related="component_id.version_id", store=True, index=True
    )
    company_id = fields.Many2one(related="component_id.company_id", store=True)
    model = fields.Selection(related="component_id.model")
    kind = fields.Selection(related="component_id.kind")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    tenant_id = fields.Many2one(
        "saas.tenant",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        help="Whose own price it is. Leave it empty for all customers' price.",
    )
    valid_from = fields.Datetime(
        help="The moment from which on it counts. Leave it empty for always."
    )
    unit_price = fields.Char(
        string="Price",
        help="What each costs, or each package, such as 0.005.",
    )
    package_size = fields.Char(
        string="Package", help="How many are in a package. One that is begun is paid."
    )
    tiers = fields.Json(
        help="Each tier counts up to and with its end; the last one has no end. Its "
        "flat fee is paid as soon as it is reached.",
    )
    minimum = fields.Char(help="What a full period costs at least.")
    maximum = fields.Char(help="What a full period costs at most.")
    charges_first_flat = fields.Boolean(
        string="Flat Fee without Use",
        help="Who uses nothing pays the first tier's flat fee, too.",
    )

    _matter_unique = models.UniqueIndex(
        "(component_id, currency_id, COALESCE(tenant_id, 0),"
        " COALESCE(valid_from, '-infinity'::timestamp))",
        "There is a price for this currency and beginning already. Change that one, or "
        "let this one begin at another moment.",
    )

    @api.depends("component_id.name", "currency_id.name", "tenant_id.name")
    def _compute_display_name(self):
        for price in self:
            price.display_name = price._describe()

    @api.constrains("unit_price", "package_size", "tiers", "minimum", "maximum")
    def _check_numbers(self):
        """Raise unless all that is written are numbers. Whether they are a price is
        asked when the version is published.
        """
        for price in self:
            try:
                read_numbers(price._get_values())
            except InvalidPrice as error:
                price._raise_faults(error)

    @api.constrains(
        *("component_id", "currency_id", "tenant_id", "valid_from", "unit_price"),
        *("package_size", "tiers", "minimum", "maximum"),
    )
    def _check_own(self):
        """Raise unless an own price of a published version can be charged as it is."""
        for price in self:
            if not price.tenant_id or price.version_id.state == "draft":
                continue
            if not price.valid_from:
                raise ValidationError(
                    self.env._("Say from when on the tenant's own price counts.")
                )
            try:
                price._get_price()
            except InvalidPrice as error:
                price._raise_faults(error)

    def _raise_faults(self, error):
        raise ValidationError("\n".join(describe_faults(self.env, error.faults)))

    def _get_price(self):
        """Return the :class:`~...canonical.catalogue.price.Price` that this is.

        :raises InvalidPrice: while its version is a draft, which may be incomplete.
        """
        return Price.from_json(self._get_values())

    def _get_values(self):
        """Return what is written, as :meth:`Price.from_json` reads it."""
        self.ensure_one()
        component, currency = self.component_id, self.currency_id
        return {
            "model": component.model,
            "currency": currency.name,
            "exponent": currency.decimal_places,
            "unit": self.unit_price or None,
            "package_size": self.package_size or None,
            "included": component.included or None,
            "minimum": self.minimum or None,
            "maximum": self.maximum or None,
            "tiers": self.tiers or None,
            "charges_first_flat": self.charges_first_flat,
        }

    def _prepare_copy_vals(self):
        """Return the values of prices like these, for another component."""
        copies = self.copy_data()
        for vals in copies:
            del vals["component_id"]
        return copies

    def write(self, vals):
        """Where two tenants become one, the own price of the one that goes on counts:
        another of the same moment stays with the emptied tenant.
        """
        prices = self - self._find_clashing(vals) if self._is_merged(vals) else self
        prices._concern_tenants()
        result = super(SaasPrice, prices).write(vals)
        prices._concern_tenants()
        return result

    def _is_merged(self, vals):
        """Return whether all that is written is whose own price it is from now on."""
        return vals.keys() == {"tenant_id"} and RELINKING.is_in(self.env)

    def _find_clashing(self, vals):
        """Return those that a tenant has the like of, with the same beginning."""
        theirs = self.search(
            [
                ("tenant_id", "=", vals["tenant_id"]),
                ("component_id", "in", self.component_id.ids),
            ]
        )
        taken = {price._get_key() for price in theirs - self}
        return self.filtered(lambda price: price._get_key() in taken)

    def _get_key(self):
        return self.component_id, self.currency_id, self.valid_from

    # -- what is published ----------------------------------------------------------

    def _get_closed(self, operation, vals):
        """A tenant's own price may be added to a published version, also for a time
        that is over. It may be changed and taken back until it is valid: what was
        billed ahead by then is put right by the next bill.
        """
        if operation == "write" and self._is_merged(vals):
            return self.browse()
        closed, now = super()._get_closed(operation, vals), fields.Datetime.now()
        return closed.filtered(
            lambda price: (
                not price.tenant_id or (operation != "create" and price._has_begun(now))
            )
        )

    def _has_begun(self, moment):
        """Return whether the price is valid at a moment, in UTC, or was so before."""
        return not self.valid_from or self.valid_from <= moment

    def _describe(self):
        """Return which price it is: the component, the currency and whose own it is."""
        parts = [self.component_id.name, self.currency_id.name, self.tenant_id.name]
        return ", ".join(filter(None, parts))

    def _describe_closed(self):
        if not self.tenant_id:
            return super()._describe_closed()
        return self.env._(
            "The price of %(tenant)s is valid already, so it stays as it is. Add one "
            "that is valid from later on instead.",
            tenant=self.tenant_id.name,
        )
