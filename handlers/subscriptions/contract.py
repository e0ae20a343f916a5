from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo import Command, models

from ...canonical.facts import CONTRACT_RANK, SubscriptionChange, TermTold
from ...canonical.item import Item
from ...canonical.kinds import Kind
from ...canonical.moments import aware, get_begin_of_day, naive
from ...canonical.money import write_plainly
from ...canonical.subscriptions.lifecycle import Event


class SaasHandlerContract(models.AbstractModel):
    """Mirrors deals that were won. Nothing is booked from them. A deal may be won again
    after it was withdrawn, so the later version counts; of one version, the higher
    rank.

    Where a deal tells a plan, a subscription is agreed by it, as its newest version
    says, and waits for its activation. What is withdrawn was never agreed; what was
    activated by then goes on.
    """

    _name = "saas.handler.contract"
    _inherit = "saas.snapshot"
    _description = "SaaS contract handler"

    _record_model = "saas.contract"
    _is_of_tenant = True
    _may_go_back = True

    def _get_rank(self, fact):
        return CONTRACT_RANK.get(fact.state, 0)

    def _prepare_snapshot_vals(self, item):
        fact = item.fact
        return {
            "tenant_id": item.tenant.id,
            **({"state": fact.state} if fact.state else {}),
            "number": fact.number or False,
            "currency_code": fact.currency,
            "won_at": naive(fact.won_at),
            "starts_on": fact.starts_on or False,
            "ends_on": fact.ends_on or False,
            "term_months": fact.term_months,
            "period_months": fact.period_months,
            "purchase_order": fact.purchase_order or False,
            "plan_ref": fact.holding.plan if fact.holding else False,
            "line_ids": [
                Command.clear(),
                *(Command.create(self._prepare_line_vals(line)) for line in fact.lines),
            ],
        }

    def _prepare_line_vals(self, line):
        return {
            "external_id": line.external_id,
            "product_ref": line.product or False,
            "price_ref": line.price or False,
            "description": line.description or False,
            "quantity": line.quantity,
            "stated_quantity": write_plainly(line.quantity),
            "unit_amount": f"{line.decimal(line.unit_amount):f}",
        }

    # -- what is agreed by it ----------------------------------------------------------

    def _keep(self, source, items):
        kept = super()._keep(source, items)
        bindings = self.env["saas.binding"]._find(
            source, Kind.CONTRACT, [item.fact.external_id for item in items]
        )
        newest = {
            item: bindings[item.fact.external_id]._get_record()
            for item in items
            if (bindings[item.fact.external_id].version or "") == item.fact.version
        }
        agreed = {
            item: self._make_agreed(source, item)
            for item, contract in newest.items()
            if contract.state == "won" and item.fact.holding
        }
        self._withdraw(newest, agreed)
        self.env["saas.handler.subscription_change"]._apply(
            source, list(agreed.values())
        )
        for item, inner in agreed.items():
            item.rows += inner.rows
            if inner.error:
                item.fail(inner.error)
        return kept

    def _make_agreed(self, source, item):
        """Return an item with the change that a contract is to its subscription."""
        fact, known_at = item.fact, _get_moment(item.event)
        zone = ZoneInfo(fact.timezone or source.tz)
        change = SubscriptionChange(
            external_id=_name(fact),
            customer=fact.customer,
            subscription=fact.subscription or fact.external_id,
            change=Event.AGREED.value,
            effective_at=fact.won_at or known_at,
            known_at=known_at,
            holding=fact.holding,
            timezone=fact.timezone or None,
            purchase_order=fact.purchase_order or None,
            term=_read_term(fact, zone),
            contract=fact.external_id,
        )
        inner = Item(item.event, change)
        inner.tenant = item.tenant
        return inner

    def _withdraw(self, newest, agreed):
        """Take back what contracts agreed by another version than the newest one.

        :param newest: contracts by item.
        :param agreed: the items of what is agreed now, by item.
        """
        changes = self.env["saas.subscription.change"]
        contracts = self.env["saas.contract"].union(*newest.values())
        rows = changes.search(
            [
                ("contract_id", "in", contracts.ids),
                ("kind", "=", Event.AGREED.value),
                ("outcome", "!=", "withdrawn"),
            ]
        )
        by_contract = {contract: item for item, contract in newest.items()}
        vals_list = []
        for row in rows:
            item = by_contract[row.contract_id]
            if item not in agreed or row.key != _name(item.fact):
                vals_list.append(row._prepare_withdrawal_vals(_get_moment(item.event)))
        self.env["saas.subscription"]._record_changes(vals_list)


def _name(fact):
    """Return what names what a version of a contract agrees."""
    return f"contract {fact.external_id} {fact.version}"


def _get_moment(event):
    """Return when an event was said, as far as that is known: an aware moment."""
    return aware(event.occurred_at or event.received_at)


def _read_term(fact, zone):
    """Return the term of a contract; None where it tells none."""
    if not fact.term_months and not fact.ends_on:
        return None
    last = fact.ends_on and fact.ends_on + timedelta(days=1)
    return TermTold(
        months=fact.term_months,
        start=get_begin_of_day(fact.starts_on, zone),
        ends_at=get_begin_of_day(last, zone),
        auto_renew=fact.auto_renew,
        notice_days=fact.notice_days,
    )
