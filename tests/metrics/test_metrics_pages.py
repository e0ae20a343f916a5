"""The pages of figures: each tile's number is that of the list it opens, as few queries
at 5,000 events as at 100, and no page for who may not see it. Covers metrics/board,
metrics/home_page, metrics/operations_page, metrics/finance_page, metrics/flows_page,
metrics/documents/money_tiles.
"""

import json
from collections import Counter
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.sql_db import Cursor
from odoo.tests import new_test_user, tagged

from ..clearing.test_clearing import load_story
from ..support import stripe_fixtures
from ..support.common import SaasCommon
from ..support.session import create_person
from .reading import ReadingMixin, ago

_ROLES = ("operator", "manager", "reviewer", "approver")
_PAGES = {
    "get_home": set(_ROLES),
    "get_operations": {"operator", "manager"},
    "get_finance": {"reviewer", "approver"},
    "get_flows": set(_ROLES),
}


class PagesCommon(ReadingMixin, SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: create_person(cls, f"pages_{role}", role) for role in _ROLES}

    def open_page(self, method, role):
        """Return a page as the web client gets it."""
        board = self.env["saas.metrics.board"].with_user(self.users[role])
        return json.loads(json.dumps(getattr(board, method)()))

    def get_openings(self, page):
        """Yield what can be opened, with the number that the page tells of it: the
        value of a tile of a number, or the cell that counts; None where it tells none.
        """
        for section in page["sections"]:
            for tile in section["tiles"]:
                if tile["opens"]:
                    count = tile["value"]
                    if tile["note"]:
                        count = tile["note"].partition(" ")[0]
                    yield f"{section['name']}/{tile['name']}", tile["opens"], count
            for row in (section["table"] or {}).get("rows", ()):
                if row["opens"]:
                    column = {"reasons": 2, "ageing": 1, "tenants": 1, "mine": 1}
                    column = column.get(section["name"])
                    count = row["cells"][column] if column else None
                    yield f"{section['name']}/{row['cells'][0]}", row["opens"], count

    def open_list(self, opens, role):
        """Return the records of the list that an opening shows."""
        action = self.env["ir.actions.actions"]._for_xml_id(opens["action"])
        model = self.env[action["res_model"]].with_user(self.users[role])
        terms = [tuple(t) if isinstance(t, list) else t for t in opens["domain"]]
        return model.search(terms)

    def tell_a_story(self):
        """Book a month, and leave something to do of each kind."""
        self.deliver(*load_story("basil"))
        self.source.default_product_id = False
        self.deliver(stripe_fixtures.load("basil", "invoice.finalized-mixed"))
        self.put_events(2, state="'received'", received_at=ago(minutes=5))
        self.put_events(1, state="'received'", attempts="2", lane="'batch'")
        self.put_events(1, state="'dead'", reason="'retries_exhausted'")
        self.put_events(1, state="'parked'", waiting_for="'invoice:in_x'")
        self.env["saas.difference"].create(
            {
                "source_id": self.source.id,
                "kind": "invoice",
                "external_id": "in_x",
                "result": "different",
                "field": "total",
                "user_id": self.users["reviewer"].id,
            }
        )
        self.env["saas.cursor"].create(
            {
                "source_id": self.source.id,
                "stream": "stands",
                "minutes": 5,
                "moved_at": "2026-01-01 00:00:00",
            }
        )
        self.env.flush_all()


