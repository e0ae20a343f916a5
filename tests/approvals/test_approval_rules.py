"""When a change of what says how facts are booked has to be signed, and by which way it
is proposed.

Covers canonical/review/duties, models/ruled_mixin, models/approvals/approval_policy
and wizards/review/saas_change_propose.
"""

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .approving import ApprovingCommon, load

_PRICE = "price_x"
#: Nobody knows what is at stake with who is heeded.
_OWNERSHIP = ("change_ownership", False)


@tagged("post_install", "-at_install")
class TestApprovalRules(ApprovingCommon):
    def _map(self, event, user=None):
        """Map the product of an event by the form of its button, as a manager."""
        action = event.with_user(user or self.manager).action_map_product()
        mappings = self.env["saas.product.mapping"].with_user(user or self.manager)
        return mappings.with_context(**action["context"]).create(
            {"product_id": self.product_b.id}
        )

    def assertRedirected(self, call):
        """Check that a change is refused with the way to propose it; return that."""
        with self.assertRaises(RedirectWarning) as caught, self.env.cr.savepoint():
            call()
            self.env.flush_all()
        self.env.invalidate_all()
        _message, action, _button, context = caught.exception.args
        self.assertEqual(action["res_model"], "saas.change.propose")
        return context

    def _accept(self, context, user=None):
        """Fill in the form that a refusal leads to, as the web client does."""
        form = self.env["saas.change.propose"].with_user(user or self.manager)
        form = form.with_context(**context).create({"note": "Renamed."})
        self.assertTrue(form.description)
        with self.enter_registry_test_mode():
            form.action_apply()
        return self.newest()

    # -- mappings -------------------------------------------------------------------

    def test_first_mapping_below_the_amount(self):
        event = self.waiting_invoice()
        self._map(event)
        self.drain()
        self.assertState(event, "done")
        self.assertFalse(self.newest())

    def test_first_mapping_above_the_amount(self):
        self._set_policy("map_first", min_amount=100)
        event = self.waiting_invoice()
        context = self.assertRedirected(lambda: self._map(event))
        self.assertState(event, "quarantined", "unmapped_product")
        approval = self._accept(context)
        self.assertEqual((approval.kind, approval.amount), ("map_first", 119.0))
        self.assertEqual(approval.event_ids, event)
        self.assertIn("This is a preview", approval.preview)
        self.assertFalse(self.source.product_mapping_ids)
        self.sign(approval)
        self.assertState(event, "done")
        move = self.env["account.move"].search([("move_type", "=", "out_invoice")])
        self.assertEqual(
            self.journal_items(move),
            ["AR +119.00 open +119.00", "TAX -19.00", "400000.1 -100.00 {19% VAT}"],
        )
        self.assertEqual(move.invoice_line_ids.product_id, self.product_b)
        [row] = self.rows(res_model="saas.product.mapping")
        self.assertEqual(
            (row.action, row.actor, row.approver),
            ("created_by_person", "manages", "signs"),
        )

    def test_events_that_join_void_it(self):
        self._set_policy("map_first", min_amount=100)
        event = self.waiting_invoice()
        approval = self._accept(self.assertRedirected(lambda: self._map(event)))
        invoice = load("invoice.finalized")["data"]["object"]
        joined = self.deliver(
            {
                **load("invoice.finalized"),
                "id": "evt_joined",
                "data": {"object": {**invoice, "id": "in_joined", "number": "J-1"}},
            }
        )
        self.assertState(joined, "quarantined", "unmapped_product")
        self.assertIn("void", self.sign(approval))
        self.assertFalse(self.source.product_mapping_ids)
        again = self.newest()
        self.assertEqual((again.previous_id, again.amount), (approval, 238.0))
        self.sign(again)
        self.assertState(event | joined, "done")

    def test_changed_and_retired_mappings(self):
        self.deliver(load("invoice.finalized"))
        mapping = self.source.tax_mapping_ids[0].with_user(self.manager)
        other = self._create_vat(7)
        for call in (
            lambda: mapping.write({"tax_id": other.id}),
            lambda: mapping.write({"external_id": "txr_other"}),
            lambda: mapping.unlink(),
            lambda: self.source.with_user(self.manager).write(
                {"tax_mapping_ids": [Command.update(mapping.id, {"tax_id": other.id})]}
            ),
            lambda: mapping.with_context(saas_signed=True, saas_preview=1).write(
                {"tax_id": other.id}
            ),
            lambda: (
                self.env["saas.tax.rule"]
                .with_user(self.manager)
                .create({"source_id": self.source.id, "tax_id": other.id})
            ),
        ):
            self.assertRedirected(call)
        # What changes nothing is no decision.
        mapping.write({"tax_id": self.vat_19.id})
        approval = self._accept(self.assertRedirected(mapping.unlink))
        self.assertEqual(approval.kind, "map_otherwise")
        self.sign(approval)
        self.assertFalse(mapping.exists())

    def test_before_the_first_booking_it_is_set_up(self):
        source = self.source.with_user(self.manager)
        source.sale_journal_id = self.company_data["default_journal_sale"].copy()
        source.tax_mapping_ids[0].tax_id = self._create_vat(7)

    def test_who_owns_what(self):
        """Who is heeded decides what is booked; until anything is, it is set-up."""
        rules = self.env["saas.ownership"].with_user(self.manager)
        vals = {
            "company_id": self.company.id,
            "kind": "payment",
            "source_id": self.source.id,
            "rule": "ignored",
        }
        rule = rules.create(vals)
        self.deliver(load("invoice.finalized"))
        rule.write({"rule": "ignored"})
        for call in (
            lambda: rule.write({"rule": "owner"}),
            lambda: rule.unlink(),
            lambda: rules.create({**vals, "kind": "refund"}),
            lambda: rules.create(
                {"company_id": self.company.id, "kind": "customer", "field": "email"}
            ),
        ):
            approval = self._accept(self.assertRedirected(call))
            self.assertEqual((approval.kind, approval.amount_known), _OWNERSHIP)
        self.assertEqual((rule.rule, rules.search_count([])), ("ignored", 1))
        self.sign(approval)
        added = rules.search([("kind", "=", "customer")])
        self.assertEqual((added.field, added.rule), ("email", "owner"))
        self.assertFalse(added.source_id)

    def test_accounts_of_a_source(self):
        self.deliver(load("invoice.finalized"))
        source = self.source.with_user(self.manager)
        account = self.source.fee_account_id.copy()
        source.rate_limit = 7
        source.bad_debt_account_id = source.bad_debt_account_id
        context = self.assertRedirected(
            lambda: source.write({"fee_account_id": account.id, "rate_limit": 9})
        )
        approval = self._accept(context)
        self.assertEqual(approval.kind, "set_up_otherwise")
        self.assertIn(account.name, approval.lines)
        self.assertNotEqual(self.source.fee_account_id, account)
        self.sign(approval)
        self.assertEqual(
            (self.source.fee_account_id, self.source.rate_limit), (account, 7)
        )

    def test_no_secret_is_proposed(self):
        """What is proposed is kept and shown, so it holds nothing that must not be."""
        self.deliver(load("invoice.finalized"))
        vals = {
            "fee_account_id": self.source.fee_account_id.copy().id,
            "new_api_key": "rk_test_velvet_lantern",
        }
        source = self.source.with_user(self.manager)
        context = self.assertRedirected(lambda: source.write(vals))
        self.assertNotIn("lantern", str(context))
        with self.assertRaisesRegex(UserError, "Only what says how"):
            self.propose_change(self.manager, self.source, vals)

    def test_default_decides_about_what_waits(self):
        self._set_policy("map_first", min_amount=100)
        event = self.waiting_invoice()
        source = self.source.with_user(self.manager)
        context = self.assertRedirected(
            lambda: source.write({"default_product_id": self.product_b.id})
        )
        self.sign(self._accept(context))
        self.assertState(event, "done")

    def test_own_code_needs_no_signature(self):
        self.deliver(load("invoice.finalized"))
        self.source.tax_mapping_ids.tax_id = self._create_vat(7)
        self.source.with_user(self.manager).action_create_missing_accounts()

    def test_form_makes_nobody_mighty(self):
        """It goes by its author's rights, and reaches no other model or company."""
        forms = self.env["saas.change.propose"]
        with self.assertRaises(AccessError):
            forms.with_user(self.reviewer).create({"model": "saas.tax.mapping"})
        with self.assertRaises(ValueError):
            forms.with_user(self.manager).create({"model": "res.users"})
        far = self.env["res.company"].create({"name": "Far"})
        foreign = self.env["saas.source"].create({"name": "Far", "company_id": far.id})
        for vals in (
            {"model": "saas.source", "record_ids": str(foreign.ids), "change": "{}"},
            {"model": "res.company", "record_ids": str(far.ids), "four_eyes": "off"},
            {"model": "saas.source", "record_ids": "x"},
            {"model": "saas.source", "change": "[]"},
            {"model": "saas.source", "record_ids": "[999999]"},
            {
                "model": "saas.tax.mapping",
                "operation": "create",
                "change": '{"source_id": %d}' % foreign.id,
            },
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                forms.with_user(self.manager).create(vals).action_apply()

    # -- the policy itself -----------------------------------------------------------

    def test_policy_is_signed_itself(self):
        policies = self.env["saas.approval.policy"].with_user(self.manager)
        vals = {"company_id": self.company.id, "kind": "bind_by_hand", "min_amount": 9}
        context = self.assertRedirected(lambda: policies.create(vals))
        self.sign(self._accept(context))
        policy = policies.search([("kind", "=", "bind_by_hand")])
        self.assertEqual(policy.min_amount, 9)
        self.assertRedirected(lambda: policy.write({"min_amount": 10}))
        self.assertRedirected(policy.unlink)
