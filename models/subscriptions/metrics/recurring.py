from fractions import Fraction
from functools import partial
from typing import NamedTuple

from odoo import models

from ....canonical.catalogue.terms import ComponentKind
from ....canonical.metrics.level import Item, find_levels
from ....canonical.metrics.mirrored import (
    ENDED,
    Priced,
    Snapshot,
    find_length,
    find_mirrored_levels,
    find_worths,
)
from ....canonical.moments import aware
from ....canonical.money import exact
from ....canonical.subscriptions.outlook import hold


class Recurring(NamedTuple):
    """What subscriptions are worth a month over time: their levels by id, and the ids
    of the change and of the event that made a level, by a subscription's id and the
    level's key.
    """

    levels: dict
    origins: dict


class SaasSubscription(models.Model):
    """Says what subscriptions are worth a month, be they managed here or mirrored, in a
    number of queries that does not grow with them.
    """

    _inherit = "saas.subscription"

    def _read_recurring(self):
        """Return the :class:`Recurring` of these subscriptions."""
        managed = self.filtered("is_managed")
        recurring = Recurring({}, {})
        managed._add_managed(recurring)
        (self - managed)._add_mirrored(recurring)
        return Recurring(
            {
                own: [_cut(level) for level in found]
                for own, found in recurring.levels.items()
            },
            recurring.origins,
        )

    def _add_managed(self, recurring):
        known = self._read_known()
        lives = {own: hold(each.life) for own, each in known.items()}
        discounts = self.env["saas.discount"]._read_for(self)
        tariff = self._read_tariff(lives)
        for subscription, each in known.items():
            for row in each.rows:
                origin = row.id, row.event_id.id or None
                recurring.origins[subscription.id, row.key] = origin
            recurring.levels[subscription.id] = find_levels(
                lives[subscription],
                partial(tariff.find_items, subscription.tenant_id.id),
                discounts[subscription],
                subscription.company_id._get_counting(),
                {change.key: change.known_at for change in each.changes},
            )

    def _add_mirrored(self, recurring):
        told = self.env["saas.mrr.snapshot"]._read_for(self)
        for subscription in self:
            rows = told.get(subscription, [])
            for row in rows:
                origin = None, row.event_id.id or None
                recurring.origins[subscription.id, row._get_key()] = origin
            recurring.levels[subscription.id] = find_mirrored_levels(
                [row._make_snapshot() for row in rows] or subscription._guess_told(),
                subscription.company_id._get_counting(),
            )

    def _guess_told(self):
        """Return what a platform may have told of a subscription that was mirrored
        before snapshots were kept: it was so since it began, and ended if it has.
        """
        self.ensure_one()
        begin = aware(self.date_start or self.create_date)
        is_over = self.state in ENDED
        length = find_length(aware(self.period_start), aware(self.period_end))
        items = [
            Priced(
                Fraction(exact(line.unit_amount, self.currency_id.decimal_places)),
                Fraction(line.stated_quantity or "0"),
                length,
            )
            for line in self.line_ids
        ]
        told = Snapshot(
            "",
            max(begin, aware(self.trial_end) or begin),
            "active" if is_over else self.state,
            self.currency_id.name or "",
            tuple(find_worths(items, (), begin)),
            is_ending=self.cancel_at_period_end and not is_over,
            canceled_at=aware(self.date_canceled),
        )
        if not is_over:
            return [told]
        ends = [aware(self.date_canceled)]
        if self.cancel_at_period_end:
            ends.append(aware(self.period_end))
        end = max(filter(None, (begin, *ends)))
        return [told, told._replace(at=end, state=self.state, canceled_at=end)]

    def _read_tariff(self, lives):
        """Return the :class:`Tariff` of all that these subscriptions have ever held."""
        held = {s.terms for life in lives.values() for s in life if s.terms.version}
        versions = self.env["saas.plan.version"].browse(
            sorted({terms.version for terms in held})
        )
        components = versions.component_ids.filtered(
            lambda component: component.kind != ComponentKind.USAGE
        )
        currencies = self.env["res.currency"].with_context(active_test=False)
        prices = {
            currency.name: components._get_prices(currency, self.tenant_id)
            for currency in currencies.search(
                [("name", "in", sorted({terms.currency for terms in held}))]
            )
        }
        return Tariff(components.grouped("version_id"), prices)


class Tariff:
    """What the components of plans' versions cost tenants over time."""

    def __init__(self, components, prices):
        self.components = {version.id: own for version, own in components.items()}
        self.prices = prices
        self.found = {}

    def find_items(self, tenant, terms):
        """Return the components of what is held, as
        :func:`~....canonical.metrics.level.find_levels` takes them.

        :param tenant: the id of whose own prices count.
        """
        key = tenant, terms.version, terms.currency
        if key not in self.found:
            listed = self.prices.get(terms.currency)
            self.found[key] = [
                Item(
                    component.code,
                    component.kind,
                    component.cadence,
                    tuple(listed.over_time(component.id, tenant)),
                )
                for component in self.components.get(terms.version, ())
                if listed
            ]
        return self.found[key]


def _cut(level):
    """Return a level that begins at a whole second, as Odoo stores moments."""
    return level._replace(at=level.at.replace(microsecond=0))
