"""What the wizards show before a person decides is what then comes.

Covers wizards/saas_preview and wizards/saas_previewed_mixin.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..review.reasons import ReasonsOfContent, ReasonsOfSetUp
from ..review.reasons_books import ReasonsOfBooks
from .previewing import PreviewingMixin


@tagged("post_install", "-at_install")
class TestPreviewDecisions(
    PreviewingMixin, ReasonsOfBooks, ReasonsOfSetUp, ReasonsOfContent
):
    """Each wizard that decides about events, filled in as a reviewer does."""

    def _check(self, event, method, **vals):
        action = getattr(event.with_user(self.reviewer), method)()
        model = self.env[action["res_model"]].with_user(self.reviewer)
        wizard = model.with_context(**action["context"]).create(vals)
        with self.enter_registry_test_mode():
            wizard.action_preview()
        self.assertIn("This is a preview", wizard.preview)
        self.assertForetold(
            events=event.with_user(self.reviewer),
            change=wizard._get_previewed_change(),
            act=wizard.action_apply,
        )
        return wizard

    def test_choose_customer(self):
        event = self._make_duplicate_customer()
        partner = self.env["res.partner"].search([("name", "=", "Two")], limit=1)
        self._check(
            event, "action_choose_customer", choice="partner", partner_id=partner.id
        )
        self.assertState(event, "done")

    def test_choose_nobody(self):
        """What applying refuses, the preview refuses in the same words."""
        event = self._make_duplicate_customer()
        action = event.with_user(self.reviewer).action_choose_customer()
        model = self.env[action["res_model"]].with_user(self.reviewer)
        vals = {"choice": "partner", "partner_id": False}
        wizard = model.with_context(**action["context"]).create(vals)
        with (
            self.enter_registry_test_mode(),
            self.assertRaisesRegex(UserError, "Choose which customer"),
        ):
            wizard.action_preview()

    def test_a_caller_has_to_choose(self):
        """Only the form proposes who it is, where a person sees it."""
        event = self._make_duplicate_customer()
        forms = self.env["saas.customer.choose"].with_user(self.reviewer)
        for vals in ({}, {"choice": False}):
            with self.assertRaisesRegex(UserError, "Say who the customer is"):
                forms.create({"event_ids": event.ids, **vals})

    def test_choose_owner_of_money(self):
        event = self._make_unknown_tenant()
        partner = self.env["res.partner"].create({"name": "Late"})
        self._check(
            event, "action_choose_customer", choice="partner", partner_id=partner.id
        )
        self.assertState(event, "done")

    def test_set_up_currency(self):
        event = self._make_currency_mismatch()
        wizard = self._check(event, "action_set_up_currency", rate=0.5)
        self.assertFalse(wizard.exists().event_ids - event)
        self.assertState(event, "done")

    def test_ignore(self):
        """What waits for the object goes on, and the preview shows it."""
        event = self._quarantine_invoice()
        self.source.default_product_id = False
        self._check(event, "action_ignore", note="Entered by hand.")
        self.assertState(event, "ignored", "ignored_by_person")

    def test_bind(self):
        event = self._quarantine_invoice()
        self.source.default_product_id = False
        move = self._enter_document()
        self._check(event, "action_bind_record", move_id=move.id)
        self.assertState(event, "done")

    def test_book_after_all(self):
        event = self._quarantine_invoice()
        self._ignore(event)
        self.assertState(event, "ignored", "ignored_by_person")
        self._check(event, "action_book_after_all", note="It was not.")
        self.assertState(event, "done")
