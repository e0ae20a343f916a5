"""Payments and customers that a source doubts: the risk, its tenant, its case, and what
others are told.

Covers canonical/facts/risks, handlers/notices/risk, handlers/notices/risk_amount,
models/payments/risk, models/payments/tenant_risk, models/review/exception_risk and
wizards/payments/saas_risk_clear.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...canonical import facts
from ..support.session import create_person
from .risk_common import RiskCommon


@tagged("post_install", "-at_install")
class TestRisks(RiskCommon):
    def test_a_flag_puts_its_tenant_at_risk(self):
        self.pay()
        self.assertEqual(self.tenant.risk, "none")
        self.assertState(
            self.tell(self.platform, self.flag(reason="stolen_card")), "done"
        )
        risk = self.risk
        self.assertEqual(
            (risk.state, risk.reason, risk.is_actionable, risk.tenant_id, risk.amount),
            ("open", "stolen_card", True, self.tenant, 100.0),
        )
        self.assertEqual(risk.payment_id.saas_external_id, "P-1")
        self.assertEqual(self.tenant.risk, "open")
        self.assertEqual(self.tenant._filter_collection_stopped(), self.tenant)
        # The payment is all that is booked.
        moves = self.env["account.move"].search([("company_id", "=", self.company.id)])
        self.assertEqual(moves, risk.payment_id.move_id)

    def test_its_case(self):
        """It has the amount, an owner's rules and a day, and shows the event."""
        self.pay()
        event = self.tell(self.platform, self.flag())
        case = self.case
        self.assertEqual(
            (case.reason, case.amount, case.amount_known, case.tenant_id, case.actor),
            ("at_risk", 100.0, True, self.tenant, "reviewer"),
        )
        self.assertEqual(case.cause_key, "risk:F-1")
        self.assertEqual((case.event_ids, case.event_id), (event, event))
        self.assertTrue(case.date_due)
        self.assertIn("Clear the Risk", case.next_step)
        self.assertIn("100", case.head)
        self.assertEqual(case.action_open_risk()["res_id"], self.risk.id)
        totals = self.env["saas.exception"]._read_totals(self.company)
        self.assertEqual(totals, [(self.platform.id, self.company.id, 1, 100.0, True)])
        self.tell(self.platform, self.clear())
        self.assertEqual((case.state, bool(case.closed_at)), ("resolved", True))
        self.assertFalse(case.link_ids.filtered("is_open"))
        self.tell(self.platform, self.flag(14))
        self.assertEqual((self.case.previous_id, len(self.case)), (case, 1))

    def test_the_amount_follows_refunds(self):
        self.pay()
        self.tell(self.platform, self.flag())
        self.tell(self.platform, self.refund(3000))
        self.assertEqual((self.risk.amount, self.case.amount), (70.0, 70.0))
        self.tell(self.platform, self.refund(7000, "R-2"))
        self.assertEqual((self.risk.amount, self.case.amount), (0.0, 0.0))
        # Who pays with a stolen card is no less of a risk.
        self.assertEqual(self.tenant.risk, "open")

    def test_no_more_than_is_told_is_at_risk(self):
        self.pay()
        self.tell(self.platform, self.flag(amount=4000, currency="USD", exponent=2))
        self.assertEqual((self.risk.amount, self.case.amount), (40.0, 40.0))

    def test_an_amount_in_another_currency(self):
        """A case is in the company's currency. The rate is 0.80 for a dollar."""
        self.tell(self.platform, self.customer())
        told = self.flag(
            payment=None, customer="C-1", amount=8000, currency="EUR", exponent=2
        )
        self.tell(self.platform, told)
        self.assertEqual(
            (self.risk.amount, self.risk.amount_company, self.case.amount),
            (80.0, 100.0, 100.0),
        )

    def test_of_a_customer_nobody_knows_how_much(self):
        self.tell(self.platform, self.customer())
        self.tell(self.platform, self.flag(payment=None, customer="C-1"))
        self.assertEqual(self.tenant.risk, "open")
        self.assertEqual((self.case.amount, self.case.amount_known), (0.0, False))
        self.assertEqual(self.case.severity, "3")

    def test_it_waits_for_its_payment(self):
        event = self.tell(self.platform, self.flag())
        self.assertState(event, "parked")
        self.assertFalse(self.risk)
        self.pay()
        self.assertState(event, "done")
        self.assertEqual(self.tenant.risk, "open")

    def test_it_waits_for_its_customer(self):
        event = self.tell(self.platform, self.flag(payment=None, customer="C-1"))
        self.assertState(event, "parked")
        self.tell(self.platform, self.customer())
        self.assertState(event, "done")
        self.assertEqual(self.tenant.risk, "open")

    def test_a_second_risk_keeps_its_tenant_at_risk(self):
        self.pay()
        self.tell(self.platform, self.flag())
        self.tell(self.platform, self.flag(ref="F-2"))
        # The same money is at stake twice, and counts once.
        [(_source, _company, count, amount, _known)] = self.env[
            "saas.exception"
        ]._read_totals(self.company)
        self.assertEqual((count, amount), (2, 100.0))
        self.tell(self.platform, self.clear())
        self.assertEqual(self.tenant.risk, "open")
        self.tell(self.platform, self.clear(ref="F-2"))
        self.assertEqual(self.tenant.risk, "none")

    def test_guests_are_not_stopped_for_one_of_them(self):
        self.pay()
        self.tenant.sudo().is_guest = True
        self.tell(self.platform, self.flag())
        self.assertTrue(self.case)
        self.assertEqual(self.tenant.risk, "none")

    def test_others_are_told_at_once(self):
        target = self.env["saas.outbound.target"].create(
            {"name": "CRM", "company_id": self.company.id}
        )
        self.pay()
        event = self.tell(self.platform, self.flag(reason="stolen_card"))
        self.assertNotEqual(event.lane, "batch")
        self.again(event)
        self.tell(self.platform, self.clear())
        told = self.env["saas.outbound.message"].search(
            [("target_id", "=", target.id), ("type", "like", "risk.")], order="id"
        )
        self.assertEqual(told.mapped("type"), ["risk.flagged", "risk.cleared"])
        self.assertEqual(told.tenant_id, self.tenant)
        first, last = (message.payload["object"] for message in told)
        self.assertEqual(
            {name: first[name] for name in ("external_id", "amount", "reason")},
            {"external_id": "F-1", "amount": 10000, "reason": "stolen_card"},
        )
        self.assertTrue(first["is_tenant_at_risk"])
        self.assertFalse(last["is_tenant_at_risk"])

    # -- people ----------------------------------------------------------------------

    def test_a_person_clears_it(self):
        target = self.env["saas.outbound.target"].create(
            {"name": "CRM", "company_id": self.company.id}
        )
        self.pay()
        self.tell(self.platform, self.flag())
        reviewer = create_person(self, "clears", "reviewer")
        self.clear_by_hand(self.risk, reviewer)
        risk = self.risk
        self.assertEqual((risk.state, risk.cleared_by_id), ("cleared", reviewer))
        self.assertEqual(self.tenant.risk, "none")
        self.assertFalse(self.case)
        row = self.env["saas.sync.log"].search([("action", "=", "risk_cleared")])
        self.assertEqual(row.detail, "We spoke with them on the phone.")
        told = self.env["saas.outbound.message"].search(
            [("target_id", "=", target.id)], order="id desc", limit=1
        )
        self.assertEqual(told.type, "risk.cleared")
        with self.assertRaisesRegex(UserError, "cleared already"):
            self.clear_by_hand(risk, reviewer)

    def test_what_a_person_cleared_stays_so(self):
        """Unless the source tells something newer."""
        self.pay()
        told = self.tell(self.platform, self.flag(11))
        self.clear_by_hand(self.risk, create_person(self, "clears", "approver"))
        self.again(told)
        self.tell(self.platform, self.flag(10, is_actionable=False))
        self.tell(self.platform, self.refund(3000))
        self.assertEqual((self.risk.state, self.tenant.risk), ("cleared", "none"))
        self.assertEqual(self.risk.cleared_by_id.login, "clears")
        self.tell(self.platform, self.flag(13, reason="again"))
        self.assertEqual((self.risk.state, self.tenant.risk), ("open", "open"))
        self.assertFalse(self.risk.cleared_by_id)
        self.assertTrue(self.case)

    def test_why_is_needed(self):
        self.pay()
        self.tell(self.platform, self.flag())
        reviewer = create_person(self, "clears", "reviewer")
        with self.assertRaisesRegex(UserError, "Say why"):
            self.clear_by_hand(self.risk, reviewer, "  ")

    def test_who_may_clear(self):
        self.pay()
        self.tell(self.platform, self.flag())
        for role in ("operator", "manager", "auditor", "privacy"):
            person = create_person(self, f"clears_{role}", role)
            with self.subTest(role=role):
                risk = self.risk.with_user(person)
                self.assertEqual(risk.state, "open")
                self.assertRaises(AccessError, risk.action_clear)
                with self.assertRaises(AccessError):
                    risk.state = "cleared"

    def test_another_company_sees_nothing(self):
        self.pay()
        self.tell(self.platform, self.flag())
        stranger = create_person(self, "stranger", "approver")
        other = self.env["res.company"].create({"name": "Other"})
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.env["saas.risk"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.risk.with_user(stranger).action_clear()
        dialog = self.env["saas.risk.clear"].with_user(stranger)
        with self.assertRaises(AccessError):
            dialog.create({"risk_id": self.risk.id, "note": "x"}).action_apply()
        self.assertEqual(self.risk.state, "open")

    def test_a_customer_who_is_another_one(self):
        """A merge takes the risk along."""
        self.tell(self.platform, self.customer())
        other = self.customer("C-2", name="Ada", vat_numbers=())
        self.tell(self.platform, other)
        self.tell(self.platform, self.flag(payment=None, customer="C-2"))
        merged = facts.CustomerMerged(external_id="C-2", customer="C-1", winner="C-1")
        self.tell(self.platform, merged)
        found = self.env["saas.tenant"]._find(self.platform, ["C-1"])["C-1"]
        self.assertEqual((found.risk, self.risk.tenant_id), ("open", found))

    def test_the_money_turns_out_to_be_another_ones(self):
        """Whoever it belongs to is at risk."""
        self.tell(self.platform, self.customer())
        self.tell(self.platform, self.customer("C-2", name="Ada", vat_numbers=()))
        self.tell(self.platform, self.payment())
        self.tell(self.platform, self.flag())
        first, second = (
            self.env["saas.tenant"]._find(self.platform, [ref])[ref]
            for ref in ("C-1", "C-2")
        )
        payment = self.risk.payment_id
        self.assertEqual((first.risk, second.risk), ("open", "none"))
        payment.saas_tenant_id = second
        self.tell(self.platform, self.refund(1000))
        self.assertEqual((first.risk, second.risk), ("none", "open"))
        self.assertEqual(self.case.tenant_id, second)
