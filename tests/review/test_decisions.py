"""What people decide about objects: that nothing is to be booked, or which record it is.
A decision holds for the object, whatever events come before and after it.

Covers handlers/payments/decided and ledger/adoption.
"""

from itertools import permutations

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon

_DAY = "2026-11-02"


def _load(name, **changes):
    return stripe_fixtures.load("basil", name, **changes)


@tagged("post_install", "-at_install")
class TestDecisions(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviewer = new_test_user(
            cls.env,
            "decider",
            groups="saas_billing_sync.group_saas_reviewer",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def setUp(self):
        super().setUp()
        self.deliver(_load("customer.created"))
        self.partner = self.env["saas.tenant"].search([], order="id desc", limit=1)
        self.partner = self.partner.partner_id

    # -- what people do -----------------------------------------------------------

    def _press(self, event, method, **vals):
        """Press a button of an event and apply its wizard, as a reviewer."""
        event = event.with_user(self.reviewer)
        action = getattr(event, method)()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.reviewer)
            .with_context(**action["context"])
            .create(vals)
        )
        wizard.action_apply()
        self.drain()
        return wizard

    def _ignore(self, event, note="It is in the old books."):
        return self._press(event, "action_ignore", note=note)

    def _bind(self, event, record, **vals):
        field = "payment_id" if record._name == "account.payment" else "move_id"
        return self._press(event, "action_bind_record", **{field: record.id}, **vals)

    def _refuse(self, event, record, words, **vals):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self._bind(event, record, **vals)
        self.assertIn(words, str(caught.exception))

    def _enter_document(self, move_type="out_invoice", price=100, **vals):
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.partner.id,
                "invoice_date": _DAY,
                "date": _DAY,
                "journal_id": self.company_data["default_journal_sale"].id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product_a.id,
                            "price_unit": price,
                            "tax_ids": [Command.set(self.vat_19.ids)],
                        }
                    )
                ],
                **vals,
            }
        )
        move.action_post()
        return move

    def _enter_payment(self, amount=119, payment_type="inbound", **vals):
        journal = self.clearing_journal
        methods = journal[f"{payment_type}_payment_method_line_ids"]
        payment = self.env["account.payment"].create(
            {
                "payment_type": payment_type,
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": amount,
                "date": _DAY,
                "journal_id": journal.id,
                "payment_method_line_id": methods.filtered("payment_account_id")[:1].id,
                **vals,
            }
        )
        payment.action_post()
        return payment

    def _enter_entry(self, debit, credit, amount, date=_DAY):
        move = self.env["account.move"].create(
            {
                "date": date,
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create({"account_id": debit.id, "debit": amount}),
                    Command.create({"account_id": credit.id, "credit": amount}),
                ],
            }
        )
        move.action_post()
        return move

    def _sum(self):
        """Return the balances of all accounts that aren't zero, by their names."""
        groups = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            ["account_id"],
            ["balance:sum"],
        )
        return {
            self.accounts.get(account, account.code): round(balance, 2)
            for account, balance in groups
            if round(balance, 2)
        }

    def _quarantine_invoice(self, name="invoice.finalized"):
        self.source.default_product_id = False
        event = self.deliver(_load(name))
        self.assertState(event, "quarantined", "unmapped_product")
        self.source.default_product_id = self.product_a
        return event

    # -- ignored for good -----------------------------------------------------------

    def test_an_ignored_invoice_stays_ignored(self):
        event = self._quarantine_invoice()
        self._ignore(event)
        self.assertState(event, "ignored", "ignored_by_person")
        later = self.deliver(_load("invoice.paid"))
        self.assertState(later, "ignored", "ignored_by_person")
        self.assertIn("decider", later.detail)
        self.assertIn("It is in the old books.", later.detail)
        paid = self.deliver(_load("invoice_payment.paid"))
        self.assertState(paid, "done")
        self.assertEqual(self._sum(), {"AR": -119, "SC": 119})
        [decision] = self.env["saas.resolution"].search([])
        self.assertEqual(
            (decision.kind, decision.choice, decision.author_id),
            ("invoice", "nothing", self.reviewer),
        )
        self.assertWhole()

    def test_ignoring_converges(self):
        """Whatever comes before the decision, and what after: the same books."""
        names = ("invoice.paid", "invoice_payment.paid", "charge.succeeded")
        results = set()
        for order in permutations((*names, None)):
            with self.env.cr.savepoint() as savepoint:
                event = self._quarantine_invoice()
                self.source.default_product_id = False
                for name in order:
                    if name:
                        self.deliver(_load(name))
                    else:
                        self._ignore(event)
                states = self.env["saas.subscription.event"].search(
                    [("source_id", "=", self.source.id)]
                )
                self.assertLessEqual(set(states.mapped("state")), {"done", "ignored"})
                results.add(self.books())
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(len(results), 1)

    def test_what_belongs_to_an_ignored_invoice_asks_a_person(self):
        event = self._quarantine_invoice("invoice.finalized-to_credit")
        parked = self.deliver(_load("credit_note.created-pre_payment"))
        self.assertState(parked, "parked")
        self._ignore(event)
        self.assertState(parked, "quarantined", "parent_ignored")
        self._ignore(parked)
        self.assertState(parked, "ignored", "ignored_by_person")
        self.assertEqual(self._sum(), {})

    def test_booked_after_all(self):
        event = self._quarantine_invoice()
        self._ignore(event)
        later = self.deliver(_load("invoice.paid"))
        self.deliver(_load("invoice_payment.paid"))
        self._press(later, "action_book_after_all", note="It is not there.")
        self.assertState(event | later, "done")
        self.assertEqual(self._sum(), {"REV": -100, "SC": 119, "TAX": -19})
        self.assertEqual(
            self.env["saas.resolution"].search([]).mapped("choice"), ["open", "nothing"]
        )
        self.assertWhole()

    def test_an_ignored_payment(self):
        """Its refund asks a person, its movement is explained, its fee is booked."""
        self.source.clearing_journal_id = False
        event = self.deliver(_load("charge.succeeded"))
        self.source.clearing_journal_id = self.clearing_journal
        self.assertState(event, "quarantined", "incomplete_setup")
        refund = self.deliver(_load("refund.created"))
        moved = self.deliver(_load("pulled.balance_transaction-charge"))
        self.assertState(refund | moved, "parked")
        self._ignore(event)
        self.assertState(refund, "quarantined", "parent_ignored")
        self.assertState(moved, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "decided")
        self.assertEqual(self._sum(), {"FEE": 3.75, "SC": -3.75})
        self._ignore(refund)
        self.assertState(refund, "ignored", "ignored_by_person")

    def test_an_ignored_payment_told_by_its_part(self):
        """Ids that are told after the decision are known as the ignored payment's."""
        self.source.clearing_journal_id = False
        self.deliver(_load("invoice.finalized"))
        event = self.deliver(_load("invoice_payment.paid"))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.source.clearing_journal_id = self.clearing_journal
        self._ignore(event)
        charge = self.deliver(_load("charge.succeeded"))
        self.assertState(charge, "ignored", "ignored_by_person")
        moved = self.deliver(_load("pulled.balance_transaction-charge"))
        self.assertState(moved, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "decided")

    def test_a_customer_is_ignored_by_event_alone(self):
        """Where there is no money, nothing is kept for the object."""
        event = self.deliver(_load("refund.created"))
        self.assertState(event, "parked")
        self._ignore(event)
        self.assertTrue(self.env["saas.resolution"].search([]))
        event = self.deliver(_load("charge.refunded"))
        count = self.env["saas.resolution"].search_count([])
        if event.state == "parked":
            self._ignore(event)
        self.assertEqual(self.env["saas.resolution"].search_count([]), count)

    # -- bound --------------------------------------------------------------------

    def test_a_bound_invoice_is_paid(self):
        event = self._quarantine_invoice()
        move = self._enter_document()
        self.deliver(_load("invoice_payment.paid"))
        self._bind(event, move)
        self.assertState(event, "done")
        self.assertState(self.deliver(_load("invoice.paid")), "done")
        self.assertEqual(move.payment_state, "paid")
        self.assertEqual(move.saas_state, "paid")
        self.assertEqual(self._sum(), {"REV": -100, "SC": 119, "TAX": -19})
        self.assertWhole()

    def test_a_bound_invoice_is_voided(self):
        event = self._quarantine_invoice("invoice.finalized-to_void")
        self._bind(event, self._enter_document(), note="Its day is the order's.")
        self.assertState(self.deliver(_load("invoice.voided")), "done")
        self.assertEqual(self._sum(), {})

    def test_a_bound_invoice_is_credited(self):
        event = self._quarantine_invoice("invoice.finalized-to_credit")
        move = self._enter_document()
        self._bind(event, move, note="Its day is the order's.")
        credit = self.deliver(_load("credit_note.created-pre_payment"))
        self.assertState(credit, "done")
        self.assertEqual(move.amount_residual, 59.5)

    def test_a_bound_invoice_is_lost(self):
        event = self._quarantine_invoice("invoice.marked_uncollectible")
        move = self._enter_document()
        self._bind(event, move, note="Its day is the order's.")
        self.assertState(event, "done")
        self.assertEqual(move.amount_residual, 0)
        self.assertEqual(self._sum(), {"BAD": 119, "REV": -100, "TAX": -19})

    def test_a_difference_needs_a_note_and_stays_in_sight(self):
        event = self._quarantine_invoice()
        move = self._enter_document(price=90)
        self._refuse(event, move, "107.10")
        self._bind(event, move, note="A discount was agreed.")
        [decision] = self.env["saas.resolution"].search([])
        self.assertIn("107.10", decision.difference)
        self.assertEqual(decision.note, "A discount was agreed.")

    def test_what_can_not_be_bound(self):
        event = self._quarantine_invoice()
        self._refuse(event, self._enter_document("out_refund"), "direction")
        euro = self._enter_document(currency_id=self.eur.id)
        self._refuse(event, euro, "USD")
        other = self._enter_document(partner_id=self.partner_b.id)
        self._refuse(event, other, other.partner_id.name)
        draft = self._enter_document()
        draft.button_draft()
        self._refuse(event, draft, "posted")
        self._bind(event, other, any_partner=True, note="It pays for its daughter.")
        self.assertState(event, "done")

    def test_candidates(self):
        """The likely one is first, and other companies' are not offered."""
        event = self._quarantine_invoice()
        far, near = self._enter_document(price=70), self._enter_document()
        foreign = self.setup_other_company(name="Elsewhere")["company"]
        wizard = (
            self.env["saas.object.bind"]
            .with_user(self.reviewer)
            .create({"event_ids": [Command.set(event.ids)]})
        )
        self.assertEqual(wizard.candidate_move_ids.ids, [near.id, far.id])
        journal = self.env["account.journal"].search(
            [("company_id", "=", foreign.id), ("type", "=", "general")], limit=1
        )
        move = self.env["account.move"].create({"journal_id": journal.id})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._bind(event, move)

    def test_only_finance_decides(self):
        event = self._quarantine_invoice()
        for role in ("operator", "manager"):
            user = new_test_user(
                self.env,
                f"not_{role}",
                groups=f"saas_billing_sync.group_saas_{role}",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            for method in ("action_ignore", "action_bind_record"):
                with self.assertRaises(AccessError):
                    getattr(event.with_user(user), method)()
        with self.assertRaises(AccessError):
            self._ignore(event)
            self.env["saas.resolution"].search([]).note = "forged"

    def test_a_bound_payment(self):
        """Its movement is proved, its invoice paid, its refund booked."""
        self.source.clearing_journal_id = False
        event = self.deliver(_load("charge.succeeded"))
        self.source.clearing_journal_id = self.clearing_journal
        payment = self._enter_payment()
        self._bind(event, payment)
        self.assertState(event, "done")
        others = self.deliver(
            _load("invoice.finalized"),
            _load("invoice_payment.paid"),
            _load("refund.created"),
            _load("pulled.balance_transaction-charge"),
        )
        self.assertState(others, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "matched")
        self.assertEqual(payment.move_id.line_ids.filtered("reconciled").account_id, (
            self.company_data["default_account_receivable"]
        ))
        self.assertEqual(
            self._sum(),
            {"AR": 30, "FEE": 3.75, "REV": -100, "SC": 85.25, "TAX": -19},
        )
        self.assertWhole()

    def test_a_bound_payment_that_differs(self):
        """Nothing is booked for the rest; the proof shows what was decided."""
        self.source.clearing_journal_id = False
        event = self.deliver(_load("charge.succeeded"))
        self.source.clearing_journal_id = self.clearing_journal
        self._bind(event, self._enter_payment(100), note="The bank kept the rest.")
        moved = self.deliver(
            _load("invoice_payment.paid"), _load("pulled.balance_transaction-charge")
        )
        self.assertState(moved[1], "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "decided")
        self.assertEqual(record.difference, 19)
        self.assertEqual(self._sum(), {"AR": -100, "FEE": 3.75, "SC": 96.25})

    def test_a_payment_bound_to_an_entry(self):
        receivable = self.company_data["default_account_receivable"]
        clearing = self.clearing_journal.default_account_id
        self.source.clearing_journal_id = False
        event = self.deliver(_load("charge.succeeded"))
        self.source.clearing_journal_id = self.clearing_journal
        entry = self._enter_entry(clearing, receivable, 119)
        self._bind(event, entry)
        others = self.deliver(
            _load("invoice.finalized"),
            _load("invoice_payment.paid"),
            _load("pulled.balance_transaction-charge"),
        )
        self.assertState(others, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "matched")
        self.assertEqual(
            self._sum(), {"FEE": 3.75, "REV": -100, "SC": 115.25, "TAX": -19}
        )

    def test_a_bound_refund(self):
        event = self.deliver(_load("refund.created"))
        self.assertState(event, "parked")
        refund = self._enter_payment(30, "outbound")
        self._bind(event, refund, note="Its day is the order's.")
        self.assertState(event, "done")
        self.deliver(_load("charge.succeeded"))
        self.assertEqual(self._sum(), {"AR": -89, "SC": 89})

    def test_a_bound_payout(self):
        clearing = self.clearing_journal.default_account_id
        sent = self.company.transfer_account_id
        self.company.fiscalyear_lock_date = "2026-11-30"
        event = self.deliver(_load("payout.paid"))
        self.assertState(event, "quarantined", "period_locked")
        entry = self._enter_entry(sent, clearing, 218.91, "2026-12-01")
        self.company.fiscalyear_lock_date = False
        self._refuse(event, self._enter_entry(clearing, sent, 218.91), "direction")
        self._bind(event, entry, note="November is closed.")
        self.assertState(event, "done")
        [payout] = self.env["saas.payout"].search([])
        self.assertEqual(payout.move_id, entry)
        moved = self.deliver(_load("pulled.balance_transaction-payout"))
        self.assertState(moved, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "matched")

    def test_an_ignored_payout(self):
        self.company.fiscalyear_lock_date = "2026-11-30"
        event = self.deliver(_load("payout.paid"))
        self.assertState(event, "quarantined", "period_locked")
        self._ignore(event)
        self.assertState(event, "ignored", "ignored_by_person")
        self.assertEqual(self._sum(), {})
        moved = self.deliver(_load("pulled.balance_transaction-payout"))
        self.assertState(moved, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "decided")

    def test_a_bound_movement(self):
        self.source.fee_account_id = False
        event = self.deliver(_load("pulled.balance_transaction-stripe_fee"))
        self.assertState(event, "quarantined", "incomplete_setup")
        clearing = self.clearing_journal.default_account_id
        fact = event._read_facts()[0]
        expense = self.company_data["default_account_expense"]
        amount = -fact.net / 100
        self._bind(event, self._enter_entry(expense, clearing, amount), note="Its day.")
        self.assertState(event, "done")
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "matched")

    def test_a_bound_dispute(self):
        self.deliver(_load("charge.captured"))
        account = self.source.dispute_account_id
        self.source.dispute_account_id = False
        event = self.deliver(_load("charge.dispute.funds_withdrawn"))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.source.dispute_account_id = account
        clearing = self.clearing_journal.default_account_id
        net = -sum(part.net for part in event._read_facts()[0].movements) / 100
        before = self._sum()
        self._bind(event, self._enter_entry(account, clearing, net), note="With fee.")
        self.assertState(event, "done")
        self.assertEqual(self._sum()["DISP"], net)
        self.assertEqual(self._sum()["SC"], round(before["SC"] - net, 2))
        moved = self.deliver(_load("pulled.balance_transaction-dispute"))
        self.assertState(moved, "done")
        record = self.env["saas.balance.transaction"].search([], limit=1)
        self.assertEqual(record.match_state, "matched")

    def test_an_ignored_dispute(self):
        self.deliver(_load("charge.captured"))
        self.source.dispute_account_id = False
        event = self.deliver(_load("charge.dispute.funds_withdrawn"))
        before = self._sum()
        self._ignore(event)
        self.assertState(event, "ignored", "ignored_by_person")
        moved = self.deliver(_load("pulled.balance_transaction-dispute"))
        self.assertState(moved, "done")
        record = self.env["saas.balance.transaction"].search([], limit=1)
        self.assertEqual(record.match_state, "decided")
        self.assertEqual(self._sum(), before)

    def test_what_was_given_up_waiting_is_freed(self):
        """What waited too long for the object goes on with the decision."""
        event = self._quarantine_invoice("invoice.finalized-to_credit")
        credit = self.deliver(_load("credit_note.created-pre_payment"))
        credit.received_at = "2020-01-01"
        self.env["saas.source"]._cron_sweep()
        self.assertState(credit, "quarantined", "missing_reference")
        self._bind(event, self._enter_document(), note="Its day is the order's.")
        self.assertState(credit, "done")
