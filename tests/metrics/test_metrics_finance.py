"""The figures of finance, against stories that are counted by hand. Covers
metrics/documents/postings, metrics/documents/receivables, metrics/exceptions,
metrics/clearing/payouts, metrics/clearing/months.
"""

from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.fields import Datetime
from odoo.tests import tagged

from ...canonical.display.metric import Board
from ..clearing.test_clearing import load_story
from ..support import stripe_fixtures
from ..support.common import SaasCommon
from .reading import ReadingMixin, ago


@tagged("post_install", "-at_install")
class TestFinance(ReadingMixin, SaasCommon):
    def read_board(self):
        return self.read_figures(Board.FINANCE)

    def test_posting_lag(self):
        """An invoice that occurred at noon and was posted 90 minutes later."""
        event = stripe_fixtures.load("basil", "invoice.finalized")
        noon = int(Datetime.to_datetime("2026-11-20 12:00:00").timestamp())
        event["created"] = noon
        with freeze_time("2026-11-20 13:30:00"):
            self.deliver(event)
            figures = self.read_board()
        for quantile in ("0.5", "0.95"):
            self.assertEqual(
                figures["saas_posting_lag_seconds", "invoice", quantile], 5400
            )
        self.assertEqual(figures["saas_posted", "invoice"], 1)
        self.assertEqual(figures[("saas_posted_without_person_ratio",)], 1)
        with freeze_time("2026-11-28 13:30:00"):
            self.assertNotIn(("saas_posted", "invoice"), self.read_board())

    def test_booked_with_a_person(self):
        """One of two invoices waited until somebody had mapped its product."""
        self.deliver(stripe_fixtures.load("basil", "invoice.finalized"))
        self.source.default_product_id = False
        waits = self.deliver(stripe_fixtures.load("basil", "invoice.finalized-mixed"))
        self.assertState(waits, "quarantined", "unmapped_product")
        self.source.default_product_id = self.product_a
        waits.action_retry()
        self.drain()
        self.assertState(waits, "done")
        figures = self.read_board()
        self.assertEqual(figures["saas_posted", "invoice"], 2)
        self.assertEqual(figures[("saas_posted_without_person_ratio",)], Decimal("0.5"))
        [now, *_others] = self.env["saas.metrics.finance_page"]._lay_out()
        [tile] = [tile for tile in now["tiles"] if tile["name"] == "without_person"]
        self.assertEqual((tile["value"], tile["text"]), ("0.5000", "50.0 %"))

    def test_unmatched_payments(self):
        """A payment of 119.00 EUR whose invoice isn't here is open credit, until the
        invoice comes.
        """
        events = self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "charge.succeeded"),
        )
        self.assertState(events, "done")
        payment = self.env["account.payment"].search([("saas_source_id", "!=", False)])
        self.assertEqual(len(payment), 1)
        currency = payment.currency_id.name
        figures = self.read_board()
        self.assertEqual(figures["saas_unmatched_payments", currency], 1)
        self.assertEqual(
            figures["saas_unmatched_payments_amount", currency],
            Decimal(str(payment.amount)),
        )

    def test_receivables_by_age(self):
        """One invoice, looked at on its due day, a day later, and after a year."""
        self.deliver(stripe_fixtures.load("basil", "invoice.finalized"))
        [move] = self.env["account.move"].search([("saas_source_id", "!=", False)])
        currency = self.company.currency_id.name
        due = max(move.line_ids.filtered("date_maturity").mapped("date_maturity"))
        expected = Decimal(str(move.amount_residual_signed))
        for days, age in {0: "not_due", 1: "1-30", 31: "31-60", 400: "over_90"}.items():
            day = date.fromordinal(due.toordinal() + days)
            with self.subTest(age), freeze_time(f"{day} 12:00:00"):
                figures = self.read_board()
                self.assertEqual(figures["saas_receivables", age, currency], 1)
                self.assertEqual(
                    figures["saas_receivables_amount", age, currency], expected
                )
        self.assertEqual(len([k for k in figures if k[0] == "saas_receivables"]), 1)

    def test_exceptions(self):
        """Of eight events of the week two wait, for two reasons; older ones and other
        states are left out.
        """
        self.put_events(5)
        self.put_events(1, state="'parked'")
        self.put_events(1, state="'quarantined'", reason="'unmapped_tax'")
        self.put_events(1, state="'dead'", reason="'retries_exhausted'")
        self.put_events(
            3, state="'dead'", reason="'unmapped_tax'", received_at=ago(days=8)
        )
        figures = self.read_board()
        found = {k[1]: v for k, v in figures.items() if k[0] == "saas_exceptions_ratio"}
        eighth = Decimal("0.125")
        self.assertEqual(found, {"unmapped_tax": eighth, "retries_exhausted": eighth})
        rows = self.env["saas.metrics.exceptions"].with_context(
            allowed_company_ids=self.company.ids
        )
        tenants = self.env["saas.tenant"]
        self.assertEqual(rows._read_by_tenant(), [(tenants, 2, 8)])

    def test_unproved_payouts(self):
        for ref, amount, state, proof in (
            ("po_1", 10.10, "paid", "no_data"),
            ("po_2", 20.20, "paid", "not_proved"),
            ("po_3", 40.40, "paid", "proved"),
            ("po_4", 80.80, "in_transit", "no_data"),
        ):
            self._create_payout(ref, amount, state=state, proof_state=proof)
        with freeze_time("2026-11-20 12:00:00"):
            figures = self.read_board()
        self.assertEqual(figures["saas_payouts_unproved", "EUR"], 2)
        self.assertEqual(
            figures["saas_payouts_unproved_amount", "EUR"], Decimal("30.30")
        )
        self.assertEqual(figures["saas_payouts_unproved_oldest_days", "EUR"], 10)

    def _create_payout(self, ref, amount, **vals):
        return self.env["saas.payout"].create(
            {
                "source_id": self.source.id,
                "external_id": ref,
                "currency_id": self.eur.id,
                "amount": amount,
                "arrival_date": "2026-11-10",
                **vals,
            }
        )

    def test_a_proof_says_when(self):
        """What proves a payout notes the moment."""
        with freeze_time("2026-11-20 12:00:00"):
            self.deliver(*load_story("basil"))
        payouts = self.env["saas.payout"].search([])
        self.assertTrue(payouts)
        proved = payouts.filtered(lambda payout: payout.proof_state == "proved")
        self.assertTrue(proved)
        self.assertEqual(
            set(proved.mapped("proved_at")),
            {Datetime.to_datetime("2026-11-20 12:00:00")},
        )
        self.assertFalse(any((payouts - proved).mapped("proved_at")))

    @freeze_time("2026-12-15 12:00:00")
    def test_a_month_is_proved(self):
        """November has an open payout, a difference, days that were not compared and an
        event that waits. Each goes, and the last one's day is the month's.
        """
        payout = self._create_payout("po_1", 10, state="paid", proof_state="no_data")
        difference = self._create_difference()
        self._create_run("2026-11-01", "2026-11-20", "2026-12-01 01:00:00")
        self.put_events(
            1,
            state="'quarantined'",
            reason="'unmapped_tax'",
            occurred_at="'2026-11-30 23:59:59'::timestamp",
        )
        self.assertEqual(self._read_november(), ([1, 1, 10, 1], None))
        payout.write({"proof_state": "proved", "proved_at": "2026-12-02 10:00:00"})
        difference.write({"state": "resolved", "settled_at": "2026-12-05 10:00:00"})
        self.assertEqual(self._read_november(), ([0, 0, 10, 1], None))
        self._create_run("2026-11-20", "2026-12-02", "2026-12-03 01:00:00")
        self.env.cr.execute(
            "UPDATE saas_subscription_event SET state = 'done' "
            "WHERE reason = 'unmapped_tax'"
        )
        self.env.invalidate_all()
        self.assertEqual(self._read_november(), ([0, 0, 0, 0], 5))

    def _read_november(self):
        """Return what is open by proof, and the day after which nothing was."""
        figures = self.read_board()
        counts = [
            figures["saas_month_open_proofs", "2026-11", proof]
            for proof in ("payouts", "differences", "days", "events")
        ]
        return counts, figures.get(("saas_month_proved_after_days", "2026-11"))

    def _create_run(self, date_from, date_to, ended_at):
        return self.env["saas.reconciliation"].create(
            {
                "source_id": self.source.id,
                "date_from": date_from,
                "date_to": date_to,
                "state": "done",
                "ended_at": ended_at,
            }
        )

    def _create_difference(self):
        return self.env["saas.difference"].create(
            {
                "source_id": self.source.id,
                "kind": "invoice",
                "external_id": "in_x",
                "result": "different",
                "field": "total",
                "object_date": "2026-11-03",
            }
        )
