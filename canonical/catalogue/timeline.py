"""Which price of a component is valid when, and for whom."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from .price import Price


class Listing(NamedTuple):
    """A price and the aware moment from which on it is valid; None: always."""

    valid_from: datetime | None
    price: Price

    def has_begun(self, moment):
        """Return whether the price is valid at a moment or was so before."""
        return self.valid_from is None or self.valid_from <= moment


@dataclass(frozen=True)
class PriceList:
    """The prices of components in one currency, in the order of their beginnings.

    ``listed`` has the lists of :class:`Listing` that all customers share, by component;
    ``own`` those that one tenant has for itself, by (component, tenant). Both are ids.
    """

    listed: dict = field(default_factory=dict)
    own: dict = field(default_factory=dict)

    def add(self, component, tenant, listing):
        """Note one more price; whoever adds does so in the order of their beginnings.

        :param tenant: the id of whose own price it is; None or 0 for all customers'.
        """
        prices, key = self.listed, component
        if tenant:
            prices, key = self.own, (component, tenant)
        prices.setdefault(key, []).append(listing)

    def over_time(self, component, tenant=None):
        """Return the prices that a tenant has for a component, one after the other:
        from the beginning of its first own price on, the own ones alone count.
        """
        listed = self.listed.get(component, [])
        own = self.own.get((component, tenant), [])
        if not own:
            return listed
        begins = own[0].valid_from
        if begins is None:
            return own
        before = [
            each
            for each in listed
            if each.valid_from is None or each.valid_from < begins
        ]
        return [*before, *own]

    def at(self, component, tenant, moment):
        """Return a tenant's price of a component at an aware moment; None if there is
        none.
        """
        begun = [
            each for each in self.over_time(component, tenant) if each.has_begun(moment)
        ]
        return begun[-1].price if begun else None
