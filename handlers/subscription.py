from datetime import UTC, datetime

from odoo import Command, models

from ..canonical.reasons import Reason

_TERMINAL = ("canceled", "incomplete_expired")


class SaasHandlerSubscription(models.AbstractModel):
    """Mirrors subscriptions. Nothing is booked from them."""

    _name = "saas.handler.subscription"
    _inherit = "saas.handler"
    _description = "SaaS subscription handler"

    def _apply(self, source, items):
        tenants = self._get_tenants(source, [item.fact.customer for item in items])
        bindings = self._get_bindings(
            source, "subscription", [item.fact.external_id for item in items]
        )
        new = []
        for item in items:
            fact = item.fact
            if not fact.customer:
                item.quarantine(
                    Reason.UNKNOWN_TENANT, self.env._("it names no customer")
                )
                continue
            if fact.customer not in tenants:
                item.park("customer", fact.customer)
                continue
            item.tenant = tenants[fact.customer]
            if binding := bindings.get(fact.external_id):
                self._update(item, binding)
            else:
                new.append(item)
        self._create(source, new)
        self._update_trials(source, [item for item in items if not item.error])

    def _create(self, source, items):
        subscriptions = self.env["saas.subscription"].create(
            [
                {
                    "source_id": source.id,
                    "external_id": item.fact.external_id,
                    **self._prepare_subscription_vals(item),
                }
                for item in items
            ]
        )
        self.env["saas.binding"].create(
            [
                self._bind(
                    source,
                    "subscription",
                    item.fact.external_id,
                    subscription,
                    rank=self._get_rank(item.fact),
                    version=item.fact.version,
                )
                for item, subscription in zip(items, subscriptions, strict=True)
            ]
        )
        for item, subscription in zip(items, subscriptions, strict=True):
            item.log("subscription_created", subscription, item.fact.state)

    def _update(self, item, binding):
        """Bring the mirror to a newer snapshot; an ended subscription stays ended."""
        fact, subscription = item.fact, binding._get_record()
        rank = self._get_rank(fact)
        if (rank, fact.version) <= (binding.rank, binding.version):
            return
        binding.write({"rank": rank, "version": fact.version})
        subscription.write(self._prepare_subscription_vals(item))
        item.log("subscription_updated", subscription, fact.state)

    def _update_trials(self, source, items):
        """Remind somebody of trials that end soon, and stop when they are over, or
        were given more time. The source reminds once for each end.
        """
        bindings = self._get_bindings(
            source, "subscription", [item.fact.external_id for item in items]
        )
        ending = over = self.env["saas.subscription"]
        for item in items:
            subscription = bindings[item.fact.external_id]._get_record()
            announced = subscription.trial_announced
            end = _naive(item.fact.trial_end)
            if item.fact.trial_ends_soon and end and end > (announced or datetime.min):
                subscription.trial_announced = end
                item.log("trial_ends_soon", subscription)
            if not subscription.trial_announced:
                continue
            if (
                subscription.state == "trialing"
                and subscription.trial_announced == subscription.trial_end
            ):
                ending |= subscription
            else:
                over |= subscription
        activities = self.env["saas.handler.activity"]
        activities._ask(
            source,
            "mail_activity_trial_ends",
            ending,
            self.env._("The trial will end soon"),
        )
        activities._stop_asking("mail_activity_trial_ends", over)

    def _get_rank(self, fact):
        return int(fact.state in _TERMINAL)

    def _prepare_subscription_vals(self, item):
        fact = item.fact
        currency = self.env["saas.partner.values"]._get_currency(fact.currency)
        return {
            "tenant_id": item.tenant.id,
            "state": fact.state,
            "currency_id": currency.id,
            "date_start": _naive(fact.started_at),
            "period_start": _naive(fact.period_start),
            "period_end": _naive(fact.period_end),
            "date_canceled": _naive(fact.canceled_at),
            "cancel_at_period_end": fact.cancel_at_period_end,
            "trial_end": _naive(fact.trial_end),
            "line_ids": [Command.clear()]
            + [
                Command.create(
                    {
                        "external_id": line.external_id,
                        "price_ref": line.price,
                        "product_ref": line.product,
                        "quantity": line.quantity,
                        "unit_amount": line.decimal(line.unit_amount),
                    }
                )
                for line in fact.items
            ],
        }


def _naive(moment):
    """Return an aware moment as Odoo stores it: in UTC, without saying so."""
    return moment and moment.astimezone(UTC).replace(tzinfo=None)
