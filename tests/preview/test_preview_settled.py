"""What the forms show that settle movements, differences and what another system owns
is what then comes.

Covers wizards/saas_movement_account, wizards/saas_difference_accept and
wizards/review/saas_event_accept.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..clearing.test_moving import MovingCommon, load
from ..customers.ownership_common import OwnershipCommon
from ..support import stripe_fixtures
from .previewing import PreviewingMixin

_TXN = "pulled.balance_transaction"


class SettlingMixin(PreviewingMixin):
    """Fills in a form as a person does, looks at its preview, and applies it."""

    def _check(self, records, method, **vals):
        """Check that a form's preview says what comes of applying it; return both the
        form and what was shown.
        """
        action = getattr(records, method)()
        model = records.env[action["res_model"]].with_context(**action["context"])
        wizard = model.create(vals)
        with self.enter_registry_test_mode():
            wizard.action_preview()
        self.assertIn("This is a preview", wizard.preview)
        before = wizard.preview
        self.assertFalse(wizard.with_user(self.env.ref("base.user_admin")).preview)
        shown = self.assertForetold(
            events=wizard._get_shown_events(),
            change=wizard._get_previewed_change(),
            act=wizard.action_apply,
        )
        return before, shown


@tagged("post_install", "-at_install")
class TestPreviewMovements(SettlingMixin, MovingCommon):
    def _deliver_unknown(self):
        changes = {"reporting_category": "contribution", "type": "contribution"}
        name = f"{_TXN}-fee_taken_back"
        self.deliver(stripe_fixtures.load("basil", name, **changes))
        record = self._find(name)
        self.assertEqual(record.match_state, "unhandled")
        return record.with_user(self._create_reviewer()).sudo(False)

    def test_account_of_a_movement(self):
        """The page has the entry, and nothing of it is kept."""
        record = self._deliver_unknown()
        account = self.source.bad_debt_account_id
        page, shown = self._check(
            record, "action_choose_account", account_id=account.id
        )
        self.assertIn(account.name, page)
        [move] = shown["moves"]
        self.assertEqual(
            sorted((line["debit"], line["credit"]) for line in move["lines"]),
            [("0.00", "5.00"), ("5.00", "0.00")],
        )
        self.assertEqual(record.sudo().match_state, "matched")

    def test_what_applying_refuses_the_preview_refuses(self):
        record = self._deliver_unknown()
        action = record.action_choose_account()
        wizard = record.env[action["res_model"]].with_context(**action["context"])
        clearing = self.source._get_clearing_account()
        wizard = wizard.create({"account_id": clearing.id})
        with (
            self.enter_registry_test_mode(),
            self.assertRaisesRegex(UserError, "is the other side already"),
        ):
            wizard.action_preview()
        self.assertFalse(record.sudo().other_account_id)

    def test_a_locked_period_is_foretold(self):
        record = self._deliver_unknown()
        self.company.fiscalyear_lock_date = "2026-11-30"
        _page, shown = self._check(
            record,
            "action_choose_account",
            account_id=self.source.bad_debt_account_id.id,
        )
        self.assertFalse(shown["moves"])
        [event] = shown["events"]
        self.assertEqual(event["reason"], "period_locked")


@tagged("post_install", "-at_install")
class TestPreviewDifferences(SettlingMixin, MovingCommon):
    def test_nothing_is_booked(self):
        """The page says that differences are accepted, and that nothing else comes."""
        self.deliver(*load("customer.created"))
        differences = self.env["saas.difference"].create(
            [
                {
                    "source_id": self.source.id,
                    "kind": "invoice",
                    "external_id": f"in_{number}",
                    "result": "different",
                    "field": "total",
                    "their_value": "119.00 USD",
                    "our_value": "118.50 USD",
                }
                for number in range(2)
            ]
        )
        own = differences.with_user(self._create_reviewer()).sudo(False)
        page, shown = self._check(own, "action_accept", note="Rounding.")
        self.assertIn("in_0: total: Rounding.", page)
        self.assertIn("in_1: total: Rounding.", page)
        self.assertFalse(shown["moves"] or shown["events"] or shown["changed"])
        self.assertEqual(set(differences.mapped("state")), {"accepted"})


@tagged("post_install", "-at_install")
class TestPreviewAcceptedOnce(SettlingMixin, OwnershipCommon):
    def test_money_of_another_owner(self):
        self.own(self.gateway, "payment")
        self.tell(self.platform, self.customer(), self.invoice())
        event = self.tell(self.platform, self.payment(invoices=("I-1",)))
        self.assertState(event, "ignored", "not_owner")
        _page, shown = self._check(
            event.with_user(self.reviewer), "action_accept_once", note="It is ours."
        )
        self.assertEqual(len(shown["moves"]), 1)
        self.assertEqual(len(shown["reconciliations"]), 1)
        self.assertState(event, "done")
