"""People decide about usage that waits in vain, or contradicts other usage. What they
decide counts at once, is logged, and lets the event go on.

Covers handlers/usage/usage.
"""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..support.session import create_person
from .usage_common import DAY, HOUR, NOON, UsageCommon


@tagged("post_install", "-at_install")
class TestUsagePeople(UsageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            role: create_person(cls, f"usage_{role}", role)
            for role in ("operator", "manager", "reviewer", "auditor")
        }

    def as_(self, role, records):
        """Return records as a person with a role sees them."""
        return records.with_user(self.people[role]).with_context(
            allowed_company_ids=self.company.ids
        )

    def decide(self, records, what, **vals):
        """Press a button as a reviewer, and apply its form."""
        action = getattr(self.as_("reviewer", records), f"action_{what}")()
        forms = self.as_("reviewer", self.env[action["res_model"]])
        return forms.with_context(**action["context"]).create(vals).action_apply()

    def conflicts(self):
        """Return the records that contradict others."""
        return self.records.filtered(lambda record: record.state == "conflict")

    def test_the_second_content_can_count_instead(self):
        [meter] = self.set_up("sum")
        self.use(self.record("O", "2", meter="sum"))
        event = self.use(self.record("O", "5", at=NOON + DAY, meter="sum"))
        self.decide(self.conflicts(), "count_instead")
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(self.states(), ["O superseded not_chosen", "O counted"])
        self.assertEqual(self.used(meter, NOON - DAY, NOON + 2 * DAY), 5)
        self.assertState(self.again(event), "done")
        logged = self.env["saas.sync.log"].search([("action", "=", "usage_decided")])
        self.assertEqual(logged.detail, "O: chosen")
        self.assertEqual(logged.actor, self.people["reviewer"].login)
        self.check_whole()

    def test_the_first_can_be_kept(self):
        [meter] = self.set_up("sum")
        self.use(self.record("O", "2", meter="sum"))
        event = self.use(self.record("O", "5", meter="sum"))
        self.decide(self.conflicts(), "keep_first")
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(self.used(meter, NOON - DAY, NOON + DAY), 2)
        self.assertState(self.again(event), "done")

    def test_a_second_correction_can_count_instead(self):
        """And what corrects it waits until then."""
        [meter] = self.set_up("sum")
        self.use(self.record("O", "2", meter="sum"))
        self.use(self.correction("C1", "O", "3", meter="sum"))
        self.use(self.correction("C2", "O", "4", meter="sum"))
        self.use(self.correction("C3", "C2", "5", meter="sum"))
        self.assertEqual(self.used(meter, NOON - DAY, NOON + DAY), 3)
        self.decide(self.conflicts(), "count_instead")
        self.assertEqual(
            self.states(),
            [
                "C1 superseded not_chosen",
                "C2 superseded corrected",
                "C3 counted",
                "O superseded corrected",
            ],
        )
        self.assertEqual(self.used(meter, NOON - DAY, NOON + DAY), 5)
        self.check_whole()

    def test_another_customers_record_can_be_corrected_by_a_person(self):
        self.set_up("sum")
        other = self.customer("C-2", vat_numbers=("DE136695976",), name="Other")
        self.tell(self.platform, other, self.subscription("S-2", customer="C-2"))
        self.use(self.record("O", "2", meter="sum"))
        theirs = {"customer": "C-2", "subscription": "S-2", "meter": "sum"}
        self.use(self.correction("C", "O", "2", **theirs))
        self.decide(self.conflicts(), "count_instead")
        self.assertEqual(self.states(), ["C counted", "O superseded not_chosen"])
        self.check_whole()

    def test_what_was_corrected_since_can_not_be_replaced(self):
        self.set_up("sum")
        self.use(self.record("O", "2", meter="sum"))
        self.use(self.correction("C1", "O", "3", meter="sum"))
        self.use(self.correction("C2", "O", "4", meter="sum"))
        self.use(self.correction("C3", "C1", "5", meter="sum"))
        with self.assertRaisesRegex(UserError, "was corrected since"):
            self.decide(self.conflicts(), "count_instead")
        self.assertEqual(self.buckets.exact_sum, "5")

    def test_one_of_two_contradictions_has_to_be_chosen(self):
        self.set_up("sum")
        for quantity in ("1", "2", "3"):
            self.use(self.record("O", quantity, meter="sum"))
        with self.assertRaisesRegex(UserError, "Choose one"):
            self.decide(self.conflicts(), "count_instead")

    def test_what_waits_in_vain_can_be_set_aside(self):
        """Then it is not counted by what arrives, and a copy of it is no news."""
        self.set_up("sum")
        told = self.record("O", "2", meter="none")
        self.use(told)
        self.decide(self.records, "set_aside")
        self.meter("none")
        self.assertState(self.use(told), "done")
        self.assertEqual(self.states(), ["O superseded set_aside"])
        with self.assertRaisesRegex(UserError, "whose state is Waits"):
            self.decide(self.records, "set_aside")

    def test_why_is_kept(self):
        """And who may see none of it decides nothing about it by its id."""
        self.set_up("sum")
        self.use(self.record("O", "2", meter="none"))
        self.decide(self.records, "set_aside", note="A test of theirs.")
        logged = self.env["saas.sync.log"].search([("action", "=", "usage_decided")])
        self.assertEqual(logged.detail, "O: set_aside: A test of theirs.")
        vals = {"chosen": self.records.ids, "what": "set_aside"}
        other = self.env["res.company"].create({"name": "Other"})
        stranger = create_person(self, "usage_stranger", "reviewer")
        stranger.write({"company_ids": other.ids, "company_id": other.id})
        forms = self.env["saas.usage.decide"].with_user(stranger).sudo(False)
        with self.assertRaises(AccessError):
            forms.with_context(allowed_company_ids=other.ids).create(
                vals
            ).action_apply()

    def test_four_eyes(self):
        """Where every decision is signed, so is this one; what is other than it was
        when it was shown is not.
        """
        [meter] = self.set_up("sum")
        self.company.sudo().saas_four_eyes = "strict"
        signer = create_person(self, "usage_signer", "approver")
        self.use(self.record("O", "2", meter="sum"))
        self.use(self.record("O", "5", meter="sum"))
        self.decide(self.conflicts(), "count_instead", note="They said so.")
        self.assertEqual(self.states(), ["O counted", "O conflict other_content"])
        approval = self.env["saas.approval"].search([], limit=1)
        self.assertEqual(approval.summary, "Set usage aside, or choose which counts: O")
        self.assertIn("O: 5 of sum for C-1", approval.lines)
        with self.enter_registry_test_mode():
            approval.with_user(signer).sudo(False).action_approve()
        self.env.invalidate_all()
        self.assertEqual(approval.state, "approved", approval.answer)
        self.assertEqual(self.states(), ["O superseded not_chosen", "O counted"])
        self.assertEqual(self.used(meter, NOON - DAY, NOON + DAY), 5)
        logged = self.env["saas.sync.log"].search([("action", "=", "usage_decided")])
        self.assertEqual(logged.approver, signer.login)
        self.check_whole()

    def test_only_reviewers_decide(self):
        self.set_up("sum")
        self.use(self.record("O", "2", meter="none"))
        for role in ("operator", "manager", "auditor"):
            record = self.as_(role, self.records)
            self.assertEqual(record.stated_quantity, "2")
            for action in ("set_aside", "keep_first", "count_instead"):
                with self.assertRaises(AccessError):
                    getattr(record, f"action_{action}")()
            for vals in ({"state": "counted"}, {"quantity": 7}):
                with self.assertRaises(AccessError):
                    record.write(vals)
        with self.assertRaises(AccessError):
            self.as_("reviewer", self.records).write({"state": "counted"})

    def test_nobody_deletes_usage(self):
        self.set_up("sum")
        self.use(self.record("O", "2", meter="none"))
        with self.assertRaises(UserError):
            self.records.unlink()

    def test_a_manager_makes_the_meter_that_usage_waits_for(self):
        self.set_up()
        self.use(self.record())
        action = self.as_("manager", self.records).action_create_meter()
        meters = self.as_("manager", self.env["saas.meter"])
        with Form(meters.with_context(**action["context"])) as form:
            self.assertEqual(form.code, "calls")
        self.assertEqual(self.states(), ["U-1 counted"])
        with self.assertRaises(AccessError):
            self.as_("reviewer", self.env["saas.meter"]).create(
                {"name": "x", "code": "x"}
            )

    def test_a_meter_stays_as_it_has_counted(self):
        [meter] = self.set_up("sum")
        meter.aggregation = "max"
        meter.aggregation = "sum"
        self.use(self.record(meter="sum"))
        manager = self.as_("manager", meter)
        manager.write({"name": "Renamed", "aggregation": "sum"})
        for vals in ({"code": "new"}, {"aggregation": "max"}):
            with self.assertRaisesRegex(UserError, "Make a new meter"):
                manager.write(vals)
        with self.assertRaisesRegex(UserError, "Archive it"):
            manager.unlink()
        self.meter("idle").unlink()

    def test_a_meter_of_different_values_needs_their_dimension(self):
        for vals in (
            {"aggregation": "unique", "unique_key": False},
            {"aggregation": "sum", "unique_key": "user"},
            {"grace_hours": -1},
        ):
            with self.assertRaises(ValidationError):
                self.meter(**vals)

    def test_screens_show_what_is_exact(self):
        """A float would show 10^18 and a billionth as 10^18."""
        [meter] = self.set_up("sum")
        exact = "1000000000000000000.000000001"
        self.use(self.record("U-1", exact, meter="sum"))
        self.assertEqual(self.as_("auditor", self.records).stated_quantity, exact)
        bucket = self.as_("auditor", self.buckets)
        self.assertEqual(
            (bucket.exact_sum, bucket.exact_max, bucket.exact_last), (exact,) * 3
        )
        for way in ("action_view_records", "action_view_buckets"):
            action = getattr(self.as_("auditor", meter), way)()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(found), 1)
        action = bucket.action_view_records()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.records)
        action = self.as_("auditor", self.records).action_open_event()
        self.assertIn("saas.subscription.event", str(action))

    def test_a_merged_customer_takes_its_usage_along(self):
        [meter] = self.set_up("sum")
        other = self.customer("C-2", vat_numbers=("DE136695976",), name="Other")
        self.tell(self.platform, other, self.subscription("S-2", customer="C-2"))
        theirs = {"customer": "C-2", "subscription": "S-2", "meter": "sum"}
        self.use(self.record("U-1", **theirs))
        loser = self.records.tenant_id
        winner = self.env["saas.tenant"].search([("id", "!=", loser.id)])
        self.env["saas.customers.merge"]._merge(loser, winner)
        self.assertEqual(
            (self.records.tenant_id, self.buckets.tenant_id), (winner,) * 2
        )
        self.use(self.record("U-2", at=NOON + HOUR, **theirs))
        self.assertEqual(self.buckets.count, 2)
        self.assertEqual(self.used(meter, NOON - DAY, NOON + DAY, "S-2"), 2)

    def test_people_of_another_company_see_nothing(self):
        self.set_up("sum")
        self.use(self.record("O", "2", meter="sum"))
        other = self.env["res.company"].create({"name": "Other"})
        person = self.people["auditor"]
        person.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for model in ("saas.meter", "saas.usage.record", "saas.usage.bucket"):
            self.assertFalse(self.env[model].with_user(person).search([]))
