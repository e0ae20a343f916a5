from fractions import Fraction
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import fields, models

from ....canonical.catalogue.terms import ComponentKind
from ....canonical.metrics.level import Counting, Item, find_levels
from ....canonical.metrics.mirrored import (
    ENDED,
    Snapshot,
    find_length,
    find_mirrored_levels,
)
from ....canonical.metrics.movement import round_places
from ....canonical.metrics.priced import Priced, find_worths
from ....canonical.metrics.renewal import (
    find_ends,
    find_mirrored_ends,
    find_renewals,
)
from ....canonical.moments import aware, naive
from ....canonical.money import exact
from ....canonical.subscriptions.lifecycle import Event
from ....canonical.subscriptions.outlook import find_paid_until, hold

#: What is renewed hangs on no decision about when something churns.
_PLAIN = Counting(counts_paused=True)


class Recurring(NamedTuple):
    """What subscriptions are worth a month over time: their levels by id, and the ids
    of the change and of the event that made a level, by a subscription's id and the
    level's key. ``renewals`` are those of the terms that have ended, by id, and
    ``next_ends`` say when the next term ends that is known.
    """

    levels: dict
    origins: dict
    renewals: dict
    next_ends: dict

    def add_terms(self, subscription, ends, find_levels, now):
        """Add what the ends of a subscription's terms say.

        :param find_levels: a function from a counting to the subscription's levels.
        """
        over = [moment for moment in ends if moment <= now]
        self.renewals[subscription] = (
            find_renewals(over, find_levels(_PLAIN)) if over else []
        )
        if len(over) < len(ends):
            self.next_ends[subscription] = ends[len(over)]


class SaasSubscription(models.Model):
    """Says what subscriptions are worth a month, be they managed here or mirrored, in a
    number of queries that does not grow with them.
    """

    _inherit = "saas.subscription"

    has_unknown_mrr = fields.Boolean(
        string="MRR Not Known",
        readonly=True,
        help="Its platform tells of its price, or of what is taken off it, what is not "
        "understood here, or not all of it. It counts by what was known before, and "
        "not at all if there was nothing.",
    )

    def _note_unknown_mrr(self):
        """Note whether it is known what mirrored subscriptions are worth now."""
        for subscription, told in self.env["saas.mrr.snapshot"]._read_for(self).items():
            newest = max(told, key=lambda row: (row.version or "", row.id))
            subscription._write_changed({"has_unknown_mrr": not newest._is_known()})

    def _read_recurring(self):
        """Return the :class:`Recurring` of these subscriptions."""
        managed = self.filtered("is_managed")
        recurring = Recurring({}, {}, {}, {})
        now = aware(fields.Datetime.now())
        managed._add_managed(recurring, now)
        (self - managed)._add_mirrored(recurring, now)
        levels = {
            own: [_cut(level) for level in found]
            for own, found in recurring.levels.items()
        }
        return recurring._replace(levels=levels)

    def _add_managed(self, recurring, now):
        rows = self._read_rows()
        known = self._read_known(rows)
        find_cadence = self._get_cadences([row.terms for row in rows])
        lives = {own: hold(each.life) for own, each in known.items()}
        discounts = self.env["saas.discount"]._read_for(self)
        tariff = self._read_tariff(lives)
        for subscription, each in known.items():
            for row in each.rows:
                origin = row.id, row.event_id.id or None
                recurring.origins[subscription.id, row.key] = origin
            find = partial(
                find_levels,
                lives[subscription],
                partial(tariff.find_items, subscription.tenant_id.id),
                discounts[subscription],
                known={change.key: change.known_at for change in each.changes},
                paid_until=find_paid_until(each.life, find_cadence),
            )
            counting = subscription.company_id._get_counting()
            recurring.levels[subscription.id] = find(counting)
            renewed = {c.key for c in each.changes if c.kind == Event.RENEWED}
            ends = find_ends(each.life, renewed, find_cadence, now)
            recurring.add_terms(subscription.id, ends, find, now)

    def _add_mirrored(self, recurring, now):
        told = self.env["saas.mrr.snapshot"]._read_for(self)
        for subscription in self:
            rows = told.get(subscription, [])
            for row in rows:
                origin = None, row.event_id.id or None
                recurring.origins[subscription.id, row._get_key()] = origin
            known = [row._make_snapshot() for row in rows]
            find = partial(find_mirrored_levels, known or subscription._guess_told())
            counting = subscription.company_id._get_counting()
            recurring.levels[subscription.id] = find(counting)
            recurring.add_terms(subscription.id, find_mirrored_ends(known), find, now)

    def _prepare_renewal_rows(self, renewals):
        """Return the values of the terms that have ended, by a subscription's id, as
        ``saas.mrr.renewal`` takes them.

        :param renewals: as :class:`Recurring` has them.
        """
        zones = {
            company: ZoneInfo(company._get_mrr_zone()) for company in self.company_id
        }
        return {
            each.id: [
                {
                    "at": naive(renewal.at).replace(microsecond=0),
                    "day": renewal.at.astimezone(zones[each.company_id]).date(),
                    "plan": renewal.before.plan,
                    "currency": renewal.before.currency,
                    "amount": str(round_places(renewal.before.amount)),
                    "after_currency": renewal.after.currency,
                    "after": str(round_places(renewal.after.amount)),
                }
                for renewal in renewals[each.id]
            ]
            for each in self
        }

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
                Fraction(exact(line.unit_amount, self.currency_id.decimal_places))
                * Fraction(line.stated_quantity or "0"),
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
