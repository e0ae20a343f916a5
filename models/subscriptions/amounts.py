from datetime import UTC
from fractions import Fraction

from odoo import fields, models

from ...canonical.catalogue.terms import ComponentKind
from ...canonical.metrics.level import WEEKS
from ...canonical.subscriptions.discount import find_part
from ...canonical.subscriptions.period import CADENCES
from ...canonical.subscriptions.told import read_terms
from ...canonical.usage.rating import rate, round_minor


class SaasSubscription(models.Model):
    """Says what subscriptions cost in their next term, and what is missing for it."""

    _inherit = "saas.subscription"

    renewal_date = fields.Date(
        string="Renews or Ends",
        readonly=True,
        index="btree_not_null",
        help="The day on which the next term begins by itself, or on which it ends.",
    )
    renewal = fields.Selection(
        [("renews", "Renews"), ("ends", "Ends")],
        string="What Happens",
        readonly=True,
        help="What happens then, if nobody does anything.",
    )
    notice_date = fields.Date(
        string="Notice Until",
        readonly=True,
        help="The last day on which somebody can end it before the next term begins.",
    )
    next_amount = fields.Monetary(
        string="Next Term",
        compute="_compute_next_term",
        compute_sudo=True,
        help="What is held now costs so much in the next term, without use and taxes, "
        "at the prices that are valid then; where no term is agreed, in the next "
        "period.",
    )
    renewal_missing = fields.Char(
        string="Missing", compute="_compute_next_term", compute_sudo=True
    )

    def _compute_next_term(self):
        managed = self.filtered("is_managed")
        prices = managed._read_prices()
        discounts = self.env["saas.discount"]._read_for(managed)
        payable = managed._find_payable()
        for subscription in self:
            subscription.next_amount = 0
            subscription.renewal_missing = False
        for subscription in managed:
            amount, unpriced = subscription._price_term(
                subscription.held, prices, discounts[subscription]
            )
            subscription.next_amount = float(amount)
            missing = [*subscription._find_missing(unpriced, payable)]
            subscription.renewal_missing = ", ".join(missing) or False

    def _find_missing(self, unpriced, payable):
        """Yield what a subscription lacks for its next term, in a few words each."""
        if self.state == "canceled" or self.renewal == "ends":
            return
        if unpriced:
            yield self.env._("no price of %s", ", ".join(unpriced))
        tenant = self.tenant_id.sudo()
        if tenant not in payable:
            yield self.env._("no way to pay")
        order = self.purchase_order or tenant.purchase_order
        if tenant.needs_purchase_order and not order:
            yield self.env._("no purchase order")
        if not self.user_id:
            yield self.env._("no owner")

    def _find_payable(self):
        """Return the tenants of which it is known how they pay: by a mandate, or within
        a payment term.
        """
        tenants = self.tenant_id.sudo()
        mandates = (
            self.env["saas.mandate"]
            .sudo()
            .search([("tenant_id", "in", tenants.ids), ("state", "=", "active")])
        )
        return mandates.tenant_id | tenants.filtered("payment_term_id")

    # -- what is held costs ------------------------------------------------------------

    def _read_prices(self, *others):
        """Return the components and the prices of what is held, by version and
        currency.

        :param others: further terms that are asked for.
        """
        wanted = {}
        for subscription in self:
            for held in (subscription.held, *others):
                if held and held.get("version"):
                    key = held["currency"]
                    wanted.setdefault(key, {}).setdefault(
                        held["version"], self.browse()
                    )
                    wanted[key][held["version"]] |= subscription
        versions = self.env["saas.plan.version"].sudo()
        currencies = self.env["saas.customers.partner_values"]._get_currencies(wanted)
        found = {}
        for code, own in wanted.items():
            components = versions.browse(own).component_ids
            tenants = self.browse().union(*own.values()).tenant_id
            listed = components._get_prices(currencies[code], tenants)
            for version in own:
                fixed = components.filtered(
                    lambda each, version=version: (
                        each.version_id.id == version
                        and each.kind != ComponentKind.USAGE
                    )
                )
                found[version, code] = (fixed, listed)
        return found

    def _price_term(self, held, prices, discounts):
        """Return what terms cost in the next term of this subscription, in major units,
        exactly; and the names of what has no price.

        :param held: the terms, as ``held`` has them.
        :param prices: as :meth:`_read_prices` returns them.
        """
        self.ensure_one()
        key = held and (held.get("version"), held.get("currency"))
        if not key or key not in prices:
            return Fraction(0), []
        components, listed = prices[key]
        moment = self.term_end or self.period_end or fields.Datetime.now()
        moment = moment.replace(tzinfo=UTC)
        terms, total, unpriced = read_terms(held), Fraction(0), []
        for component in components:
            quantity = terms.quantity(component.code)
            price = listed.at(component.id, self.tenant_id.id, moment)
            if price is None:
                unpriced.append(component.name)
                continue
            full = rate(price, quantity) if quantity else Fraction(0)
            full *= 1 - find_part(discounts, component.code, moment)
            periods = count_periods(component.cadence, self.term_months)
            total += round_minor(full) * periods / 10**price.exponent
        return total, unpriced

    # -- looking again -----------------------------------------------------------------

    def _look_again(self, moment):
        """Have the billing run look at these subscriptions again.

        :param moment: since when they may cost something else, as Odoo stores it.
        """
        for subscription in self.sudo():
            subscription.write(subscription._prepare_look_again_vals(moment))

    def _prepare_look_again_vals(self, moment):
        """Return the values that have the billing run look at this from a moment on,
        and in the first run that is for that moment or a later one.
        """
        known = self.recompute_from
        due = (moment, fields.Datetime.now(), self.next_billing_at)
        return {
            "next_billing_at": min(filter(None, due)),
            "recompute_from": min(known, moment) if known else moment,
        }


def count_periods(cadence, months):
    """Return how many periods of a cadence a term of so many months has; one, where no
    term is agreed.
    """
    length = CADENCES[cadence]
    if not months:
        return Fraction(1)
    if length.weeks:
        return months * WEEKS / length.weeks
    return Fraction(months, length.months)
