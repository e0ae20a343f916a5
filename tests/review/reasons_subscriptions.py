"""Brings events into the reasons that subscriptions have, and does what each next step
says.
"""

from odoo import Command

from ..standard.common import SECRET, write_event
from ..subscriptions.selling import at, sell
from .reasons import Pressing


class ReasonsOfSubscriptions(Pressing):
    """A plan can't be sold, or a change can't be so. A product of ours tells it."""

    def _tell(self, what, moment, **data):
        """Let the product tell of a subscription; return the event."""
        values = {"id": "S-1", "customer": "C-1", "effective_at": moment, **data}
        told = write_event(f"subscription.{what}", values, "1", time=moment)
        return self.deliver(told, source=self.product)

    def _meet(self):
        """Make a source of the published interface, which knows a customer."""
        self.product = self._create_source(
            name="Product",
            adapter="standard",
            clearing_journal_id=False,
            secret_ids=[Command.create({"new_value": SECRET})],
        )
        party = {"id": "C-1", "name": "Northlight", "email": "ap@northlight.example"}
        self.deliver(write_event("customer.upserted", party), source=self.product)

    def _hold(self):
        seats = [{"component": "seats", "quantity": "5"}]
        return {"plan": "team", "currency": "USD", "items": seats}

    def _sell(self, user=None):
        env = user and self.env(user=user.id, su=False)
        sell(self.company, self.product_a, self.company.currency_id, env=env)

    def _make_unusable_plan(self):
        self._meet()
        return self._tell("activated", at(2026, 1, 15), **self._hold())

    def _solve_unusable_plan(self, event):
        self.assertEqual(event.action_open_plans()["res_model"], "saas.plan")
        self._sell(event.env.user)
        self.drain(self.product)

    def _make_not_allowed(self):
        self._meet()
        self._sell()
        self._tell("activated", at(2026, 1, 15), **self._hold())
        self._tell("canceled", at(2026, 3, 1))
        return self._tell("paused", at(2026, 4, 1))

    def _solve_not_allowed(self, event):
        action = event.action_open_subscription()
        subscription = self.env[action["res_model"]].browse(action["res_id"])
        subscription = subscription.with_user(event.env.user)
        cancel = subscription.change_ids.filtered(lambda row: row.kind == "canceled")
        self._apply(cancel, "action_withdraw", note="It was a mistake.")
        self.drain(self.product)
        self.assertEqual(subscription.state, "paused")
