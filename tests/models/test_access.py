"""Roles and companies: who sees what, and who may do what."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..support import stripe_fixtures
from ..support.common import SECRET, SaasCommon
from ..support.session import create_person
from .hub_records import prepare_hub

_MODELS = (
    "saas.source",
    "saas.product.mapping",
    "saas.tax.mapping",
    "saas.tenant",
    "saas.binding",
    "saas.settlement",
    "saas.subscription",
    "saas.subscription.line",
    "saas.subscription.change",
    "saas.discount",
    "saas.entitlement",
    "saas.mrr.movement",
    "saas.mrr.snapshot",
    "saas.mrr.standing",
    "saas.mrr.count",
    "saas.mrr.month",
    "saas.mrr.cohort",
    "saas.mrr.renewal",
    "saas.subscription.event",
    "saas.sync.log",
    "saas.tax.rate",
    "saas.tax.rule",
    "saas.tax.id",
    "saas.mandate",
    "saas.collection",
    "saas.risk",
    "saas.contract",
    "saas.contract.line",
    "saas.tax.check",
    "saas.usage.record",
    "saas.meter",
    "saas.plan.group",
    "saas.plan",
    "saas.plan.version",
    "saas.plan.component",
    "saas.plan.feature",
    "saas.price",
    "saas.usage.bucket",
    "saas.ownership",
    "saas.outbound.target",
    "saas.outbound.message",
    "saas.product",
    "saas.pull.run",
    "saas.balance.transaction",
    "saas.clearing.balance",
    "saas.dispute",
    "saas.payout",
    "saas.operation",
    "saas.operation.item",
    "saas.exception",
    "saas.exception.event",
    "saas.exception.tag",
    "saas.approval",
    "saas.approval.policy",
    "saas.alert",
)


@tagged("post_install", "-at_install")
class TestAccess(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.users = {
            role: create_person(cls, f"saas_{role}", role)
            for role in ("operator", "manager", "reviewer", "approver")
        }
        cls.outsider = new_test_user(
            cls.env,
            "saas_outsider",
            groups="saas_billing_sync.group_saas_reviewer,"
            "saas_billing_sync.group_saas_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )
        cls.plain = new_test_user(cls.env, "plain", groups="base.group_user")

    def setUp(self):
        super().setUp()
        self.source.product_mapping_ids = [
            Command.create({"external_id": "price_x", "product_id": self.product_a.id})
        ]
        self.done = self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "customer.subscription.created"),
            stripe_fixtures.load("basil", "invoice.finalized"),
            stripe_fixtures.load("basil", "invoice_payment.paid"),
            stripe_fixtures.load("basil", "tax_rate.created-state"),
            stripe_fixtures.load("basil", "customer.tax_id.created"),
            stripe_fixtures.load("basil", "product.created"),
            stripe_fixtures.load("basil", "charge.captured"),
            stripe_fixtures.load("basil", "charge.dispute.funds_withdrawn"),
            stripe_fixtures.load("basil", "radar.early_fraud_warning.created"),
            stripe_fixtures.load("basil", "payout.paid"),
            stripe_fixtures.load("basil", "pulled.balance_transaction-stripe_fee"),
        )
        self.source.tax_mapping_ids.filtered(
            lambda mapping: mapping.external_id == "txr_vat19incl"
        ).unlink()
        self.source.tax_rule_ids = [
            Command.create({"reason": "zero_rated", "tax_id": self.vat_19.id})
        ]
        self.bad = self.deliver(
            stripe_fixtures.load("basil", "invoice.finalized-inclusive")
        )
        self.assertState(self.bad, "quarantined", "unmapped_tax")
        self.env["saas.pull.run"].create(
            {"source_id": self.source.id, "kind": "recovery"}
        )
        records = {
            "res.company": self.company,
            "res.partner": self.env["res.partner"].create({"name": "Somebody"}),
            "saas.source": self.source,
            "saas.subscription.event": self.bad,
            "saas.tenant": self.env["saas.tenant"].search([], limit=1),
        }
        for model, vals in prepare_hub(records, "new"):
            records[model] = self.env[model].create(vals)
        move = self.env["account.move"].search([("saas_source_id", "!=", False)])[-1:]
        links = ("source_id", self.source), ("tenant_id", records["saas.tenant"])
        links += ("move_id", move), ("currency_id", move.currency_id)
        ordered = {name: record.id for name, record in links}
        ordered |= {"number": 1, "key": "new", "amount": 100, "exponent": 2}
        self.env["saas.collection"].create(ordered)

    def test_companies_are_never_mixed(self):
        for model in _MODELS:
            with self.subTest(model=model):
                own = self.env[model].with_user(self.users["reviewer"])
                foreign = self.env[model].with_user(self.outsider)
                self.assertTrue(own.search([]), "nothing to hide, nothing tested")
                self.assertFalse(foreign.search([]))
                with self.assertRaises(AccessError):
                    own.search([], limit=1).with_user(self.outsider).read(["id"])

    def test_others_see_nothing(self):
        for model in _MODELS:
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.plain).search([])

    def test_nobody_writes_what_only_code_may(self):
        for model in (
            "saas.binding",
            "saas.settlement",
            "saas.subscription.event",
            "saas.sync.log",
        ):
            record = self.env[model].search([], limit=1)
            for role, user in self.users.items():
                with self.subTest(model=model, role=role):
                    for call in (
                        lambda r: r.check_access("write"),
                        lambda r: r.check_access("unlink"),
                        lambda r: r.browse().check_access("create"),
                    ):
                        with self.assertRaises(AccessError):
                            call(record.with_user(user))

    def test_secrets_are_readable_by_code_alone(self):
        secret = self.source.secret_ids
        self.assertEqual(self.source._get_valid_secrets(), [SECRET])
        for role, user in self.users.items():
            with self.subTest(role=role), self.assertRaises(AccessError):
                secret.with_user(user).read(["value"])
        manager = secret.with_user(self.users["manager"])
        self.assertEqual(manager.read(["hint"])[0]["hint"], f"…{SECRET[-4:]}")
        manager.new_value = "whsec_another_long_secret"
        self.assertEqual(
            self.source._get_valid_secrets(), ["whsec_another_long_secret"]
        )
        with self.assertRaises(AccessError):
            secret.with_user(self.users["reviewer"]).new_value = "whsec_mine"

    def test_payloads_are_shown_masked(self):
        event = self.done[2].with_user(self.users["reviewer"])
        with self.assertRaises(AccessError):
            event.read(["body"])
        self.assertNotIn("nordlicht", event.payload.lower())
        self.assertIn('"total": 11900', event.payload)

    def test_who_may_do_what(self):
        allowed = {
            "action_retry": {"operator", "manager", "reviewer", "approver"},
            "action_replay": {"operator", "manager", "reviewer", "approver"},
            "action_ignore": {"reviewer", "approver"},
            "action_bind_record": {"reviewer", "approver"},
            "action_book_after_all": {"reviewer", "approver"},
        }
        for method, roles in allowed.items():
            for role, user in self.users.items():
                with self.subTest(method=method, role=role):
                    event = self.bad.with_user(user)
                    if role in roles:
                        getattr(event, method)()
                        self.deliver()
                    else:
                        with self.assertRaises(AccessError):
                            getattr(event, method)()
                    self.assertEqual(self.bad.state, "quarantined")

    def test_ignore_needs_a_reason_and_names_the_person(self):
        user = self.users["reviewer"]
        action = self.bad.with_user(user).action_ignore()
        wizard = (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .create({"note": "entered by hand"})
        )
        wizard.action_apply()
        self.assertState(self.bad, "ignored", "ignored_by_person")
        self.assertEqual(self.bad.detail, "entered by hand")
        log = self.bad.log_ids.sorted("sequence")[-1]
        self.assertEqual((log.action, log.actor), ("event_ignored", user.login))

    def test_manager_sets_up_and_reviewer_does_not(self):
        manager, reviewer = self.users["manager"], self.users["reviewer"]
        self.source.with_user(manager).rate_limit = 5
        with self.assertRaises(AccessError):
            self.source.with_user(reviewer).rate_limit = 6
        self.source.with_user(manager).tax_mapping_ids = [
            Command.create({"external_id": "txr_new", "tax_id": self.vat_19.id})
        ]

    def test_mapping_then_retry_goes_through(self):
        self.source.tax_mapping_ids = [
            Command.create({"external_id": "txr_vat19incl", "tax_id": self.vat_19.id})
        ]
        self.bad.with_user(self.users["reviewer"]).action_retry()
        self.drain()
        self.assertState(self.bad, "done")

    def test_replay_books_nothing_twice(self):
        before = self.books()
        for _time in range(2):
            self.done.with_user(self.users["operator"]).action_replay()
            self.drain()
        self.assertEqual(self.books(), before)
        replays = self.env["saas.subscription.event"].search(
            [("replay_of_id", "in", self.done.ids)]
        )
        self.assertEqual(len(replays), 2 * len(self.done))
        self.assertEqual(len(set(replays.mapped("external_id"))), len(replays))
        self.assertState(replays, "done")
