"""Brings events into the reasons that the books have, and does what each next step
says.
"""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from ...canonical.errors import Transient
from .deciding import load
from .reasons import Pressing


class ReasonsOfBooks(Pressing):
    """The books can't take what is stated, or a person decided about it."""

    def _make_amount_mismatch(self):
        return self.deliver(load("invoice.finalized", total=11901))

    def _prepare_amount_mismatch(self, event):
        self.by_hand = self._enter_document()

    def _solve_amount_mismatch(self, event):
        self._bind_by_hand(event, "A cent is theirs.")

    def _bind_by_hand(self, event, note):
        """Say that an event's object is what a person has entered."""
        move_id = self.by_hand.id
        self._apply(event, "action_bind_record", move_id=move_id, note=note)

    def _make_currency_mismatch(self):
        self.eur.rate_ids.unlink()
        return self.deliver(load("invoice.finalized-eur"))

    def _solve_currency_mismatch(self, event):
        self._apply(event, "action_set_up_currency", rate=0.8)
        rate = self.eur.rate_ids
        self.assertEqual(rate.company_id, self.company)

    def _make_period_locked(self):
        self.company.fiscalyear_lock_date = "2026-11-02"
        return self.deliver(load("invoice.finalized"))

    def _prepare_period_locked(self, event):
        day = "2026-11-03"
        self.by_hand = self._enter_document(invoice_date=day, date=day)

    def _solve_period_locked(self, event):
        self._bind_by_hand(event, "November began.")

    def _make_posting_failed(self):
        self.company_data["default_account_revenue"].active = False
        return self.deliver(load("invoice.finalized"))

    def _prepare_posting_failed(self, event):
        self.company_data["default_account_revenue"].active = True

    def _solve_posting_failed(self, event):
        event.action_retry()

    def _make_retries_exhausted(self):
        """What fails by the way can't be brought about from outside."""
        self.source.max_attempts = 1
        handler = self.env.registry["saas.handler.invoice"]
        with patch.object(handler, "_apply", side_effect=Transient("time-out")):
            return self.deliver(load("invoice.finalized"))

    def _solve_retries_exhausted(self, event):
        event.action_retry()

    def _make_changed_by_person(self):
        self.deliver(self.finalized())
        self._credit_by_hand(30)
        return self.deliver(self.voided(3))

    def _prepare_changed_by_person(self, event):
        self._credit_by_hand(70)

    def _solve_changed_by_person(self, event):
        event.action_retry()

    def _credit_by_hand(self, net):
        ref = self.finalized()["data"]["object"]["id"]
        move = self.env["account.move"].search([("saas_external_id", "=", ref)])
        credit = move._reverse_moves([{"invoice_date": move.invoice_date}])
        credit.invoice_line_ids[0].price_unit = net
        credit.action_post()
        lines = (move | credit).line_ids
        lines.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()

    def _make_ignored_by_person(self):
        event = self._quarantine_invoice()
        self._ignore(event)
        return event

    def _solve_ignored_by_person(self, event):
        self._apply(event, "action_book_after_all", note="It is not there.")

    def _make_parent_ignored(self):
        event = self._quarantine_invoice("invoice.finalized-to_credit")
        credit = self.deliver(load("credit_note.created-pre_payment"))
        self._ignore(event)
        return credit

    def _solve_parent_ignored(self, event):
        parent = self.env["saas.subscription.event"].search(
            [("reason", "=", "ignored_by_person")]
        )
        parent = parent.with_user(event.env.user)
        self._apply(parent, "action_book_after_all", note="It is not there.")

    def _make_money_not_booked(self):
        event = load("payout.paid")
        event.update(id="evt_card", type="issuing_transaction.created")
        event["data"]["object"] = {"id": "ipi_1", "object": "issuing_transaction"}
        return self.deliver(event)

    def _prepare_money_not_booked(self, event):
        """The money's own movement comes, and is booked by hand."""
        moved = load(
            "pulled.balance_transaction-stripe_fee",
            reporting_category="issuing_transaction",
            type="issuing_transaction",
        )
        moved = self.deliver(moved)
        self.assertState(moved, "done")
        fact = moved._read_facts()[0]
        self.by_hand = self._enter_entry(
            self.company_data["default_account_expense"],
            self.clearing_journal.default_account_id,
            -fact.net / 100,
        )
        self.moved = moved

    def _solve_money_not_booked(self, event):
        moved = self.moved.with_user(event.env.user)
        self._bind_by_hand(moved, "Bought with the card.")
        self._finish_money_not_booked(event)

    def _finish_money_not_booked(self, _event):
        self.drain()
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "matched")

    def _make_before_cutover(self):
        failed = load("payout.failed")
        arrives = datetime.fromtimestamp(failed["data"]["object"]["arrival_date"], UTC)
        self.source.cutover_date = arrives.date() + timedelta(days=1)
        return self.deliver(failed)

    def _prepare_before_cutover(self, event):
        clearing = self.clearing_journal.default_account_id
        amount = event.sudo()._read_facts()[0].amount / 100
        sent = self.company.transfer_account_id
        self.by_hand = self._enter_entry(clearing, sent, amount)

    def _solve_before_cutover(self, event):
        self._bind_by_hand(event, "The old books have the payout.")
