"""A plan that is sold, and what happens to subscriptions to it, told by the published
interface.
"""

from datetime import UTC, datetime

from freezegun import freeze_time

from odoo import Command

from ...canonical.subscriptions.lifecycle import State
from ..standard.common import SENDER, StandardCommon, write_event

#: When the tests take place.
NOW = "2026-11-28 12:00:00"
PARTY = {"id": "C-1", "name": "Northlight", "email": "ap@northlight.example"}


def at(*parts):
    """Return an instant in UTC as the wire has it."""
    return datetime(*parts, tzinfo=UTC).isoformat()


def sell(
    company, product, currencies, code="team", cadence="monthly", env=None, **vals
):
    """Return the published version of a new plan: a fixed amount, seats, and calls.

    :param env: in which it is made; as superuser if it is left out.
    """
    env = env or company.sudo().env
    plan = env["saas.plan"].create(
        {"name": code.title(), "code": code, "company_id": company.id}
    )
    meter = env["saas.meter"].search(
        [("code", "=", "calls"), ("company_id", "=", company.id)]
    ) or env["saas.meter"].create(
        {"name": "Calls", "code": "calls", "company_id": company.id}
    )
    parts = [("base", "flat", "10"), ("seats", "seat", "5"), ("calls", "usage", "0.1")]
    version = env["saas.plan.version"].create(
        {
            "plan_id": plan.id,
            "valid_from": "2025-01-01",
            "component_ids": [
                Command.create(
                    {
                        "code": part,
                        "name": part.title(),
                        "kind": kind,
                        "cadence": cadence,
                        "product_id": product.id,
                        "timing": "arrears" if kind == "usage" else "advance",
                        "meter_id": meter.id if kind == "usage" else False,
                        "price_ids": [
                            Command.create(
                                {"currency_id": currency.id, "unit_price": price}
                            )
                            for currency in currencies
                        ],
                    }
                )
                for part, kind, price in parts
            ],
            **vals,
        }
    )
    version.action_publish()
    return version


#: What leads to each state, in order: what happened, and on which day of a month.
WAYS = {
    State.NONE: (),
    State.PENDING: (("agreed", 1),),
    State.TRIALING: (("activated", 2),),
    State.ACTIVE: (("activated", 2),),
    State.PAUSED: (("activated", 2), ("paused", 3)),
    State.CANCELED: (("activated", 2), ("canceled", 3)),
}


class SellingCommon(StandardCommon):
    """A source whose customer C-1 is known, and the plans *team*, by the month, and
    *firm*, by the year.
    """

    @classmethod
    def setUpClass(cls):
        # What has begun and what is to come must not hang on the day of the test.
        cls.startClassPatcher(freeze_time(NOW))
        super().setUpClass()
        cls.usd = cls.company.currency_id
        cls.team = sell(cls.company, cls.product_a, cls.usd | cls.eur)
        cls.firm = sell(cls.company, cls.product_a, cls.usd, "firm", "yearly")

    def setUp(self):
        super().setUp()
        self.meet()

    def meet(self, ref="C-1", name="Northlight"):
        """Let the source tell of a customer."""
        party = {"id": ref, "name": name, "email": f"{ref.lower()}@north.example"}
        self.tell(write_event("customer.upserted", party))

    def event(self, what, moment, ref="S-1", told=None, event_id=None, **data):
        """Return an event about a subscription, a dict.

        :param moment: when it takes effect, as :func:`at` returns it.
        :param told: when it was told; when it takes effect, if it is left out.
        """
        values = {"id": ref, "customer": "C-1", **data}
        if what != "change_withdrawn":
            values.setdefault("effective_at", moment)
        attributes = {"time": told or moment}
        if event_id:
            attributes["id"] = event_id
        return write_event(f"subscription.{what}", values, "1", **attributes)

    def held(self, seats="5", plan="team", **told):
        """Return terms of a plan with so many seats."""
        items = [{"component": "seats", "quantity": seats}]
        return {"plan": plan, "currency": "USD", "items": items, **told}

    def activate(self, moment=None, ref="S-1", **data):
        """Return the event of an activation."""
        data = {**self.held(), **data}
        return self.event("activated", moment or at(2026, 1, 15), ref, **data)

    def withdraw(self, event, moment, ref="S-1"):
        """Return the event that withdraws another one."""
        name = {"event": event["id"]}
        return self.event("change_withdrawn", moment, ref, told=moment, **name)

    def pass_time(self, moment):
        """Let the cron run at a moment, as the job runner does."""
        with freeze_time(moment):
            self.env["saas.subscription"]._job_move_on()
            self.env.flush_all()
        self.env.invalidate_all()

    def find(self, ref="S-1", source=None):
        """Return the subscription that the source calls so."""
        source = source or self.source
        found = self.env["saas.binding"]._find(source, "subscription", [ref])
        subscriptions = self.env["saas.subscription"]
        return (
            subscriptions.browse(found[ref].res_id) if ref in found else subscriptions
        )

    def timeline(self, subscription):
        """Return the timeline of a subscription as comparable values."""
        [segments] = subscription._read_segments().values()
        return [
            (
                segment.start.isoformat(),
                segment.state.value,
                segment.terms.version,
                dict(segment.terms.quantities),
                segment.terms.zone,
            )
            for segment in segments
        ]

    def states(self, subscription):
        """Return when a subscription gets to which state, as a text."""
        [segments] = subscription._read_segments().values()
        return ", ".join(
            f"{segment.start.date()} {segment.state.value}" for segment in segments
        )

    def outcomes(self, subscription):
        """Return what came of each change of a subscription, by its key."""
        return {
            row.key.removeprefix(f"{SENDER} "): (row.outcome, row.refusal)
            for row in subscription.change_ids
        }


__all__ = ["PARTY", "WAYS", "SellingCommon", "at", "sell"]
