from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from odoo import models

from ....canonical.catalogue.decimals import write_decimal
from ....canonical.catalogue.terms import ComponentKind
from ....canonical.subscriptions.discount import find_cuts, find_part
from ....canonical.subscriptions.held import Rate
from ....canonical.subscriptions.lifecycle import State
from ....canonical.subscriptions.outlook import find_term, hold
from ..amounts import count_periods

#: In which states a subscription has begun.
_RUNNING = (State.TRIALING, State.ACTIVE)


class Ordered(NamedTuple):
    """What a line of a sales order stands for: how many of a component are held, at
    what for a period, in which term. ``full`` is in minor units of the price's
    currency; of what is billed by its use, none is held. ``term`` is the day on which
    the term began; empty for the first one, or where none is agreed.
    """

    component: object
    held: Fraction
    full: int
    exponent: int
    term: str

    @property
    def key(self):
        """Return what names the line among those of its order."""
        held = write_decimal(self.held)
        return f"{self.component.id}-{held}-{self.full}-{self.term}"


class SaasSubscription(models.Model):
    """Says what the sales order of a subscription's contract has to say: a line for
    each component, at what a period of it costs, for as many periods of the term as it
    is held. It follows from the whole timeline, so nothing is added or taken off twice.
    """

    _inherit = "saas.subscription"

    def _follow_in_sales(self):
        """Bring the sales orders of these subscriptions to what is agreed: of each, the
        order of the contract that was won last. Without Sales, and where the company
        doesn't want orders, there are none.
        """
        if "sale.order" not in self.env:
            return
        contracts = self.env["saas.contract"].sudo()
        sold = contracts.search(
            [("subscription_id", "in", self.ids)], order="won_at, id"
        )
        sold = sold.filtered("company_id.sells_by_orders")
        won = sold.filtered(lambda contract: contract.state == "won")
        newest = {contract.subscription_id: contract for contract in won}
        orders = self.env["saas.sales.orders"].sudo()
        orders._withdraw(sold - won)
        agreed = self.sudo().browse().union(*newest)._find_ordered()
        agreed = {newest[each]: (each, own) for each, own in agreed.items() if own}
        if agreed:
            orders._amend(agreed)

    def _find_ordered(self):
        """Return by subscription for how many periods each :class:`Ordered` is agreed,
        in the term that runs, or is to come; of one that is over, in its last term.
        """
        known = {each: of_it.life for each, of_it in self._read_known().items()}
        terms = {s.terms for life in known.values() for s in hold(life)}
        components = self.env["saas.plan.component"].search(
            [("version_id", "in", [each.version for each in terms if each.version])]
        )
        currencies = self.env["saas.customers.partner_values"]._get_currencies(
            {each.currency for each in terms}
        )
        prices = {
            code: components._get_prices(currency, self.tenant_id)
            for code, currency in currencies.items()
        }
        discounts = self.env["saas.discount"]._read_for(self)
        by_version = components.grouped(lambda each: each.version_id.id)
        return {
            subscription: subscription._count_ordered(
                life, by_version, prices, discounts[subscription]
            )
            for subscription, life in known.items()
        }

    def _count_ordered(self, life, components, prices, discounts):
        """Return for how many periods each :class:`Ordered` of this subscription is
        agreed.

        :param components: by the id of their version.
        :param prices: price lists by currency.
        """
        found = Counter()
        if not life.segments:
            return found
        start, end, months, term = _find_term(life)
        for segment, since, until in _cut(hold(life), start, end):
            listed = prices.get(segment.terms.currency)
            for component in components.get(segment.terms.version, ()):
                if component.kind == ComponentKind.USAGE:
                    found[Ordered(component, Fraction(0), 0, 0, term)] += 0
                    continue
                periods = count_periods(component.cadence, months)
                cuts = find_cuts(discounts, component.code, since, until)
                cuts += self._find_price_cuts(listed, component, since, until)
                moments = [since, *sorted(set(cuts)), until]
                for begin, stop in pairwise(moments):
                    rate = self._find_rate(
                        listed, component, segment.terms, discounts, begin
                    )
                    if rate:
                        key = (rate.quantity, rate.full, rate.price.exponent, term)
                        share = _divide(stop - begin, end - start)
                        found[Ordered(component, *key)] += periods * share
        return found

    def _find_price_cuts(self, listed, component, start, end):
        """Return the instants within ``(start, end)`` at which another price counts."""
        prices = listed.over_time(component.id, self.tenant_id.id) if listed else ()
        begun = (each.valid_from for each in prices)
        return [moment for moment in begun if moment and start < moment < end]

    def _find_rate(self, listed, component, terms, discounts, moment):
        """Return at which :class:`Rate` a component is held at an instant; None where
        it isn't, or has no price.
        """
        held = terms.quantity(component.code)
        if component.kind == ComponentKind.FLAT:
            held = dict(terms.quantities).get(component.code, Fraction(1))
        price = listed and listed.at(component.id, self.tenant_id.id, moment)
        if not held or not price:
            return None
        return Rate(price, held, find_part(discounts, component.code, moment))


def _find_term(life):
    """Return the term that counts of a life: its beginning, its end, its months, and
    what names it. Without one, it is an instant that counts.
    """
    moment, [*_, last] = datetime.now(UTC), life.segments
    if last.state == State.CANCELED and last.start <= moment:
        moment = last.start - datetime.resolution
    terms = (life.at(moment) or life.segments[0]).terms or {}
    start, end = find_term(terms, moment)
    if not start or not end:
        moment = max(moment, life.segments[0].start)
        return moment, moment + datetime.resolution, _count_months(terms), ""
    begun = [s.start for s in life.segments if s.state in _RUNNING]
    is_first = start - min(begun, default=start) < (end - start) / 2
    name = "" if is_first else f"{start:%Y%m%d}"
    return start, end, _count_months(terms), name


def _count_months(terms):
    return (terms.get("term") or {}).get("months") or 0


def _divide(part, whole):
    return Fraction(part // datetime.resolution, whole // datetime.resolution)


def _cut(segments, start, end):
    """Yield the segments that something is agreed in, each with its part of ``[start,
    end)``: what is active; and what waits for its activation, as long as that is not
    known.
    """
    has_begun = any(segment.state in _RUNNING for segment in segments)
    for segment in segments:
        is_agreed = segment.state == State.PENDING and not has_begun
        since, until = max(segment.start, start), min(segment.end or end, end)
        if is_agreed:
            since = start
        if (is_agreed or segment.state == State.ACTIVE) and since < until:
            yield segment, since, until
