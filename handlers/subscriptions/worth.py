from odoo import models

from ...canonical.kinds import Kind
from ...canonical.moments import aware, naive
from ...canonical.subscriptions.told import write_moment


class SaasSubscriptionsWorth(models.AbstractModel):
    """Keeps what snapshots of mirrored subscriptions say of what recurs, and counts
    it.
    """

    _name = "saas.subscriptions.worth"
    _description = "SaaS worth of mirrored subscriptions"

    def _keep(self, source, items):
        """Keep what snapshots tell, whichever of them is the newest."""
        items = [item for item in items if item.fact.currency]
        bindings = self.env["saas.binding"]._find(
            source, Kind.SUBSCRIPTION, [item.fact.external_id for item in items]
        )
        currencies = self.env["saas.customers.partner_values"]._get_currencies(
            {item.fact.currency for item in items}
        )
        rows = self.env["saas.mrr.snapshot"]._keep(
            [
                self._prepare_vals(
                    item,
                    bindings[item.fact.external_id].res_id,
                    currencies[item.fact.currency],
                )
                for item in items
                if item.fact.currency in currencies
            ]
        )
        rows.subscription_id._note_unknown_mrr()
        self._ask_for_prices(source, items)
        self.env["saas.mrr.movement"]._refresh(rows.subscription_id.tenant_id)

    def _ask_for_prices(self, source, items):
        """Have subscriptions read whose snapshots leave out a part of their prices. It
        is known once the answer is here.
        """
        partial = {item.fact.external_id for item in items if item.fact.is_partial}
        for external_id in sorted(partial):
            if source._can_fetch(Kind.SUBSCRIPTION, external_id):
                source._enqueue_fetch(Kind.SUBSCRIPTION, external_id)

    def _prepare_vals(self, item, subscription, currency):
        fact, event = item.fact, item.event
        told_at = event.occurred_at or event.received_at
        worths = fact.find_worths(aware(told_at))
        return {
            "subscription_id": subscription,
            "version": fact.version,
            "at": told_at,
            "state": fact.state or False,
            "currency_id": currency.id,
            "worths": [
                [write_moment(at), None if worth is None else str(worth)]
                for at, worth in worths
            ],
            "started_at": naive(fact.started_at),
            "trial_end": naive(fact.trial_end),
            "period_start": naive(fact.period_start),
            "period_end": naive(fact.period_end),
            "canceled_at": naive(fact.canceled_at),
            "is_ending": fact.cancel_at_period_end,
            "event_id": event.id,
        }
