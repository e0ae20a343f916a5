"""The queue of cases costs the same however much waits, and people work through it.

Covers models/review/exception_counts.py, models/review/exception_steps.py.
"""

import re

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import Cursor
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.session import create_person
from .case_common import CaseCommon


@tagged("post_install", "-at_install")
class TestCaseQueue(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: create_person(cls, f"queue_{role}", role)
            for role in ("operator", "manager", "reviewer")
        }
        cls.watcher = create_person(cls, "queue_user", "user")

    # -- what it costs -------------------------------------------------------------

    def _count(self, call, of=""):
        """Return how many queries a call takes, on an empty cache.

        :param of: what queries that count are of.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        queries = []
        original = Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            queries.append(str(getattr(query, "code", query)))
            return original(cursor, query, *args, **kwargs)

        self.patch(Cursor, "execute", execute)
        call()
        Cursor.execute = original
        return len([query for query in queries if re.search(of, query)])

    def _drain(self, label, causes, events, of=""):
        """Drain a batch of events with as many causes; return its queries."""
        self.store(
            *(
                self.invoice(f"{label}_{n}", f"{label}_{n % causes}")
                for n in range(events)
            )
        )
        return self._count(self.drain, of)

    def test_a_drain_costs_the_same_with_few_and_many_causes(self):
        self._drain("warm", 3, 30)
        few = self._drain("few", 10, 150)
        many = self._drain("many", 150, 150)
        self.assertEqual(len(self.cases()), 3 + 10 + 150)
        self.assertLessEqual(abs(many - few), 2)

    def test_an_event_with_many_causes_costs_the_same(self):
        self._drain("warm", 3, 30)
        found = []
        for count in (10, 300):
            self.store(self.invoice(count, *(f"p{count}_{n}" for n in range(count))))
            found.append(self._count(self.drain))
        self.assertEqual(len(self.cases()), 3 + 310)
        self.assertLessEqual(abs(found[1] - found[0]), 2)

    def test_an_event_more_costs_no_statement_more(self):
        """New states, rows of the log and cases are written for all events at once."""
        written = r"saas_exception|(INSERT INTO|UPDATE) .?saas_s(ync|ubscription)"
        self._drain("warm", 3, 30)
        few = self._drain("few", 5, 10, written)
        many = self._drain("many", 50, 100, written)
        self.assertGreater(few, 4)
        self.assertEqual(few, many)

    def _multiply(self, label, count):
        """Let ``count`` more events wait for what the first one waits for."""
        self.env.cr.execute(
            """INSERT INTO saas_subscription_event
                      (source_id, company_id, external_id, event_type, received_at,
                       body, state, reason, detail, object_kind, object_ref,
                       stake_company, is_stake_known)
               SELECT source_id, company_id, external_id || %s || n, event_type,
                      received_at, body, state, reason, detail, object_kind,
                      object_ref || %s || n, stake_company, true
                 FROM saas_subscription_event, generate_series(1, %s) n
                WHERE source_id = %s AND external_id = 'evt_first'
            RETURNING id""",
            (label, label, count, self.source.id),
        )
        ids = [event_id for (event_id,) in self.env.cr.fetchall()]
        self.env.invalidate_all()
        events = self.env["saas.subscription.event"].browse(ids)
        cases = self.cases(state="open")
        rows = [
            (event.id, self.source.id, self.company.id, case.reason, case.cause_key)
            + ("", 0, "2")
            for number, event in enumerate(events)
            for case in [cases[number % len(cases)]]
        ]
        cases._link(rows)
        cases._refresh()

    def _open_queue(self):
        """Do what the web client does when the list is opened."""
        user = self.users["reviewer"]
        cases = self.env["saas.exception"].with_user(user).sudo(False)
        view = self.env.ref("saas_billing_sync.saas_exception_view_list")
        names = [node.get("name") for node in etree.fromstring(view.arch).iter("field")]
        links = ("source_id", "tenant_id", "user_id", "company_id")
        spec = {
            name: {"fields": {"display_name": {}}} if name in links else {}
            for name in names
        }
        return cases.web_search_read([("state", "=", "open")], spec, limit=80)

    def test_the_queue_costs_the_same_with_few_and_many_events(self):
        self.deliver(self.invoice("first", "p1"), self.invoice("second", "p2"))
        self._multiply("few", 100)
        self._open_queue()
        few = self._count(self._open_queue)
        self._multiply("many", 1900)
        many = self._count(self._open_queue)
        self.assertEqual(sum(self.cases().mapped("event_count")), 2002)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 12)

    def test_a_case_costs_the_same_with_few_and_many_events(self):
        self.deliver(self.invoice("first", "p1"))
        spec = {name: {} for name in ("head", "next_step", "event_ids", "payload")}
        case = self.cases().with_user(self.users["reviewer"]).sudo(False)
        found = []
        for count in (100, 900):
            self._multiply(f"more{count}", count)
            case.web_read(spec)
            found.append(self._count(lambda: case.web_read(spec)))
        self.assertEqual(found[0], found[1])

    # -- how people work on it -------------------------------------------------------

    def test_the_grave_and_early_come_first(self):
        self.deliver(self.invoice(1, "p1"), self.invoice(2, "p2", "p2"))
        large, small = self.cases().sorted("amount", reverse=True)
        self.assertEqual(large.cause_key, "p2|of_p2")
        queue = self.env["saas.exception"].search([("state", "=", "open")])
        self.assertEqual(queue[:2], large | small)
        self.assertTrue(all(queue.mapped("date_due")))

    def test_who_works_on_it(self):
        self.deliver(self.invoice(1, "p1"), self.invoice(2, "p2"))
        first, second = self.cases()
        for role, user in self.users.items():
            with self.subTest(role=role):
                case = first.with_user(user).sudo(False)
                case.action_take()
                self.assertEqual(first.user_id, user)
                following = case.browse(case.get_next())
                self.assertEqual(following, second)
        case.action_snooze()
        self.assertTrue(first.is_snoozed)
        self.assertIn(first, case.search([("is_snoozed", "=", True)]))
        mine = second.with_user(self.users["manager"]).sudo(False)
        self.assertFalse(mine.get_next())
        with self.assertRaises(UserError):
            mine.action_open_next()
        case.action_wake()
        self.assertFalse(first.is_snoozed)

    def test_who_only_looks_changes_nothing(self):
        self.deliver(self.invoice(1, "p1"))
        case = self.cases().with_user(self.watcher).sudo(False)
        self.assertTrue(case.head)
        for call in (case.action_take, case.action_snooze, case.action_retry):
            with self.subTest(call=call.__name__), self.assertRaises(AccessError):
                call()
        manager = case.with_user(self.users["manager"])
        with self.assertRaises(AccessError):
            manager.write({"state": "resolved"})

    def test_the_next_step_is_the_newest_event_s(self):
        event = self.deliver(self.invoice(1, "p1"))
        [case] = self.cases().with_user(self.users["manager"]).sudo(False)
        self.assertEqual(case.event_id, event)
        self.assertEqual(case.next_step, event.with_env(case.env).next_step)
        action = case.action_map_product()
        self.assertEqual(action["res_model"], "saas.product.map")
        self.assertEqual(action["context"]["default_case_id"], case.id)
        opened = self.env["saas.subscription.event"].search(
            case.action_view_events()["domain"]
        )
        self.assertEqual(opened, event)
        self.map_product("p1", self.users["manager"])
        with self.assertRaises(UserError):
            case.action_map_product()

    def test_one_choice_of_a_customer_frees_all_without_reading_them(self):
        for name in ("One", "Two"):
            self.env["res.partner"].create({"name": name, "vat": "DE811907980"})
        number = {"type": "eu_vat", "value": "DE811907980"}
        payload = stripe_fixtures.load(
            "basil", "customer.created", id="cus_two", tax_ids={"data": [number]}
        )
        events = self.deliver(*({**payload, "id": f"evt_{n}"} for n in range(5)))
        self.assertState(events, "quarantined", "duplicate_customer")
        [case] = self.cases().with_user(self.users["reviewer"]).sudo(False)
        self.assertEqual(case.cause_key, "customer:cus_two")
        action = case.action_choose_customer()
        partner = self.env["res.partner"].search([("name", "=", "Two")], limit=1)
        wizard = case.env[action["res_model"]].with_context(**action["context"])
        wizard = wizard.create({"choice": "partner", "partner_id": partner.id})
        read = []
        adapter = self.env.registry["saas.adapter.stripe"]
        original = adapter._parse

        def parse(own, body):
            read.append(body)
            return original(own, body)

        self.patch(adapter, "_parse", parse)
        self.env.invalidate_all()
        wizard.action_apply()
        self.assertEqual(set(events.mapped("state")), {"received"})
        self.assertEqual(len(set(read)), 1, "those that wait are not read")
        self.drain()
        self.assertState(events, "done")
        self.assertEqual(case.state, "resolved")

    def test_a_case_is_retried_whole(self):
        events = self.deliver(*(self.invoice(n, "p1") for n in range(3)))
        case = self.cases().with_user(self.users["operator"]).sudo(False)
        case.action_retry()
        self.assertEqual(set(events.mapped("state")), {"received"})
