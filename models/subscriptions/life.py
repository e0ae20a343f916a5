from datetime import UTC
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.catalogue.terms import Alignment, ComponentKind
from ...canonical.moments import naive
from ...canonical.subscriptions.lifecycle import Life
from ...canonical.subscriptions.outlook import (
    find_difference,
    find_moot,
    hold,
    live,
    look,
)
from ...canonical.subscriptions.period import CADENCES

_LENGTHS = {name: (c.months, c.weeks) for name, c in CADENCES.items()}


class Known(NamedTuple):
    """What is known of a subscription: its rows, the changes that they are, the keys of
    those that take effect at the end of a period, and the life that all of them make.
    ``moments`` says by key when a change takes effect.
    """

    rows: object
    changes: tuple
    ending: frozenset
    life: Life
    moments: dict


class SaasSubscription(models.Model):
    """Brings what is shown of subscriptions to what follows from their changes. It
    takes many at a time, in a number of queries that does not grow with them.
    """

    _inherit = "saas.subscription"

    # -- what is known -----------------------------------------------------------------

    def _read_rows(self):
        """Return the changes of these subscriptions that count. What a person has
        ignored does not.
        """
        return (
            self.env["saas.subscription.change"]
            .sudo()
            .search_fetch(
                [
                    ("subscription_id", "in", self.ids),
                    "|",
                    ("event_id", "=", False),
                    ("event_id.state", "!=", "ignored"),
                ],
                order="id",
            )
        )

    def _read_known(self, rows=None):
        """Return by subscription what is :class:`Known` of it.

        :param rows: the changes to go by; all that count, if they are left out.
        """
        rows = self._read_rows() if rows is None else rows
        find_cadence = self._get_cadences([row.terms for row in rows])
        grouped = rows.grouped("subscription_id")
        return {
            subscription: _make_known(
                grouped.get(subscription, rows.browse()), find_cadence
            )
            for subscription in self
        }

    def _read_segments(self):
        """Return by subscription the segments of its life, with what is held as
        :class:`~...canonical.subscriptions.terms.Terms`: what the billing run goes by.
        """
        return {
            subscription: hold(known.life)
            for subscription, known in self._read_known().items()
        }

    def _get_cadences(self, told):
        """Return a function from what is held to the rhythm of its periods: that of the
        fixed part that is billed most seldom.

        :param told: all terms that may be held.
        """
        ids = {(terms or {}).get("version") for terms in told} - {None}
        components = (
            self.env["saas.plan.component"]
            .sudo()
            .search_fetch(
                [("version_id", "in", list(ids))],
                ["version_id", "kind", "cadence", "alignment"],
                order="version_id, sequence, id",
            )
        )
        found = {}
        for version, own in components.grouped("version_id").items():
            fixed = own.filtered(lambda each: each.kind != ComponentKind.USAGE) or own
            main = max(fixed, key=lambda each: _LENGTHS[each.cadence])
            found[version.id] = (main.cadence, main.alignment == Alignment.CALENDAR)
        return lambda held: found.get(held.version)

    # -- bringing up to date -----------------------------------------------------------

    @api.model
    def _record_changes(self, vals_list):
        """Keep what is told of subscriptions, and bring them to what follows from it.
        What is known already is left alone.

        :param vals_list: values of ``saas.subscription.change``.
        :return: the rows, in that order.
        """
        rows = self.env["saas.subscription.change"].sudo()
        if not vals_list:
            return rows
        subscriptions = self.sudo().browse(
            sorted({vals["subscription_id"] for vals in vals_list})
        )
        subscriptions._lock_timeline()
        before = subscriptions._read_known()
        told = {(vals["subscription_id"], vals["key"]): vals for vals in vals_list}
        known = subscriptions._find_known(told)
        new = {key: vals for key, vals in told.items() if key not in known}
        known |= zip(new, rows.create(list(new.values())), strict=True)
        subscriptions._refold(before)
        return rows.concat(
            *(known[vals["subscription_id"], vals["key"]] for vals in vals_list)
        )

    def _find_known(self, told):
        """Return the rows that are kept already, by subscription and key. One that was
        ignored, and is told once more by another event, counts again.

        :param told: the values of what is told, by subscription and key.
        """
        rows = (
            self.env["saas.subscription.change"]
            .sudo()
            .search(
                [
                    ("subscription_id", "in", self.ids),
                    ("key", "in", [key for _subscription, key in told]),
                ]
            )
        )
        known = {(row.subscription_id.id, row.key): row for row in rows}
        known = {key: row for key, row in known.items() if key in told}
        for key, row in known.items():
            event = told[key].get("event_id")
            if event and row.event_id.state == "ignored" and row.event_id.id != event:
                row.event_id = event
        return known

    def _lock_timeline(self):
        """Let nobody else add to these timelines until the transaction ends. If
        somebody did meanwhile, this fails like any concurrent update, and is done
        again. A lock alone would not: a change that shows nowhere today writes no
        subscription, so whoever waited for it would go on without having seen it.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE saas_subscription held SET write_date = held.write_date
                     FROM (SELECT id FROM saas_subscription WHERE id = ANY(%s)
                           ORDER BY id FOR NO KEY UPDATE) locked
                    WHERE held.id = locked.id""",
                self.ids,
            ),
            log_exceptions=False,
        )

    def _refold(self, before=None):
        """Bring all that is shown of these subscriptions, and of their changes, to what
        follows from the changes now.

        :param before: what was known of them before; the billing run looks again at
            what is other than that.
        """
        now = fields.Datetime.now()
        rows = self._read_rows()
        known = self._read_known(rows)
        find_cadence = self._get_cadences([row.terms for row in rows])
        plans = self._read_plans(known)
        for subscription, each in known.items():
            outlook = look(each.life, now.replace(tzinfo=UTC), find_cadence)
            vals = subscription._prepare_outlook_vals(outlook, plans)
            if before:
                changed = find_difference(before[subscription].life, each.life)
                if changed is not None:
                    moment = naive(changed).replace(microsecond=0)
                    vals |= subscription._prepare_look_again_vals(moment)
            subscription._write_changed(vals)
            moot = find_moot(each.changes, each.ending, find_cadence, each.life)
            _write_outcomes(each, moot)
        self._refresh_lines(known, plans)
        self.env["saas.entitlement"]._refresh(self.tenant_id)
        self.env["saas.mrr.movement"]._refresh(self.tenant_id)
        self._follow_in_sales()


def _make_known(rows, find_cadence):
    changes = tuple(row._make_change() for row in rows)
    ending = frozenset(row.key for row in rows if row.at_period_end)
    life, moments = live(changes, ending, find_cadence)
    return Known(rows, changes, ending, life, moments)


def _write_outcomes(known, moot):
    """Keep with each change what came of it, where that is other than before."""
    for row in known.rows:
        refusal = known.life.refused.get(row.key)
        outcome = "kept" if row.key in known.life.kept else "applied"
        if row.key in known.life.withdrawn:
            outcome = "withdrawn"
        elif refusal:
            outcome = "moot" if row.key in moot else "refused"
        vals = {
            "outcome": outcome,
            "refusal": refusal.value if refusal else False,
            "takes_effect_at": naive(known.moments[row.key]),
        }
        if any(row[name] != value for name, value in vals.items()):
            row.write(vals)
