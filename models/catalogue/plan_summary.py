from fractions import Fraction

from markupsafe import Markup

from odoo import api, fields, models

from ...canonical.catalogue.decimals import InvalidPrice
from ...canonical.catalogue.terms import ComponentKind
from ...canonical.usage.rating import rate, round_minor
from .price_text import describe_price, write_price, write_quantity

#: The quantities that the examples are about.
EXAMPLES = (0, 10, 100, 1_000, 10_000)
#: What the prices of a component depend on.
_PRICES = (
    *("kind", "model", "included", "cadence", "timing", "price_ids.currency_id"),
    *("price_ids.tenant_id", "price_ids.valid_from", "price_ids.unit_price"),
    *("price_ids.package_size", "price_ids.tiers", "price_ids.minimum"),
    *("price_ids.maximum", "price_ids.charges_first_flat"),
)


class SaasPrice(models.Model):
    """Says what a price is as a customer would read it."""

    _inherit = "saas.price"

    summary = fields.Char(compute="_compute_summary", string="In Words")

    @api.depends(
        *("kind", "model", "component_id.included", "component_id.cadence"),
        *("component_id.timing", "currency_id", "unit_price", "package_size"),
        *("tiers", "minimum", "maximum", "charges_first_flat"),
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for record in self:
            price = record._find_price()
            record.summary = price and describe_price(
                self.env, record.currency_id, price, record.component_id
            )

    def _find_price(self):
        """Return what :meth:`_get_price` does; None while it is incomplete."""
        if not (self.component_id.model and self.currency_id):
            return None
        try:
            return self._get_price()
        except InvalidPrice:
            return None


class SaasPlanComponent(models.Model):
    """Says what a component costs as a customer would read it, a line a currency."""

    _inherit = "saas.plan.component"

    price_summary = fields.Text(
        compute="_compute_price_summary", string="Prices in Words"
    )

    @api.depends(*_PRICES)
    @api.depends_context("lang")
    def _compute_price_summary(self):
        for component in self:
            component.price_summary = "\n".join(
                price.summary or self.env._("not complete yet")
                for price in component._get_listed()
            )

    def _get_examples(self):
        """Yield for each price its name and what the :data:`EXAMPLES` cost by it."""
        for record in self._get_listed():
            if price := record._find_price():
                currency, scale = record.currency_id, 10**price.exponent
                amounts = (round_minor(rate(price, number)) for number in EXAMPLES)
                yield (
                    f"{self.name} ({currency.name})",
                    [
                        write_price(self.env, currency, Fraction(amount, scale))
                        for amount in amounts
                    ],
                )

    def _get_listed(self):
        """Return the prices for all customers, the same currency's in their order."""
        return self.price_ids.filtered(lambda price: not price.tenant_id).sorted(
            lambda price: (price.currency_id.name or "", str(price.valid_from or ""))
        )


class SaasPlanVersion(models.Model):
    """Shows what a version costs: in words, and by examples."""

    _inherit = "saas.plan.version"

    price_summary = fields.Html(compute="_compute_price_summary", string="Prices")
    price_examples = fields.Html(compute="_compute_price_examples", string="Examples")

    @api.depends("component_ids.name", "component_ids.price_summary")
    @api.depends_context("lang")
    def _compute_price_summary(self):
        row = Markup("<tr><th>%s</th><td>%s</td></tr>")
        for version in self:
            rows = [
                row
                % (
                    component.name or "",
                    Markup("<br/>").join(component.price_summary.split("\n")),
                )
                for component in version.component_ids
            ]
            version.price_summary = _make_table(rows)

    @api.depends("component_ids.name", *(f"component_ids.{name}" for name in _PRICES))
    @api.depends_context("lang")
    def _compute_price_examples(self):
        head = [self.env._("Units"), *(write_quantity(self.env, n) for n in EXAMPLES)]
        for version in self:
            rows = [
                _make_row("td", [name, *amounts])
                for component in version.component_ids
                if component.kind != ComponentKind.FLAT
                for name, amounts in component._get_examples()
            ]
            if rows:
                rows.insert(0, _make_row("th", head))
            version.price_examples = _make_table(rows)


def _make_table(rows):
    """Return rows as a table; nothing if there are none."""
    table = Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>')
    return rows and table % Markup().join(rows)


def _make_row(cell, texts):
    filled = Markup("<{0}>%s</{0}>").format(cell)
    return Markup("<tr>%s</tr>") % Markup().join(filled % text for text in texts)
