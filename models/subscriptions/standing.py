from zoneinfo import ZoneInfo

from odoo import models

from ...canonical.moments import naive
from ...canonical.subscriptions.lifecycle import State
from ...canonical.subscriptions.told import get_zone, read_moment


class SaasSubscription(models.Model):
    """Says of subscriptions how they stand: the values that follow from their lives."""

    _inherit = "saas.subscription"

    def _write_changed(self, vals):
        """Write those of the values that are other ones: most of them never are."""
        changed = {
            name: value
            for name, value in vals.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write(changed)

    def _read_plans(self, known):
        """Return what the outlooks refer to: currencies by code, and components by
        version and code.
        """
        told = [row.terms for each in known.values() for row in each.rows if row.terms]
        codes = {terms["currency"] for terms in told if "currency" in terms}
        versions = {terms["version"] for terms in told if "version" in terms}
        components = self.env["saas.plan.component"].sudo()
        return {
            "currencies": self.env["saas.customers.partner_values"]._get_currencies(
                codes
            ),
            "components": {
                (component.version_id.id, component.code): component
                for component in components.search_fetch(
                    [("version_id", "in", list(versions))],
                    ["version_id", "code", "name", "kind"],
                )
            },
        }

    def _prepare_outlook_vals(self, outlook, plans):
        """Return the values that say how a subscription stands."""
        if outlook.state == State.NONE and self.state != "none" and not self.is_managed:
            # A platform told of it, and no change of it has had an effect yet.
            return {}
        terms, term = outlook.terms or {}, (outlook.terms or {}).get("term") or {}
        currency = plans["currencies"].get(terms.get("currency"))
        is_over = outlook.state == State.CANCELED
        return {
            "is_managed": True,
            "state": outlook.state.value,
            "plan_version_id": terms.get("version") or False,
            "currency_id": currency.id if currency else False,
            "date_start": naive(outlook.started_at) or False,
            "period_start": naive(outlook.period[0]) or False,
            "period_end": naive(outlook.period[1]) or False,
            "trial_end": naive(outlook.trial_end) or False,
            "date_end": naive(outlook.ends_at) or False,
            "date_canceled": naive(outlook.ends_at) if is_over else False,
            "cancel_at_period_end": bool(
                not is_over and outlook.ends_at and outlook.ends_at == outlook.period[1]
            ),
            "purchase_order": terms.get("purchase_order") or False,
            "anchor": naive(read_moment(terms.get("anchor"))) or False,
            "tz": get_zone(terms),
            "term_start": naive(outlook.term[0]) or False,
            "term_end": naive(outlook.term[1]) or False,
            "term_months": term.get("months") or 0,
            "auto_renew": bool(term.get("auto_renew")),
            "notice_days": term.get("notice_days") or 0,
            "notice_date": outlook.notice_on or False,
            **_prepare_renewal_vals(outlook, get_zone(terms)),
            "moves_on_at": naive(outlook.next_at) or False,
            "held": {
                name: terms.get(name) for name in ("version", "currency", "quantities")
            },
        }

    def _refresh_lines(self, known, plans):
        """Have the lines of these subscriptions say what is held now."""
        stale = self.filtered(
            lambda each: (
                each.is_managed
                and {line.external_id: line.stated_quantity for line in each.line_ids}
                != _get_quantities(each.held)
            )
        )
        stale.line_ids.unlink()
        self.env["saas.subscription.line"].create(
            [
                {
                    "subscription_id": subscription.id,
                    **_prepare_line_vals(code, quantity, plans["components"].get(key)),
                }
                for subscription in stale
                for code, quantity in _get_quantities(subscription.held).items()
                if (key := (subscription.held["version"], code))
            ]
        )


def _prepare_renewal_vals(outlook, zone):
    """Return the values that say on which day a subscription renews, or ends."""
    is_over = outlook.state == State.CANCELED
    moment = None if is_over else outlook.ends_at or outlook.term[1]
    return {
        "renewal": moment and ("ends" if outlook.ends_at else "renews") or False,
        "renewal_date": moment and moment.astimezone(ZoneInfo(zone)).date() or False,
    }


def _get_quantities(held):
    return (held or {}).get("quantities") or {}


def _prepare_line_vals(code, quantity, component):
    return {
        "external_id": code,
        "price_ref": code,
        "product_ref": component.name if component else code,
        "quantity": float(quantity),
        "stated_quantity": quantity,
    }
