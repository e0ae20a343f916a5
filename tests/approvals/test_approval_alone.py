"""What one person decided alone before: the stages of areas, and to take what another
system owns. A second person signs it now, by the company's policy.

Covers wizards/cutover/saas_stage_change, wizards/cutover/saas_switch_on and
wizards/review/saas_event_accept.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...canonical.review.areas import Area, Stage
from ..customers.ownership_common import OwnershipCommon
from ..reconcile.observing import ObservingCommon, tell_invoice, tell_month
from ..support.session import create_person


class SigningMixin:
    """Finds what was proposed, and signs it."""

    def newest(self):
        own = [("company_id", "=", self.company.id)]
        return self.env["saas.approval"].search(own, limit=1)

    def sign(self, approval, user):
        with self.enter_registry_test_mode():
            told = approval.with_user(user).action_approve()
        self.env.invalidate_all()
        return told["params"]["message"]


@tagged("post_install", "-at_install")
class TestStagesSigned(SigningMixin, ObservingCommon):
    """Whether a source's area is booked is signed: to switch it on always, to leave it
    alone where every decision is.
    """

    def setUp(self):
        super().setUp()
        self.approver = self.users["approver"]

    def _strict(self):
        self.company.sudo().saas_four_eyes = "strict"

    def _propose(self, **vals):
        self.propose_switch("documents", **vals)
        return self.newest()

    def test_switching_on_is_proposed(self):
        self.observe()
        self.tell(tell_invoice(1), tell_invoice(9))
        self.night()
        approval = self._propose()
        self.assertFalse(self.runs.search([("purpose", "=", "switch")]))
        self.assertEqual(
            (approval.kind, approval.state, approval.amount, approval.amount_known),
            ("switch_area_on", "waiting", 238.0, True),
        )
        self.assertEqual(approval.author_id, self.users["manager"])
        self.assertIn("Only at the source: 2", approval.lines)
        self.assertIn(f"{self.source.name}: Documents", approval.summary)
        self.assertIn("Approved and applied: 1.", self.sign(approval, self.approver))
        run = self.runs.search([("purpose", "=", "switch")])
        self.assertEqual(run.signed_by, "observing_approver")
        self.run_jobs(run)
        self.assertEqual(self.source.stage_documents, "on")
        rows = self.env["saas.sync.log"].search(
            [("action", "in", ("switch_started", "stage_changed"))], order="id"
        )[-2:]
        for row in rows:
            self.assertEqual(
                (row.actor, row.approver), ("observing_manager", "observing_approver")
            )

    def test_nobody_switches_on_alone(self):
        """Where nobody has to sign, it still takes an approver."""
        self.observe()
        self.company.sudo().saas_four_eyes = "off"
        with self.assertRaisesRegex(AccessError, "Only a finance approver"):
            self.propose_switch("documents")
        action = self.propose_switch("documents", "approver")
        run = self.runs.browse(action["res_id"])
        self.assertFalse(run.signed_by)
        self.run_jobs(run)
        self.assertEqual(self.source.stage_documents, "on")

    def test_an_approver_does_not_sign_their_own(self):
        self.observe()
        approval = self._propose(role="approver")
        with self.assertRaises(AccessError):
            self.sign(approval, self.approver)
        self.assertEqual(self.source.stage_documents, "observe")

    def test_what_is_refused_is_not_proposed(self):
        self.enter_month()
        self.observe()
        self.tell(*tell_month())
        self.night()
        with self.assertRaisesRegex(UserError, "2 objects are booked by hand"):
            self._propose()
        self.assertFalse(self.newest())

    def test_void_when_what_it_rests_on_changed(self):
        """What was said or changed since is another decision; what arrived is not."""
        self.enter_month()
        self.observe()
        self.tell(*tell_month()[:9])
        self.night()
        self.decide(invoice=["I-3", "I-4"])
        for change in (
            lambda: self.decide("apart", invoice=["I-4"]),
            lambda: self.set_stages(payments="off", clearing="off"),
        ):
            approval = self._propose()
            change()
            self.assertIn("void", self.sign(approval, self.approver))
            self.assertFalse(self.runs.search([("purpose", "=", "switch")]))
            self.assertEqual(self.newest().previous_id, approval)
        approval = self.newest()
        self.tell(tell_invoice(10))
        self.assertIn("Approved and applied: 1.", self.sign(approval, self.approver))

    def test_stages_are_signed_under_strict_alone(self):
        self.set_stages(clearing="observe")
        self.assertEqual(self.source.stage_clearing, "observe")
        self.assertFalse(self.newest())
        self._strict()
        self.set_stages(clearing="off")
        self.assertEqual(self.source.stage_clearing, "observe")
        approval = self.newest()
        self.assertEqual((approval.kind, approval.amount), ("change_stages", 0))
        self.assertEqual(approval.lines.splitlines()[0], "Clearing: Observe → Off")
        self.sign(approval, self.approver)
        self.assertEqual(self.source.stage_clearing, "off")
        row = self.env["saas.sync.log"].search([("action", "=", "stage_changed")])[:1]
        self.assertEqual(
            (row.actor, row.approver), ("observing_manager", "observing_approver")
        )

    def test_stages_that_moved_on_are_asked_again(self):
        self._strict()
        self.set_stages(clearing="off")
        approval = self.newest()
        self.source._set_stages({Area.CLEARING: Stage.OBSERVE}, "Meanwhile.")
        self.assertIn("void", self.sign(approval, self.approver))
        self.assertEqual(self.source.stage_clearing, "observe")

    def test_what_changes_no_stage_is_no_decision(self):
        self._strict()
        self.set_stages(since="2026-10-01")
        self.assertFalse(self.newest())
        self.assertEqual(str(self.source.observed_since), "2026-10-01")


@tagged("post_install", "-at_install")
class TestAcceptedOnceSigned(SigningMixin, OwnershipCommon):
    """What another system owns is taken once as soon as it is signed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().saas_four_eyes = "from_amount"
        cls.approver = create_person(cls, "owner_approver", "approver")

    def test_it_is_proposed_with_a_preview(self):
        event = self._refuse()
        form = self.accept_once(event)
        self.assertIn("gate@fjord.example", form.comparison)
        approval = self.newest()
        self.assertEqual((approval.kind, approval.amount), ("accept_foreign", 0))
        self.assertEqual(approval.event_ids, event)
        self.assertIn("This is a preview", approval.preview)
        self.assertEqual(self.tenant.partner_id.email, "own@fjord.example")
        self.assertFalse(event.accepted_once)
        self.sign(approval, self.approver)
        self.drain(self.gateway)
        self.assertState(event, "done")
        self.assertEqual(self.tenant.partner_id.email, "gate@fjord.example")
        row = self.env["saas.sync.log"].search([("action", "=", "accepted_once")])
        signed = row.actor, row.approver
        self.assertEqual(signed, ("owner_reviewer", "owner_approver"))

    def test_void_when_what_is_kept_changed(self):
        event = self._refuse()
        self.accept_once(event)
        approval = self.newest()
        self.tenant.partner_id.email = "typed@fjord.example"
        self.assertIn("void", self.sign(approval, self.approver))
        self.assertFalse(event.accepted_once)
        again = self.newest()
        self.assertEqual(again.previous_id, approval)
        self.sign(again, self.approver)
        self.assertTrue(event.accepted_once)

    def test_void_when_the_owner_changed(self):
        event = self._refuse()
        self.accept_once(event)
        approval = self.newest()
        self.own(self.gateway, "customer")
        self.assertIn("void", self.sign(approval, self.approver))
        self.assertFalse(event.accepted_once)

    def test_money_has_its_amount(self):
        self.own(self.gateway, "payment")
        self.tell(self.platform, self.customer(), self.invoice())
        event = self.tell(self.platform, self.payment(invoices=("I-1",)))
        self.assertState(event, "ignored", "not_owner")
        self.accept_once(event)
        approval = self.newest()
        self.assertEqual((approval.amount, approval.amount_known), (100, True))
        self.sign(approval, self.approver)
        self.drain()
        self.assertState(event, "done")

    def test_off_is_at_once(self):
        self.company.sudo().saas_four_eyes = "off"
        event = self._refuse()
        self.accept_once(event)
        self.assertFalse(self.newest())
        self.assertTrue(event.accepted_once)
