"""What a reconciliation finds, of each kind and both ways."""

from datetime import date

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.reconciling import PAYOUT, ReconcileCommon
from ..support.taxes import set_up_taxes

KINDS = (
    "customer",
    "subscription",
    "invoice",
    "payment",
    "credit_note",
    "refund",
    "payout",
)


@tagged("post_install", "-at_install")
class TestReconcile(ReconcileCommon):
    def test_all_matched(self):
        self.tell()
        self.book()
        run = self.reconcile()
        self.assertFalse(run.problem)
        self.assertEqual(self.found(), [])
        self.assertEqual((run.state, run.progress), ("done", 100))
        self.assertEqual(self.counts(run), dict.fromkeys(KINDS, (1, 0, 0, 0)))

    def test_whole_history_matches(self):
        """Every case there is a fixture of: credit, refunds that bounce, voids,
        partial payments, other currencies, a deleted customer.
        """
        set_up_taxes(self)
        names = stripe_fixtures.names("basil")
        # What a payout consists of has its id, and is no object of the source.
        self.tell(*(name for name in names if "payout_transactions" not in name))
        self.book(*names)
        self._finish_history()
        self.analyze()
        run = self.reconcile()
        self.assertEqual(run.state, "done", run.problem)
        self.assertEqual(self.found(), [])

    def _finish_history(self):
        """Put what no event of the history tells: how the source has it in the end."""
        self.api.remove(stripe_fixtures.object_id("basil", "customer.deleted"))
        self.change("invoice.finalized-eur", amount_remaining=6900, amount_paid=5000)
        self.change("invoice.finalized-reverse", amount_remaining=6000)
        self.change("invoice.finalized-shipping", amount_remaining=11900)
        self.change("invoice.finalized-head_discount", amount_remaining=24875)
        paid_parts = {"to_refund": 11900, "mixed": 10000, "shipping_paid": 13090}
        for name, paid in paid_parts.items():
            self.change(
                f"invoice.finalized-{name}",
                amount_remaining=0,
                amount_paid=paid,
            )
        self.change("invoice.finalized-moved_to", amount_remaining=0, amount_paid=11900)
        self.change("charge.failed-late")
        self._put_charges()
        left = stripe_fixtures.load("basil", "refund.updated-left")
        self._put_movement(left, "balance_transaction")
        bounced = stripe_fixtures.load("basil", "refund.failed")
        self._put_movement(bounced, "failure_balance_transaction")

    def _put_movement(self, event, key):
        """Put the movement that an event's object names, of the event's moment."""
        self.api.put(
            {
                "id": event["data"]["object"][key],
                "object": "balance_transaction",
                "created": event["created"],
                "livemode": False,
            }
        )

    def _put_charges(self):
        """Put the charges of payments of which only the invoice's part is told."""
        names = stripe_fixtures.names("basil")
        charges = [n for n in names if n.startswith("charge.") and "dispute" not in n]
        charged = {
            stripe_fixtures.load("basil", name)["data"]["object"].get("payment_intent")
            for name in charges
        }
        for name in names:
            if not name.startswith("invoice_payment.paid"):
                continue
            part = stripe_fixtures.load("basil", name)["data"]["object"]
            intent = part["payment"].get("payment_intent")
            if intent and intent not in charged:
                self.change(
                    "charge.succeeded",
                    id=intent.replace("pi_", "ch_"),
                    payment_intent=intent,
                    amount=part["amount_paid"],
                    amount_captured=part["amount_paid"],
                    currency=part["currency"],
                )

    def test_only_there(self):
        self.tell()
        run = self.reconcile()
        self.assertEqual(self.counts(run), dict.fromkeys(KINDS, (0, 0, 1, 0)))
        self.assertEqual(
            self.found(),
            [
                "credit_note only_there object: 7IGOG4F5-0001-CN-01, 59.50 USD, "
                "issued / -",
                "customer only_there object: Nordlicht Analytics Basil GmbH / -",
                "invoice only_there object: 7IGOG4F5-0001, 119.00 USD, paid / -",
                "payment only_there object: 119.00 USD / -",
                "payout only_there object: 100.00 USD, paid / -",
                "refund only_there object: 59.50 USD / -",
                "subscription only_there object: active / -",
            ],
        )
        self.assertEqual(self.find().user_id, self.responsible)

    def test_only_here(self):
        self.book()
        run = self.reconcile()
        self.assertEqual(self.counts(run), dict.fromkeys(KINDS, (0, 0, 0, 1)))
        self.assertEqual(
            self.found(),
            [
                "credit_note only_here object: - / RINV/2026/00001 "
                "(7IGOG4F5-0001-CN-01), 59.50 USD",
                "customer only_here object: - / Nordlicht Analytics Basil GmbH",
                "invoice only_here object: - / INV/2026/00001 (7IGOG4F5-0001), "
                "119.00 USD",
                "payment only_here object: - / PSTR/2026/00001, 119.00 USD",
                "payout only_here object: - / po_1ReconciledByHand000001, 100.00 USD",
                "refund only_here object: - / PSTR/2026/00002, 59.50 USD",
                "subscription only_here object: - / sub_1tdDMGGV42fqj2J65U04UJGj",
            ],
        )
        invoice = self.find(("kind", "=", "invoice"))
        self.assertEqual(invoice.tenant_id.name, "Nordlicht Analytics Basil GmbH")
        action = invoice.action_open_record()
        self.assertEqual(action["res_id"], invoice.res_id)

    def _change_everything(self):
        """Let the source say of each object something else than what was booked."""
        october_30 = 1793318400
        self.change("customer.created", name="Another Ltd", email="new@example.com")
        self.change("customer.subscription.created", status="past_due", currency="eur")
        self.change(
            "invoice.paid-expanded",
            status="open",
            total=12000,
            amount_remaining=100,
            number="X-1",
            effective_at=october_30,
            currency="eur",
            customer="cus_other",
        )
        self.change("charge.succeeded", amount_captured=500, currency="eur")
        self.change(
            "credit_note.created-post_payment", status="void", total=5, number="CN-9"
        )
        self.change(
            "refund.created-credited", amount=7, status="failed", created=october_30
        )
        self.api.put({**PAYOUT, "amount": 9000, "arrival_date": 1793664000})

    def test_different(self):
        self.tell()
        self.book()
        self._change_everything()
        run = self.reconcile()
        self.assertEqual(self.counts(run), dict.fromkeys(KINDS, (0, 1, 0, 0)))
        self.assertEqual(
            self.found(),
            [
                "credit_note different number: CN-9 / 7IGOG4F5-0001-CN-01",
                "credit_note different state: void / issued",
                "credit_note different total: 0.05 USD / 59.50 USD",
                "customer different email: new@example.com / "
                "rechnung.basil@nordlicht.example",
                "customer different name: Another Ltd / Nordlicht Analytics Basil GmbH",
                "invoice different amount_remaining: 1.00 EUR / 0.00 USD",
                "invoice different currency: EUR / USD",
                "invoice different customer: cus_other / cus_nVV8urHm5xywFW",
                "invoice different date: 2026-10-30 / 2026-11-02",
                "invoice different number: X-1 / 7IGOG4F5-0001",
                "invoice different state: open / paid",
                "invoice different total: 120.00 EUR / 119.00 USD",
                "payment different amount: 5.00 EUR / 119.00 USD",
                "payment different currency: EUR / USD",
                "payout different amount: 90.00 USD / 100.00 USD",
                "payout different date: 2026-11-03 / 2026-11-02",
                "refund different amount: 0.07 USD / 59.50 USD",
                "refund different date: 2026-10-30 / 2026-11-14",
                "refund different state: returned / succeeded",
                "subscription different currency: EUR / USD",
                "subscription different state: past_due / active",
            ],
        )

    def test_what_people_edited_is_no_difference(self):
        self.tell()
        self.book()
        tenant = self.env["saas.tenant"].search([("company_id", "=", self.company.id)])
        tenant.partner_id.name = "As the accountant writes it"
        self.change("customer.created", name="As the source writes it now")
        self.reconcile("customer")
        self.assertEqual(self.found(), [])

    def test_a_payment_undone_by_hand_is_found(self):
        """Somebody took the payment off the invoice: it is open here, paid there."""
        self.tell()
        self.book()
        move = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id), ("move_type", "=", "out_invoice")]
        )
        move.line_ids.remove_move_reconcile()
        self.reconcile("invoice")
        self.assertEqual(
            self.found(),
            [
                "invoice different amount_paid: 119.00 USD / 0.00 USD",
                "invoice different amount_remaining: 0.00 USD / 119.00 USD",
            ],
        )

    def test_what_cannot_be_read_is_shown(self):
        self.tell("customer.created", "invoice.finalized")
        self.change("invoice.finalized", total="a lot")
        self.reconcile("invoice")
        self.assertEqual(
            self.found(),
            [
                "invoice different object: The value at data.object.total should be a "
                "whole number, but is a text. / -"
            ],
        )

    def test_period_is_in_the_source_s_time_zone(self):
        """An invoice made at 2:30 UTC on the 2nd was made on the 1st in New York."""
        self.tell("invoice.finalized")
        self.change("invoice.finalized", created=1793586600)  # 2026-11-02 02:30 UTC
        self.source.tz = "America/New_York"
        day = date(2026, 11, 1)
        self.assertEqual(
            self.counts(self.reconcile("invoice", period=(day, day))),
            {"invoice": (0, 0, 1, 0)},
        )
        self.source.tz = "UTC"
        self.assertEqual(
            self.counts(self.reconcile("invoice", period=(day, day))),
            {"invoice": (0, 0, 0, 0)},
        )

    def test_what_was_made_outside_the_period_is_asked_for(self):
        """Finalised in November, but made in October: November's list has no such
        invoice, and yet it is not only here.
        """
        self.tell()
        self.book()
        self.change("invoice.paid-expanded", created=1792800000)
        november = (date(2026, 11, 1), date(2026, 11, 30))
        run = self.reconcile("invoice", period=november)
        self.assertEqual(self.counts(run), {"invoice": (1, 0, 0, 0)})
        self.assertEqual(run.line_ids.pages, 1)

    def test_objects_that_are_nothing_to_book(self):
        """A draft, a payment that failed, a refund called off before it left."""
        self.tell("invoice.finalized", "charge.succeeded", "refund.created")
        self.change("invoice.finalized", status="draft")
        self.change("charge.succeeded", status="failed")
        self.change("refund.created", status="canceled", balance_transaction=None)
        run = self.reconcile("invoice", "payment", "refund")
        self.assertEqual(set(self.counts(run).values()), {(0, 0, 0, 0)})

    def test_from_before_the_cut_over(self):
        """Bound without a record: somebody else's books have it, and it agrees."""
        self.tell()
        self.book("customer.created")
        self.env["saas.binding"].create(
            [
                {
                    "source_id": self.source.id,
                    "kind": kind,
                    "external_id": stripe_fixtures.object_id("basil", name),
                    "rank": 2,
                }
                for kind, name in (
                    ("invoice", "invoice.paid-expanded"),
                    ("credit_note", "credit_note.created-post_payment"),
                    ("refund", "refund.created-credited"),
                )
            ]
        )
        run = self.reconcile("invoice", "credit_note", "refund")
        self.assertEqual(set(self.counts(run).values()), {(1, 0, 0, 0)})
