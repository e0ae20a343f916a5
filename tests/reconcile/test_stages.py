"""What a source tells is booked, observed or left alone, by the stage of its area.

Covers canonical/review/areas, models/source/review/stages and pipeline/staged.
"""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged

from ...canonical import facts
from ...canonical.facts import Fact
from ...canonical.review.areas import ALWAYS, AREA_OF, find_groups, pack
from .observing import ObservingCommon, tell_invoice


@tagged("post_install", "-at_install")
class TestAreas(BaseCase):
    def test_each_kind_of_fact_is_in_one_area_or_in_all(self):
        kinds = set()
        for name in dir(facts):
            value = getattr(facts, name)
            if isinstance(value, type) and issubclass(value, Fact):
                kinds.add(getattr(value, "kind", None))
        self.assertEqual(kinds - {None}, {*AREA_OF, *ALWAYS})
        self.assertFalse(AREA_OF.keys() & ALWAYS)

    def test_what_belongs_together_is_in_one_chunk(self):
        told = {1: {"c"}, 2: {"d"}, 3: {"p", "c"}, 4: {"p"}, 5: {"e"}}
        groups = find_groups(told)
        self.assertEqual(groups, [[1, 3, 4], [2], [5]])
        self.assertEqual(pack(groups, 4), [[1, 3, 4, 2], [5]])
        self.assertEqual(pack([[1, 2, 3], [4]], 2), [[1, 2, 3], [4]])


@tagged("post_install", "-at_install")
class TestStages(ObservingCommon):
    """Each area of a source is off, observed or on."""

    def test_all_is_on_unless_somebody_says_otherwise(self):
        self.assertEqual({*self.source._get_stages().values()}, {"on"})
        self.assertTrue(self.source._is_all_on())
        self.assertState(self.tell(tell_invoice(1)), "done")

    def test_a_drain_asks_nothing_more_where_all_is_on(self):
        """Holding facts against the stages of their areas takes no statement."""
        items = []
        event = self.tell(tell_invoice(1))
        [fact] = [f for f in event._read_facts() if f.kind == "invoice"]
        items = [type("Item", (), {"fact": fact, "error": None})()] * 3
        staged = self.env["saas.staged"]
        self.source.invalidate_recordset()
        self.assertTrue(self.source.name)
        with self.assertQueryCount(0):
            self.assertEqual(staged._heed(self.source, items), items)

    def test_an_area_is_never_further_than_what_it_needs(self):
        with self.assertRaisesRegex(
            ValidationError, "Payments of .* while Documents of .* Off, which they"
        ):
            self.set_stages(documents="off")
        with self.assertRaisesRegex(ValidationError, "Bring Customers that far first"):
            self.set_stages(customers="observe", subscriptions="observe")
        self.set_stages(
            **{**dict.fromkeys(("documents", "payments", "clearing"), "off")}
        )
        self.assertEqual(self.source.stage_payments, "off")

    def test_who_may(self):
        for role in ("operator", "reviewer", "approver", "user"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.set_stages(role, documents="observe")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.source.with_user(self.users["manager"]).sudo(False).write(
                {"stage_documents": "observe"}
            )
        self.observe()
        with self.assertRaisesRegex(UserError, "Press Switch On"):
            self.set_stages(documents="on")
        for role in ("operator", "reviewer", "user"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.propose_switch("documents", role)
        log = self.env["saas.sync.log"].search([("action", "=", "stage_changed")])
        self.assertEqual(len(log), 3)
        self.assertEqual({*log.mapped("actor")}, {"observing_manager"})

    def test_off_is_ignored_in_sight_and_taken_later(self):
        self.set_stages(documents="off", payments="off", clearing="off")
        before = self.count_books()
        event = self.tell(tell_invoice(1))
        self.assertState(event, "ignored", "area_off")
        self.assertIn("Documents is off", event.detail)
        self.assertEqual(event.actor, "manager")
        self.assertEqual(self.count_books(), before)
        self.observe()
        self.night()
        self.assertState(event, "parked", "observed")
        self.night()
        self.assertEqual(self.found(), {("invoice", "I-1"): ("only_here", "", "")})

    def test_what_is_observed_is_nobody_s_exception(self):
        self.observe()
        event = self.tell(tell_invoice(1))
        self.assertState(event, "parked", "observed")
        self.assertFalse(event.case_link_ids)
        self.assertFalse(event.waiting_for)
        event.received_at = "2026-01-01"
        self.env["saas.source"]._cron_sweep()
        self.assertState(event, "parked", "observed")
        waiting = event.with_user(self.users["reviewer"]).search(
            [("waits_for_me", "=", True)]
        )
        self.assertFalse(waiting & event)
        self.assertWhole()