@tagged("post_install", "-at_install")
class TestPages(PagesCommon):
    def test_each_number_is_that_of_its_list(self):
        self.tell_a_story()
        seen = set()
        for method, roles in _PAGES.items():
            for role in sorted(roles):
                for name, opens, count in self.get_openings(
                    self.open_page(method, role)
                ):
                    with self.subTest(page=method, role=role, part=name):
                        found = self.open_list(opens, role)
                        if count is not None and name not in _OF_OTHER_UNIT:
                            self.assertEqual(len(found), int(count.replace(",", "")))
                            seen |= {name} if found else set()
        self.assertLessEqual(
            {
                *("now/waiting", "now/retrying", "now/parked", "now/quarantined"),
                *("now/dead", "now/done_hour", "now/unmatched", "finance/differences"),
                *("mine/waits_for_me", "mine/my_differences", "operations/dead"),
            },
            seen,
        )

    def test_others_are_refused(self):
        """By the server: the menu is not what keeps them out."""
        plain = new_test_user(self.env, "pages_plain", groups="base.group_user")
        for method, roles in _PAGES.items():
            for role in set(_ROLES) - roles:
                with self.subTest(page=method, role=role):
                    with self.assertRaises(AccessError):
                        self.open_page(method, role)
            with self.assertRaises(AccessError):
                getattr(self.env["saas.metrics.board"].with_user(plain), method)()

    def test_an_operator_sees_no_money(self):
        self.tell_a_story()
        page = self.open_page("get_home", "operator")
        names = {section["name"] for section in page["sections"]}
        self.assertEqual(names, {"mine", "operations", "links"})

    def test_another_company_sees_nothing_of_it(self):
        self.tell_a_story()
        other = self.env["res.company"].create({"name": "Other"})
        person = new_test_user(
            self.env,
            "pages_outsider",
            groups="saas_billing_sync.group_saas_manager,"
            "saas_billing_sync.group_saas_reviewer",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for method in _PAGES:
            board = self.env["saas.metrics.board"].with_user(person)
            with self.subTest(page=method):
                page = json.dumps(getattr(board, method)())
                self.assertNotIn(self.source.name, page)
                self.assertNotIn('"value": "1"', page)
            forged = board.with_context(allowed_company_ids=self.company.ids)
            with self.assertRaises(AccessError):
                getattr(forged, method)()

    def test_a_source_that_was_never_heard(self):
        """Nothing has come of a new source, which has a row of dashes."""
        page = self.open_page("get_operations", "operator")
        [sources] = [part for part in page["sections"] if part["name"] == "sources"]
        [row] = sources["table"]["rows"]
        self.assertEqual(row["cells"], [self.source.name, "Active", "–", "–", "–"])
        self.assertFalse(row["tone"])

    def test_flows_name_the_owner(self):
        """Invoices go to the invoice journal, and the newest told of them is known."""
        self.tell_a_story()
        [section] = self.open_page("get_flows", "reviewer")["sections"]
        rows = {row["cells"][0]: row["cells"] for row in section["table"]["rows"]}
        self.assertEqual(len(rows), 15)
        invoice = rows["Invoices"]
        self.assertEqual(invoice[1], "Every system owns what it tells")
        self.assertIn("invoice journal", invoice[3])
        self.assertIn("Real time", invoice[2])
        self.assertNotEqual(invoice[4], "–")
        self.assertNotEqual(invoice[5], "–")
        self.assertEqual(rows["Usage"][5], "–")
        self.env["saas.ownership"].create(
            {
                "company_id": self.company.id,
                "kind": "invoice",
                "source_id": self.source.id,
            }
        )
        [section] = self.open_page("get_flows", "reviewer")["sections"]
        rows = {row["cells"][0]: row["cells"] for row in section["table"]["rows"]}
        self.assertEqual(rows["Invoices"][1], self.source.name)


@tagged("post_install", "-at_install")
class TestPageQueries(PagesCommon):
    def test_queries_do_not_grow(self):
        """Each page takes as many queries for 5,000 events, with cases, payouts and
        differences beside, as for 100.
        """
        self.tell_a_story()
        self._fill(100)
        few = self._count()
        self._fill(4900)
        many = self._count()
        for method in _PAGES:
            with self.subTest(page=method):
                self.assertEqual(many[method] - few[method], Counter())
                self.assertEqual(few[method] - many[method], Counter())
                self.assertLess(few[method].total(), 60)

    def _fill(self, count):
        moments = {"processed_at": ago(minutes=1), "object_refs": "'[\"invoice:i\"]'"}
        self.put_events(count, **moments)
        self.put_events(count, state="'received'")
        reason = "(ARRAY['unmapped_tax', 'unmapped_product'])[1 + n % 2]"
        self.put_events(count, state="'quarantined'", reason=reason)
        values = {"source": self.source.id, "company": self.company.id, "count": count}
        for statement in (_CASES, _PAYOUTS, _DIFFERENCES):
            self.env.cr.execute(statement, values)
        self.analyze()

    def _count(self):
        """Return the queries that each page takes, by its method."""
        counts = {}
        for method, roles in _PAGES.items():
            role = sorted(roles)[-1]
            # Odoo keeps what it has learnt of rules and fields from the first times.
            for _time in range(3):
                self.open_page(method, role)
                self.env.flush_all()
                self.env.invalidate_all()
            counts[method] = Counter()
            with self._counting(counts[method]):
                self.open_page(method, role)
        return counts

    @contextmanager
    def _counting(self, queries):
        """Count the queries of a block, by their beginnings."""
        original = Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            queries[str(getattr(query, "code", query))[:200]] += 1
            return original(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", execute):
            yield


_CASES = """
    INSERT INTO saas_exception (source_id, company_id, reason, cause_key, state,
                                severity, amount, amount_known)
    SELECT %(source)s, %(company)s, 'unmapped_tax', md5(random()::text), 'open',
           'medium', n, n %% 2 = 0
      FROM generate_series(1, %(count)s) n"""
_PAYOUTS = """
    INSERT INTO saas_payout (source_id, company_id, external_id, state, arrival_date,
                             currency_id, amount, proof_state)
    SELECT %(source)s, id, md5(random()::text), 'paid', current_date - n %% 90,
           currency_id, n, 'not_proved'
      FROM res_company, generate_series(1, %(count)s) n WHERE id = %(company)s"""
_DIFFERENCES = """
    INSERT INTO saas_difference (source_id, company_id, kind, external_id, result,
                                 field, state, object_date)
    SELECT %(source)s, %(company)s, 'invoice', md5(random()::text), 'different',
           'total', 'open', current_date - n %% 90
      FROM generate_series(1, %(count)s) n"""
#: Tiles whose number is none of rows: an age, and what is counted by its sources.
_OF_OTHER_UNIT = {"now/oldest", "operations/stalled"}
