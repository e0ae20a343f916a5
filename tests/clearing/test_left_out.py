"""Green means proved: what waits is at the source and not in the books."""

from lxml import etree

from odoo import Command
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..support import stripe_fixtures
from ..support.common import SaasCommon
from .test_clearing import load_story


@tagged("post_install", "-at_install")
class TestLeftOut(SaasCommon):
    def _load(self, name, **changes):
        event = stripe_fixtures.load("basil", name)
        event["data"]["object"].update(changes)
        return event

    def _charge(self, number, currency, amount):
        """A payment of a customer that was not told of."""
        event = self._load(
            "charge.succeeded",
            id=f"ch_left{number}",
            customer=f"cus_left{number}",
            payment_intent=f"pi_left{number}",
            balance_transaction=f"txn_left{number}",
            currency=currency,
            amount=amount,
            amount_captured=amount,
        )
        return {**event, "id": f"evt_left{number}"}

    def _quarantine(self, *events):
        """Leave events to a person, as the sweep does when nothing came in time."""
        self.assertState(events, "parked")
        for event in events:
            event.received_at = "2020-01-01"
        self.env["saas.source"]._cron_sweep()
        self.assertState(events, "quarantined", "unknown_tenant")

    def _get_balances(self, source=None):
        self.env.flush_all()
        self.env.invalidate_all()
        balances = self.env["saas.clearing.balance"].search(
            [("source_id", "=", (source or self.source).id)]
        )
        return {balance.currency_id.name: balance for balance in balances}

    def _get_colours(self, record, field):
        """Return the decorations of a field in the record's list, as shown."""
        arch = etree.fromstring(record.get_view(view_type="list")["arch"])
        [node] = arch.xpath(f"//field[@name='{field}'][@widget]")
        names = [name for name in node.attrib if name.startswith("decoration-")]
        [values] = record.read()
        return {n[11:] for n in names if safe_eval(node.get(n), dict(values))}

    def test_payments_that_wait_in_two_currencies(self):
        events = self.deliver(
            self._charge(1, "usd", 6000), self._charge(2, "eur", 3583)
        )
        self._quarantine(*events)
        balances = self._get_balances()
        told = {
            name: (b.booked, b.stated, b.waiting, b.difference, b.proof_state)
            for name, b in balances.items()
        }
        self.assertEqual(
            told,
            {
                "USD": (0, 60, 60, -60, "different"),
                "EUR": (0, 35.83, 35.83, -35.83, "different"),
            },
        )
        for balance in balances.values():
            self.assertEqual(self._get_colours(balance, "proof_state"), {"danger"})

    def test_a_sum_that_two_events_tell_counts_once(self):
        charge = self._charge(1, "usd", 6000)
        intent = self._load(
            "payment_intent.succeeded",
            id="pi_left1",
            customer="cus_left1",
            latest_charge="ch_left1",
            currency="usd",
            amount=6000,
            amount_received=6000,
        )
        self.deliver(charge, intent)
        [balance] = self._get_balances().values()
        self.assertEqual((balance.waiting, balance.waiting_count), (60, 1))

    def test_what_moved_before_the_cutover_is_of_other_books(self):
        """Their closing entry has it, also while its event waits. The day is that of
        the source's time zone; a payout states the day of its arrival.
        """
        self.source.cutover_date = "2026-11-03"
        old = self._charge(1, "usd", 6000)
        new = {**self._charge(2, "eur", 3583), "created": 1793836800}  # 2026-11-05
        self.assertState(self.deliver(old, new), "parked")
        self.assertEqual(self._get_waiting(), {"EUR": 35.83})
        self.company.transfer_account_id = False
        for number, arrival in ((3, 1793577600), (4, 1793664000)):
            event = self._load("payout.paid", id=f"po_left{number}")
            event["data"]["object"].update(arrival_date=arrival)
            self.deliver({**event, "id": f"evt_left{number}"})
        amount = event["data"]["object"]["amount"] / 100
        self.assertEqual(self._get_waiting(), {"EUR": 35.83, "USD": -amount})

    def test_what_people_decided_about_does_not_wait(self):
        """Of a payment that is ignored nothing is missing, whatever else tells of it
        and waits: the movement itself is explained by the decision.
        """
        events = self.deliver(self._charge(1, "usd", 6000))
        self._quarantine(*events)
        self.assertEqual(self._get_waiting(), {"USD": 60})
        about = {"source_id": self.source.id, "kind": "payment"}
        decide = self.env["saas.resolution"].create
        for choice, waiting in (("nothing", {}), ("open", {"USD": 60})):
            decide({**about, "external_id": "pi_left1", "choice": choice})
            self.assertEqual(self._get_waiting(), waiting, choice)
        wizard = self.env["saas.event.ignore"].create(
            {"event_ids": [Command.set(events.ids)], "note": "It is in other books."}
        )
        wizard.action_apply()
        self.drain()
        late = {**self._charge(1, "usd", 6000), "id": "evt_left_again"}
        self.deliver(late)
        self.assertEqual(self._get_waiting(), {})
        moved = stripe_fixtures.load("basil", "pulled.balance_transaction-charge")
        moved["data"]["object"].update(
            id="txn_left1", source="ch_left1", amount=6000, fee=0, fee_details=[]
        )
        moved["data"]["object"]["net"] = 6000
        self.assertState(self.deliver({**moved, "id": "evt_left_moved"}), "done")
        [balance] = self._get_balances().values()
        self.assertEqual(
            (balance.booked, balance.stated, balance.decided, balance.difference),
            (0, 60, 60, 0),
        )
        self.assertEqual(balance.proof_state, "decided")

    def _get_waiting(self):
        """Return what waits by the currency's name, where anything does."""
        return {
            name: balance.waiting
            for name, balance in self._get_balances().items()
            if balance.waiting_count
        }

    def test_what_was_booked_waits_no_longer(self):
        charge = stripe_fixtures.load("basil", "charge.succeeded")
        self.deliver(charge)
        [balance] = self._get_balances().values()
        self.assertEqual((balance.waiting, balance.difference), (119, -119))
        self.deliver(stripe_fixtures.load("basil", "customer.created"))
        [balance] = self._get_balances().values()
        self.assertEqual((balance.booked, balance.waiting), (119, 0))

    def test_proved_is_green_until_an_event_is_unread(self):
        self.deliver(
            stripe_fixtures.load("basil", "pulled.balance_transaction-stripe_fee")
        )
        [balance] = self._get_balances().values()
        self.assertEqual(balance.proof_state, "proved")
        self.assertEqual(self._get_colours(balance, "proof_state"), {"success"})
        self.store(self._charge(1, "eur", 3583))
        balance = self._get_balances()["USD"]
        self.assertEqual((balance.unread_count, balance.difference), (1, 0))
        self.assertEqual(balance.proof_state, "incomplete")
        self.assertEqual(self._get_colours(balance, "proof_state"), {"warning"})

    def test_a_payout_is_not_green_while_an_event_about_it_waits(self):
        self.deliver(*load_story("basil"))
        payout = self.env["saas.payout"].search([("proof_state", "=", "proved")])[0]
        self.assertEqual(self._get_colours(payout, "proof_state"), {"success"})
        failed = stripe_fixtures.load("basil", "payout.failed")
        failed["data"]["object"].update(id=payout.external_id, currency="xyz")
        event = self.deliver({**failed, "id": "evt_leftpayout"})
        self.assertState(event, "quarantined", "currency_mismatch")
        self.assertEqual(payout.waiting_count, 1)
        self.assertIn("wait and are not in the proof", payout.proof_hint)
        self.assertEqual(self._get_colours(payout, "proof_state"), {"warning"})

    def test_a_comparison_says_what_it_left_out(self):
        run = self.env["saas.reconciliation"].create(
            {
                "source_id": self.source.id,
                "date_from": "2026-11-01",
                "date_to": "2026-11-30",
                "state": "done",
            }
        )
        self.assertTrue(run.is_proved)
        self.assertEqual(self._get_colours(run, "state"), {"success"})
        self.deliver(self._charge(1, "eur", 3583))
        self.assertEqual((run.waiting_count, run.is_proved), (1, False))
        self.assertIn("not in the books", run.next_step)
        self.assertEqual(self._get_colours(run, "state"), {"warning"})
