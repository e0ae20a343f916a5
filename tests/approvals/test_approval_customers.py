"""Whether two are one customer is signed by the company's policy, and whoever calls
such a form from outside meets the same gate.

Covers wizards/saas_proposal_decide and wizards/review/saas_decision_mixin.
"""

from odoo.tests import tagged

from ..security.test_links_http import ExternalApiCommon
from .approving import ApprovingCommon


@tagged("post_install", "-at_install")
class TestOneCustomerSigned(ApprovingCommon):
    """Whether two are one customer is signed where every decision is."""

    def setUp(self):
        super().setUp()
        self.tenant = self.env["saas.tenant"].search([], order="id desc", limit=1)
        self.contact = self.env["res.partner"].create(
            {"name": "Doppel Gaenger", "company_id": self.company.id}
        )
        self.proposal = self.env["saas.tenant.proposal"].create(
            {
                "source_id": self.source.id,
                "tenant_id": self.tenant.id,
                "partner_id": self.contact.id,
                "matched_on": "name",
            }
        )

    def _answer(self, choice="same"):
        action = self.proposal.with_user(self.reviewer).action_decide()
        form = self.env[action["res_model"]].with_user(self.reviewer)
        form = form.with_context(**action["context"]).create({"choice": choice})
        form.action_apply()
        return self.newest()

    def test_at_once_without_a_policy(self):
        self.assertFalse(self._answer("different"))
        self.assertEqual(self.proposal.state, "refused")

    def test_signed_under_strict(self):
        self.company.sudo().saas_four_eyes = "strict"
        approval = self._answer()
        self.assertEqual((approval.kind, approval.state), ("choose_whose", "waiting"))
        self.assertEqual(self.proposal.state, "open")
        self.assertIn("Doppel Gaenger", approval.lines)
        logged = self.rows(approval).mapped("detail")
        self.assertFalse([text for text in logged if "Doppel" in text])
        self.sign(approval)
        self.assertEqual(self.proposal.state, "accepted")
        self.assertEqual(self.proposal.decided_by_id, self.reviewer)
        [row] = self.rows(action="proposal_accepted")
        self.assertEqual((row.actor, row.approver), ("decider", "signs"))

    def test_signed_by_the_company_s_policy(self):
        self._set_policy("choose_whose", min_amount=0)
        self.assertEqual(self._answer().state, "waiting")
        self.assertEqual(self.proposal.state, "open")

    def test_void_when_answered_or_moved(self):
        self.company.sudo().saas_four_eyes = "strict"
        approval = self._answer()
        # The contact gets a tenant of its own, so the two would become that one.
        self.env["saas.tenant"].create(
            {
                "name": "Other",
                "company_id": self.company.id,
                "partner_id": self.contact.id,
            }
        )
        self.assertIn("void", self.sign(approval))
        self.assertEqual(self.proposal.state, "open")
        again = self.newest()
        self.assertEqual(again.previous_id, approval)
        self.proposal.state = "refused"
        self.assertIn("void", self.sign(again))
        self.assertEqual(self.proposal.state, "refused")


@tagged("post_install", "-at_install")
class TestSignedOverHttp(ExternalApiCommon):
    """The gate is the server's: who calls a form from outside, with whatever context,
    proposes as everybody does.
    """

    def _call_all(self, role, model, vals):
        """Create and apply a form in each protocol, with a hostile context."""
        self.person.group_ids = self.env.ref(f"saas_billing_sync.group_saas_{role}")
        # Nobody prepares and signs there, so the person has one role first.
        self.company.sudo().saas_four_eyes = "strict"
        context = {"saas_signed": ["x"], "saas_preview": 1, "su": True, "uid": 1}
        context["allowed_company_ids"] = self.company.ids
        approvals = self.env["saas.approval"]
        for protocol in self.protocols:
            before = approvals.search([("state", "=", "waiting")])
            form = self.env[model].with_user(self.person).create(vals)
            self.env.flush_all()
            text, refused = protocol(
                model, "action_apply", form.ids, {"context": context}
            )
            self.assertFalse(refused, text[:500])
            self.env.invalidate_all()
            waiting = approvals.search([("state", "=", "waiting")]) - before
            self.assertEqual(
                (waiting.form, waiting.author_id), (model, self.person), text[:500]
            )

    def test_one_customer_or_two(self):
        proposal = self.own["saas.tenant.proposal"]
        vals = {"proposal_ids": proposal.ids}
        self._call_all("reviewer", "saas.proposal.decide", vals)
        self.assertEqual(proposal.state, "open")

    def test_stages(self):
        vals = {"source_id": self.source.id, "clearing": "off", "note": "We wait."}
        self._call_all("manager", "saas.stage.change", vals)
        self.assertEqual(self.source.stage_clearing, "on")
