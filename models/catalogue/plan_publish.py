from datetime import datetime, time

from odoo import models
from odoo.exceptions import UserError

from ...canonical.catalogue.decimals import InvalidPrice
from ...canonical.catalogue.terms import ComponentKind, PriceModel, Timing
from .price_text import describe_faults


class SaasPlanVersion(models.Model):
    """Checks whether a version can be published, and says at once all that it lacks."""

    _inherit = "saas.plan.version"

    def _check_complete(self):
        """Raise unless customers can be charged by these versions, with a sentence for
        each thing that is missing.
        """
        for version in self:
            if missing := [*version._find_missing()]:
                raise UserError(
                    self.env._(
                        "%(version)s can't be published yet:\n%(missing)s",
                        version=version.name,
                        missing="\n".join(f"• {text}" for text in missing),
                    )
                )

    def _find_missing(self):
        """Yield a sentence for each thing that a version lacks."""
        if not self.valid_from:
            yield self.env._("Say from which day on it is sold.")
        if not self.component_ids:
            yield self.env._("Add a component.")
        currencies = self.component_ids._get_currencies().sorted("name")
        for component in self.component_ids:
            yield from component._find_missing_terms()
            yield from component._find_missing_prices(currencies, self.valid_from)


class SaasPlanComponent(models.Model):
    """Says what a component lacks until it can be charged."""

    _inherit = "saas.plan.component"

    def _find_missing_terms(self):
        """Yield a sentence for each thing, prices aside, that a component lacks."""
        name = self.name
        if not self.product_id:
            yield self.env._("%s: choose the product that invoices name.", name)
        elif not self._has_income_account():
            yield self.env._(
                "%(component)s: set an income account on the product %(product)s or on "
                "its category.",
                component=name,
                product=self.product_id.sudo().name,
            )
        if self.kind == ComponentKind.USAGE:
            if not self.meter_id:
                yield self.env._("%s: choose the meter that counts what is used.", name)
            if self.timing != Timing.ARREARS:
                yield self.env._(
                    "%s: bill it in arrears. What is used is known only afterwards.",
                    name,
                )
        elif self.meter_id:
            yield self.env._("%s: remove the meter. It counts only what is used.", name)
        if self.kind == ComponentKind.FLAT and (
            self.model != PriceModel.UNIT or self.included
        ):
            yield self.env._(
                "%s: a fixed price is for one. Let each cost the same, and include "
                "nothing.",
                name,
            )

    def _has_income_account(self):
        product = self.product_id.sudo().with_company(self.company_id)
        return bool(product._get_product_accounts()["income"])

    def _find_missing_prices(self, currencies, day):
        """Yield a sentence for each price that a component lacks, or that is wrong.

        :param currencies: the ones that the version is sold in.
        :param day: the first day on which it is sold.
        """
        begin = day and datetime.combine(day, time())
        for price in self.price_ids:
            try:
                price._get_price()
            except InvalidPrice as error:
                for sentence in describe_faults(self.env, error.faults):
                    yield f"{price._describe()}: {sentence}"
            if not price.currency_id.active:
                yield self.env._(
                    "%(price)s: activate the currency.", price=price._describe()
                )
        if not currencies:
            yield self.env._("%s: add a price.", self.name)
        for currency in currencies:
            listed = self.price_ids.filtered(
                lambda price, currency=currency: (
                    price.currency_id == currency and not price.tenant_id
                )
            )
            values = {"component": self.name, "currency": currency.name}
            if not listed:
                yield self.env._(
                    "%(component)s: add a price in %(currency)s.", **values
                )
            elif begin and not any(price._has_begun(begin) for price in listed):
                yield self.env._(
                    "%(component)s: its first price in %(currency)s begins after the "
                    "version is sold. Let it begin earlier, or always.",
                    **values,
                )
