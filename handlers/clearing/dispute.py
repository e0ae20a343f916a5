from odoo import models

from ...canonical.actions import DISPUTE_STATES
from ...canonical.facts import DISPUTE_RANK
from ...canonical.kinds import Kind
from ...canonical.moments import naive
from ...canonical.money import exact

_ACTIVITY = "mail_activity_dispute"
_UNDATED = "mail_activity_dispute_undated"
#: What a dispute is until a state of it is known: somebody has to look at it.
_FIRST = "needs_response"
_ASKING = ("needs_response", "warning_needs_response", "appeal_needs_response")


class SaasHandlerDispute(models.AbstractModel):
    """Handles disputes. The money that each movement takes from what the source holds
    is booked as disputed funds, until the dispute is won and the money comes back, or
    until it is lost. An inquiry moves no money.
    """

    _name = "saas.handler.dispute"
    _inherit = "saas.handler"
    _description = "SaaS dispute handler"

    def _apply(self, source, items):
        payments = self._find_payments(source, items)
        items = [item for item in items if not item.error]
        records = self._mirror(source, items, payments)
        cutover = self.env["saas.cutover"]
        cutover._bind_old_disputes(source, [i for i in items if not i.error])
        entries = self.env["saas.clearing.dispute_entry"]
        for step in (
            entries._book_movements,
            entries._book_losses,
            entries._undo_losses,
        ):
            items = [
                item
                for item in items
                if not item.error
                and not (item.decision and item.decision.choice == "nothing")
            ]
            step(source, items, records)
        self.env["saas.ledger.revenue.disputed"]._follow_disputes(
            {records[item]: item for item in items if not item.error}
        )
        cutover._ignore_old_disputes(source, items, records)
        self._update_activities(source, records)

    def _find_payments(self, source, items):
        """Set the tenants whose money it is, and return the disputed payments by their
        ids. A dispute whose payment isn't known yet waits.
        """
        bindings = self.env["saas.binding"]._find(
            source, Kind.PAYMENT, [item.fact.payment for item in items]
        )
        for item in items:
            if item.fact.payment in bindings:
                item.tenant = bindings[item.fact.payment]._get_tenant()
            elif not item.decision:
                item.park(Kind.PAYMENT, item.fact.payment)
        none = self.env["account.payment"]
        return {ref: binding._get_record() or none for ref, binding in bindings.items()}

    def _mirror(self, source, items, payments):
        """Bring the disputes' records to their states; return them by item."""
        cutover = self.env["saas.cutover"]
        currencies = self.env["saas.ledger.currency"]._check(
            source,
            [
                (i, cutover._get_record_date(source, source._localize_date(opened_at)))
                for i in items
                for opened_at in [i.fact.opened_at]
            ],
        )
        items = [item for item in items if not item.error]
        bindings = self.env["saas.binding"]._find(
            source, Kind.DISPUTE, [item.fact.external_id for item in items]
        )
        new = [item for item in items if item.fact.external_id not in bindings]
        records = self._create(source, new, payments, currencies)
        for item in items:
            if item not in records:
                records[item] = self._advance(item, bindings[item.fact.external_id])
            won = item.fact.state == "won" and item.fact.closed_at
            if won and not records[item].won_at:
                records[item].won_at = naive(item.fact.closed_at)
        for item in items:
            if item.fact.state:
                item.log(DISPUTE_STATES[item.fact.state], records[item])
        return records

    def _create(self, source, items, payments, currencies):
        """Create and bind the records of new disputes; return them by item."""
        return self._create_mirrors(
            source,
            "saas.dispute",
            items,
            lambda item: {
                "tenant_id": item.tenant.id if item.tenant else False,
                "payment_id": self._get_payment_id(payments, item.fact),
                "currency_id": currencies[item.fact.currency].id,
                "opened_at": naive(item.fact.opened_at),
                **self._prepare_vals(item.fact),
                "state": item.fact.state or _FIRST,
            },
            lambda fact: {
                "rank": DISPUTE_RANK.get(fact.state, 0),
                "version": fact.version,
                "parent_ref": fact.payment,
            },
        )

    def _get_payment_id(self, payments, fact):
        """Return the id of the disputed payment, where it is one here."""
        found = payments.get(fact.payment)
        return found.id if found and found._name == "account.payment" else False

    def _advance(self, item, binding):
        """Bring a known dispute to a newer snapshot, and return its record."""
        fact, record = item.fact, binding._get_record()
        key = (DISPUTE_RANK.get(fact.state, 0), fact.version)
        if fact.state and key > (binding.rank, binding.version or ""):
            binding.write({"rank": key[0], "version": key[1]})
            record.write(self._prepare_vals(fact))
        return record

    def _prepare_vals(self, fact):
        return {
            "state": fact.state,
            "reason": fact.reason,
            "amount": fact.decimal(fact.amount),
            "due_at": naive(fact.due_at),
        }

    def _update_activities(self, source, records):
        """Ask somebody to answer while the bank waits for it."""
        every = self.env["saas.dispute"].union(*records.values())
        asking = every.filtered(lambda record: record.state in _ASKING)
        activities = self.env["saas.activities"]
        activities._ask(
            source,
            _ACTIVITY,
            asking,
            self.env._("Send evidence, or accept the dispute"),
            {
                record: source._localize_date(record.due_at)
                for record in asking
                if record.due_at
            },
        )
        activities._stop_asking(_ACTIVITY, every - asking)
        undated = self._get_undated(source, every)
        activities._ask(
            source,
            _UNDATED,
            undated,
            self.env._("Dispute lost on an unknown day: send its last event again"),
        )
        activities._stop_asking(_UNDATED, every - undated)

    def _get_undated(self, source, records):
        """Return lost disputes whose loss is not booked. Only the snapshot of the
        decision itself has its day: one that was read later says that the dispute is
        lost, and not since when.
        """
        lost = records.filtered(lambda record: record.state == "lost")
        booked = self.env["saas.binding"]._find(
            source, Kind.DISPUTE_LOSS, lost.mapped("external_id")
        )
        return lost.filtered(
            lambda record: (
                record.external_id not in booked and self._is_withdrawn(source, record)
            )
        )

    def _is_withdrawn(self, source, record):
        """Return whether the dispute has withdrawn money that has not come back."""
        lines = record.move_ids.line_ids.filtered(
            lambda line: line.account_id == source.dispute_account_id
        )
        return bool(
            sum(
                exact(line.amount_currency, line.currency_id.decimal_places)
                for line in lines
            )
        )
