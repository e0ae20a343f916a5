from datetime import datetime

from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.moments import naive
from ...canonical.money import write_plainly
from ...canonical.reasons import Reason

#: What a subscription is until a state of it is known.
_FIRST = "incomplete"
_TERMINAL = ("canceled", "incomplete_expired")


class SaasHandlerSubscription(models.AbstractModel):
    """Mirrors subscriptions as platforms tell them that issue the invoices. Nothing is
    booked from them. What is managed here by its changes is no mirror of anything.
    """

    _name = "saas.handler.subscription"
    _inherit = "saas.handler"
    _description = "SaaS subscription handler"

    def _apply(self, source, items):
        self._find_tenants(source, items)
        items = [item for item in items if not item.error]
        bindings = self.env["saas.binding"]._find(
            source, Kind.SUBSCRIPTION, [item.fact.external_id for item in items]
        )
        self._leave_managed(items, bindings)
        items = [item for item in items if not item.error]
        new, changed = [], []
        for item in items:
            fact = item.fact
            if not (binding := bindings.get(fact.external_id)):
                new.append(item)
            elif self._is_newer(fact, binding):
                changed.append((item, binding))
        self._create(source, new)
        self._update(changed)
        self._update_trials(source, items)
        # An older snapshot changes no mirror, and yet says what was so before.
        self.env["saas.subscriptions.worth"]._keep(source, items)

    def _leave_managed(self, items, bindings):
        """Leave snapshots of what is managed here alone."""
        for item in items:
            binding = bindings.get(item.fact.external_id)
            if binding and binding._get_record().is_managed:
                item.ignore(
                    Reason.NOT_OWNER,
                    self.env._(
                        "The subscription %s is managed here by its changes, so a "
                        "snapshot of it says nothing.",
                        item.fact.external_id,
                    ),
                )

    def _create(self, source, items):
        currencies = self._get_currencies(items)
        subscriptions = self._create_mirrors(
            source,
            "saas.subscription",
            items,
            lambda item: {
                "state": _FIRST,
                **self._prepare_subscription_vals(item, currencies),
            },
            lambda fact: {"rank": self._get_rank(fact), "version": fact.version},
        )
        self._create_lines(subscriptions.items())
        for item, subscription in subscriptions.items():
            item.log(Action.SUBSCRIPTION_CREATED, subscription, subscription.state)

    def _is_newer(self, fact, binding):
        """Return whether a snapshot is news; an ended subscription stays ended."""
        return (self._get_rank(fact), fact.version) > (binding.rank, binding.version)

    def _update(self, changed):
        """Bring mirrors to newer snapshots.

        :param changed: pairs of an item and its binding.
        """
        currencies = self._get_currencies(item for item, _binding in changed)
        # A wave never has two snapshots of one subscription.
        subscriptions = self.env["saas.subscription"].browse(
            binding.res_id for _item, binding in changed
        )
        pairs = [(i, s) for (i, _b), s in zip(changed, subscriptions, strict=True)]
        for (item, subscription), (_item, binding) in zip(pairs, changed, strict=True):
            fact = item.fact
            binding.write({"rank": self._get_rank(fact), "version": fact.version})
            subscription.write(self._prepare_subscription_vals(item, currencies))
            item.log(Action.SUBSCRIPTION_UPDATED, subscription, subscription.state)
        subscriptions.line_ids.unlink()
        # Each line needs its subscription's currency: read them together.
        subscriptions.fetch(["currency_id"])
        self._create_lines(pairs)

    def _create_lines(self, pairs):
        """Create the lines of subscriptions as their items' facts state them."""
        self.env["saas.subscription.line"].create(
            [
                {
                    "subscription_id": subscription.id,
                    "external_id": line.external_id,
                    "price_ref": line.price,
                    "product_ref": line.product,
                    "quantity": line.quantity,
                    "stated_quantity": write_plainly(line.quantity),
                    "unit_amount": line.decimal(line.unit_amount),
                }
                for item, subscription in pairs
                for line in item.fact.items
            ]
        )

    def _update_trials(self, source, items):
        """Remind somebody of trials that end soon, and stop when they are over, or
        were given more time. The source reminds once for each end.
        """
        bindings = self.env["saas.binding"]._find(
            source, Kind.SUBSCRIPTION, [item.fact.external_id for item in items]
        )
        ending = over = self.env["saas.subscription"]
        for item in items:
            subscription = bindings[item.fact.external_id]._get_record()
            announced = subscription.trial_announced
            end = naive(item.fact.trial_end)
            if item.fact.trial_ends_soon and end and end > (announced or datetime.min):
                subscription.trial_announced = end
                item.log(Action.TRIAL_ENDS_SOON, subscription)
            if not subscription.trial_announced:
                continue
            if (
                subscription.state == "trialing"
                and subscription.trial_announced == subscription.trial_end
            ):
                ending |= subscription
            else:
                over |= subscription
        activities = self.env["saas.activities"]
        activities._ask(
            source,
            "mail_activity_trial_ends",
            ending,
            self.env._("The trial will end soon"),
        )
        activities._stop_asking("mail_activity_trial_ends", over)

    def _get_rank(self, fact):
        return int(fact.state in _TERMINAL)

    def _get_currencies(self, items):
        codes = {item.fact.currency for item in items}
        return self.env["saas.customers.partner_values"]._get_currencies(codes)

    def _prepare_subscription_vals(self, item, currencies):
        fact = item.fact
        currency = currencies.get(fact.currency, self.env["res.currency"])
        return {
            "tenant_id": item.tenant.id,
            **({"state": fact.state} if fact.state else {}),
            "currency_id": currency.id,
            "date_start": naive(fact.started_at),
            "period_start": naive(fact.period_start),
            "period_end": naive(fact.period_end),
            "date_canceled": naive(fact.canceled_at),
            "cancel_at_period_end": fact.cancel_at_period_end,
            "trial_end": naive(fact.trial_end),
        }
