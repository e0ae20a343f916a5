"""The four amounts of a document are held side by side: where two differ, a difference
with an owner opens, and closes once they are equal.

Covers canonical/review/tie_out, reconcile/tie_out, reconcile/tie_told,
reconcile/tie_agreed and reconcile/tie_money.
"""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ...canonical.metrics.level import Level
from ...canonical.review.tie_out import Pair, Sides, find_gaps, find_state
from ...models.reconcile import tie_out_jobs
from ...reconcile.outcome import Outcome
from ...reconcile.tie_agreed import find_price
from ..billing.common import BillingCommon, at
from ..clearing.test_clearing import load_story
from ..support import stripe_fixtures
from ..support.reconciling import ReconcileCommon


def compare(env, tenants):
    """Compare tenants as the job does; return their rows."""
    env.flush_all()
    env["saas.reconcile.tie_out"]._compare(tenants)
    env.flush_all()
    env.invalidate_all()
    return env["saas.tie.out"].search([("tenant_id", "in", tenants.ids)], order="id")


def tell(env, tenants):
    """Return the open differences of the four amounts, in a few words."""
    found = env["saas.difference"].search(
        [
            ("tenant_id", "in", tenants.ids),
            ("field", "in", [pair.value for pair in Pair]),
            ("state", "=", "open"),
        ],
        order="id",
    )
    return [f"{d.field}: {d.their_value} / {d.our_value}" for d in found]


@tagged("post_install", "-at_install")
class TestTieOutRules(BaseCase):
    """Which of four amounts differ."""

    def _make(self, agreed, stated, booked, paid, received, **vals):
        amounts = (agreed, stated, booked, paid, received)
        return Sides(*(x if x is None else Decimal(x) for x in amounts), **vals)

    def test_states(self):
        for amounts, is_open, state, pairs in (
            ((9, 9, 9, 9, 9), False, "equal", []),
            ((None, None, 9, 9, 9), False, "equal", []),
            ((9, 9, 9, 0, 0), True, "waits", []),
            ((9, 9, 9, 9, None), False, "waits", []),
            ((8, 9, 9, 9, 9), False, "differs", [Pair.AGREED]),
            ((8, None, 9, 9, 9), False, "differs", [Pair.AGREED]),
            ((9, 9, 8, 9, 9), False, "differs", [Pair.STATED]),
            ((9, 9, 9, 9, 8), True, "differs", [Pair.PAID]),
            ((7, 8, 9, 9, 8), False, "differs", [*Pair]),
        ):
            with self.subTest(amounts=amounts):
                sides = self._make(*amounts, is_open=is_open)
                self.assertEqual(find_state(sides), state)
                self.assertEqual([gap[0] for gap in find_gaps(sides)], pairs)

    def test_what_a_mirrored_subscription_tells(self):
        """100.00 a month: of a document that costs more it says what it should cost,
        with the document's own taxes; of one that costs less it says nothing.
        """
        month = (at(2026, 11, 1), at(2026, 12, 1))
        level = Level(at(2026, 10, 1), None, "USD", Fraction(100))
        later = level._replace(at=at(2026, 11, 2), amount=Fraction(200))
        for (net, gross), levels, period, expected in (
            ((10000, 11900), [level], month, "119.00"),
            ((8403, 10000), [level], month, "100.00"),
            ((12000, 14280), [level], month, "122.80"),
            ((9000, 10710), [level], month, None),
            ((120000, 120000), [level], (month[0], at(2027, 11, 1)), "1200.00"),
            ((10000, 11900), [level, later], month, "119.00"),
            ((10000, 11900), [later], month, None),
            ((10000, 11900), [level], (month[0], at(2026, 11, 12)), None),
            ((10000, 11900), [level._replace(currency="EUR")], month, None),
        ):
            with self.subTest(net=net, period=period):
                fact = SimpleNamespace(
                    currency="USD",
                    exponent=2,
                    lines=[SimpleNamespace(net=net)],
                    stated_total=lambda gross=gross: gross,
                    decimal=lambda minor: Decimal(minor).scaleb(-2),
                )
                found = find_price(fact, levels, *period)
                self.assertEqual(found, expected and Decimal(expected))


