from datetime import UTC
from fractions import Fraction

from odoo import models

from ..canonical.catalogue.terms import Alignment, ComponentKind, Timing
from ..canonical.errors import Quarantine
from ..canonical.reasons import Reason
from ..canonical.subscriptions.discount import find_part
from ..canonical.subscriptions.held import Policy, Rate
from ..canonical.subscriptions.target import Component


class SaasBillingRates(models.AbstractModel):
    """Reads what the components of many subscriptions cost: their prices, the tenants'
    own ones, and discounts, in a few queries.
    """

    _name = "saas.billing.rates"
    _description = "SaaS billing rates"

    def _read(self, subscriptions, lives):
        """Return the :class:`RateBook` of subscriptions.

        :param lives: the segments of each life, by subscription.
        """
        held = {s.terms for life in lives.values() for s in life if s.terms.version}
        versions = self.env["saas.plan.version"].browse(
            sorted({terms.version for terms in held})
        )
        components = versions.component_ids.sorted(lambda c: (c.sequence, c.id))
        currencies = self.env["res.currency"].with_context(active_test=False)
        prices = {
            currency.name: components._get_prices(currency, subscriptions.tenant_id)
            for currency in currencies.search(
                [("name", "in", list({terms.currency for terms in held}))]
            )
        }
        discounts = self.env["saas.discount"]._read_for(subscriptions)
        return RateBook(self.env, components, prices, discounts)


class RateBook:
    """What components cost, by subscription."""

    def __init__(self, env, components, prices, discounts):
        self.env = env
        self.by_version = components.grouped("version_id")
        self.prices = prices
        self.discounts = discounts
        self.specs = {}

    def get_components(self, life):
        """Return the components of all versions that a life has had, in order."""
        versions = {segment.terms.version for segment in life}
        return [
            component
            for version, components in self.by_version.items()
            if version.id in versions
            for component in components
        ]

    def get_spec(self, subscription, component):
        """Return how a component of a subscription is billed."""
        tenant = subscription.tenant_id
        key = (component, tenant.pause_policy, tenant.cancel_policy)
        if key not in self.specs:
            policy = Policy(
                pause_gives_back=tenant.pause_policy == "credit",
                end_gives_back=tenant.cancel_policy == "credit",
            )
            self.specs[key] = Component(
                component.id,
                component.cadence,
                component.timing == Timing.ADVANCE
                and component.kind != ComponentKind.USAGE,
                component.alignment == Alignment.CALENDAR,
                component.proration,
                policy,
            )
        return self.specs[key]

    def get_finder(self, subscription, component):
        """Return the function that finds the rates of a component, as
        :func:`~..canonical.subscriptions.held.find_holds` takes it.
        """

        def find(terms, start, end):
            if terms.version != component.version_id.id:
                return [(start, None)]
            quantity = self._get_quantity(terms, component)
            if quantity is None:
                return [(start, None)]
            prices = self._get_prices(subscription, component, terms)
            discounts = self.discounts[subscription]
            moments = {listing.valid_from for listing in prices}
            moments |= {m for each in discounts for m in (each.start, each.end)}
            cuts = sorted(m for m in moments if m and start < m < end)
            return [
                (
                    moment,
                    Rate(
                        self._find_price(subscription, component, prices, moment),
                        quantity,
                        find_part(discounts, component.code, moment),
                    ),
                )
                for moment in (start, *cuts)
            ]

        return find

    def _get_quantity(self, terms, component):
        """Return how many are held; None where it isn't held at all."""
        told = dict(terms.quantities).get(component.code)
        if component.kind == ComponentKind.USAGE:
            return Fraction(0)
        if component.kind == ComponentKind.FLAT and told is None:
            return Fraction(1)
        return told or None

    def _get_prices(self, subscription, component, terms):
        prices = self.prices.get(terms.currency)
        if prices is None:
            return ()
        return prices.over_time(component.id, subscription.tenant_id.id)

    def _find_price(self, subscription, component, prices, moment):
        """Return the price that holds at an instant.

        :raises Quarantine: as ``incomplete_setup``, if there is none.
        """
        known = [listing.price for listing in prices if listing.has_begun(moment)]
        if known:
            return known[-1]
        raise Quarantine(
            Reason.INCOMPLETE_SETUP,
            self.env._(
                "%(component)s of %(plan)s has no price for %(tenant)s on %(day)s. Add "
                "one to the plan, or to the tenant, and bill again.",
                component=component.name,
                plan=component.version_id.display_name,
                tenant=subscription.tenant_id.name,
                day=moment.astimezone(UTC).date(),
            ),
        )