@tagged("post_install", "-at_install")
class TestTieOutOwn(BillingCommon):
    """What Odoo bills: 60.00 a month, and 19 % of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tenant = cls.create_tenant()
        cls.own.responsible_id = cls.responsible

    def setUp(self):
        super().setUp()
        self.subscribe(self.tenant, self.max, at(2026, 11, 1))
        self.bill(at(2026, 11, 1))
        self.move = self.get_moves(self.tenant)

    def _compare(self):
        return compare(self.env, self.tenant)

    def _tell(self):
        return tell(self.env, self.tenant)

    def _pay(self, amount=71.4):
        """Have money come to the bank, without a gateway."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        )
        journal = self.company_data["default_journal_bank"]
        wizard.create(
            {"amount": amount, "journal_id": journal.id}
        ).action_create_payments()

    def test_equal_amounts(self):
        [row] = self._compare()
        self.assertEqual(
            (row.agreed, row.stated, row.booked, row.paid, row.state),
            (71.4, 71.4, 71.4, 0, "waits"),
        )
        self.assertEqual(
            (str(row.period_start), str(row.period_end)), ("2026-11-01", "2026-11-30")
        )
        self._pay()
        [same] = self._compare()
        self.assertEqual(same, row)
        self.assertEqual((row.paid, row.received, row.state), (71.4, 71.4, "equal"))
        self.assertEqual(self._tell(), [])

    def test_charges_and_document_differ(self):
        charge = self.env["saas.charge"].search([("move_id", "=", self.move.id)])
        self._set_amount(charge, 5900)
        [row] = self._compare()
        self.assertEqual(row.state, "differs")
        self.assertEqual(self._tell(), ["tie_agreed: 70.40 USD / 71.40 USD"])
        found = self.env["saas.difference"].search([("field", "=", "tie_agreed")])
        self.assertEqual(
            (found.user_id, found.company_id, found.res_id),
            (self.responsible, self.company, self.move.id),
        )
        self.assertIn("bill or credit", found.next_step)
        action = row.action_view_differences()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), found)
        self._compare()
        self.assertEqual(self._tell(), ["tie_agreed: 70.40 USD / 71.40 USD"])
        self._set_amount(charge, 6000)
        [row] = self._compare()
        self.assertEqual((row.state, found.state), ("waits", "resolved"))

    def _set_amount(self, charge, minor):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE saas_charge SET amount = %s WHERE id = %s", [minor, charge.id]
        )
        self.env.invalidate_all()

    def test_others_are_left_alone(self):
        """Only the tenants that are asked for, and only of their own company."""
        other = self.create_tenant("Grace")
        self.subscribe(other, self.pro, at(2026, 11, 1), seats=2)
        self.bill(at(2026, 11, 2))
        self.assertEqual(self._compare().move_id, self.move)
        self.assertFalse(
            self.env["saas.tie.out"].search([("tenant_id", "=", other.id)])
        )

    def test_all_by_jobs_each_night(self):
        rows = self.env["saas.tie.out"]
        own = [("model_name", "=", "saas.tie.out")]
        jobs = self.env["queue.job"].search(own)
        rows._cron_compare()
        [first] = self.env["queue.job"].search(own) - jobs
        self.assertEqual(first.args, [0])
        with patch.object(tie_out_jobs, "_CHUNK", 1):
            rows._job_chunk(self.tenant.id - 1)
        [second] = self.env["queue.job"].search(own) - jobs - first
        self.assertEqual(second.args, [self.tenant.id])
        self.assertEqual(rows.search([("move_id", "=", self.move.id)]).booked, 71.4)


@tagged("post_install", "-at_install")
class TestTieOutMirrored(ReconcileCommon):
    """What another platform bills: 119.00 that were paid, with a fee."""

    def setUp(self):
        super().setUp()
        subscribed = stripe_fixtures.load("basil", "customer.subscription.created")
        self.deliver(subscribed, *load_story("basil"))
        self.tenants = self.env["saas.tenant"].search(
            [("company_id", "=", self.company.id)]
        )
        self.move = self.env["account.move"].search(
            [
                (
                    "saas_external_id",
                    "=",
                    stripe_fixtures.object_id("basil", "invoice.finalized"),
                )
            ]
        )

    def _compare(self):
        return compare(self.env, self.tenants).filtered(
            lambda row: row.move_id == self.move
        )

    def _tell(self):
        return tell(self.env, self.tenants)

    def _plant(self, table, vals, record):
        """Have a record be otherwise, past all that guards it."""
        self.env.flush_all()
        names = ", ".join(f"{name} = %s" for name in vals)
        self.env.cr.execute(
            f"UPDATE {table} SET {names} WHERE id = %s", [*vals.values(), record.id]
        )
        self.env.invalidate_all()

    def test_equal_amounts(self):
        row = self._compare()
        self.assertEqual(self._tell(), [])
        self.assertEqual(
            (row.stated, row.booked, row.paid, row.received), (119, 119, 119, 119)
        )
        self.assertTrue(row.fee and row.is_stated_known and row.is_received_known)
        self.assertEqual(row.net, row.received - row.fee)
        self.assertEqual(row.state, "equal")
        self.assertTrue(row.payouts)

    def test_document_and_books_differ(self):
        self._plant("account_move", {"amount_total": 118}, self.move)
        self.assertEqual(self._compare().state, "differs")
        self.assertEqual(self._tell(), ["tie_stated: 119.00 USD / 118.00 USD"])
        self._compare()
        self.assertEqual(len(self._tell()), 1)
        self._plant("account_move", {"amount_total": 119}, self.move)
        self.assertEqual(self._compare().state, "equal")
        self.assertEqual(self._tell(), [])

    def test_gateway_and_payments_differ(self):
        payment = self.env["account.payment"].search(
            [("id", "in", self.move.reconciled_payment_ids.ids)]
        )
        self.assertEqual(len(payment), 1)
        refs = self.env["saas.binding"].search(
            [("res_model", "=", "account.payment"), ("res_id", "=", payment.id)]
        )
        movement = self.env["saas.balance.transaction"].search(
            [("object_ref", "in", refs.mapped("external_id"))], order="id", limit=1
        )
        self._plant(
            "saas_balance_transaction",
            {"amount_minor": movement.amount_minor - 100},
            movement,
        )
        self.assertEqual(self._compare().state, "differs")
        self.assertEqual(self._tell(), ["tie_paid: 118.00 USD / 119.00 USD"])

    def test_comparing_with_the_source_leaves_them_alone(self):
        """A run that compares the source closes only what it looks at itself."""
        self._plant("account_move", {"amount_total": 118}, self.move)
        self._compare()
        self.env["saas.reconcile.findings"]._record(
            self.source,
            "invoice",
            [Outcome(self.move.saas_external_id, "matched")],
        )
        self.assertEqual(len(self._tell()), 1)
