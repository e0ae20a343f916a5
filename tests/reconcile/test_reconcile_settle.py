"""What people do to differences: import again, accept, take over; and who may."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ...dev.make_believe.stripe.api import KEY
from ..support.reconciling import ReconcileCommon
from ..support.session import create_person

_MODELS = (
    "saas.reconciliation",
    "saas.reconciliation.line",
    "saas.reconciliation.item",
    "saas.difference",
)


@tagged("post_install", "-at_install")
class TestReconcileSettle(ReconcileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: create_person(cls, f"saas_{role}", role)
            for role in ("operator", "manager", "reviewer", "approver")
        }

    # -- importing again ------------------------------------------------------

    def test_import_closes_what_is_only_there(self):
        self.tell()
        self.reconcile()
        found = self.find()
        self.assertEqual(len(found), 7)
        found.action_reimport()
        self.run_jobs()
        # The refund arrived before its payment, say: it waited for it.
        self.drain()
        self.run_jobs()
        self.assertEqual(self.found(), [])
        self.assertEqual(set(found.mapped("event_id.state")), {"done"})
        events = found.event_id
        self.assertTrue(all(e.event_type.startswith("pulled.") for e in events))
        self.reconcile()
        self.assertEqual(self.found(), [])
        self.assertWhole()

    def test_import_closes_what_differs(self):
        """The events that told of it were lost."""
        self.tell("customer.created")
        self.book("customer.created", "invoice.finalized")
        self.change(
            "invoice.finalized",
            status="void",
            status_transitions={"finalized_at": 1793610000, "voided_at": 1793700000},
        )
        self.reconcile("invoice")
        found = self.find()
        self.assertEqual(set(found.mapped("field")), {"state", "amount_remaining"})
        # One click on one of them is enough for the object.
        found[0].action_reimport()
        self.run_jobs()
        self.assertEqual(set(found.mapped("state")), {"resolved"})
        self.assertEqual(len(found.event_id), 1)

    def test_import_that_waits_says_so_and_closes_later(self):
        self.tell("customer.created", "invoice.finalized")
        mappings = self.source.tax_mapping_ids
        values = [(m.external_id, m.tax_id.id) for m in mappings]
        mappings.unlink()
        self.reconcile("invoice")
        [found] = self.find()
        found.action_reimport()
        self.run_jobs()
        self.assertEqual((found.state, found.event_state), ("open", "quarantined"))
        self.assertIn("Open the event", found.next_step)
        self.source.tax_mapping_ids = [
            Command.create({"external_id": rate, "tax_id": tax}) for rate, tax in values
        ]
        found.event_id.action_retry()
        self.run_jobs()
        self.assertEqual(found.state, "resolved")

    def test_import_of_what_has_not_changed_is_processed_again(self):
        """It was booked right, and then somebody undid it by hand."""
        self.tell()
        self.book()
        self.reconcile()
        move = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id), ("move_type", "=", "out_invoice")]
        )
        for _time in range(2):
            move.line_ids.remove_move_reconcile()
            self.reconcile("invoice")
            found = self.find()
            self.assertTrue(found)
            found.action_reimport()
            self.run_jobs()
            self.assertEqual(set(found.mapped("state")), {"resolved"})
        self.assertWhole()

    def test_import_of_what_is_gone_stays_open(self):
        self.book()
        self.reconcile("invoice")
        [found] = self.find()
        found.action_reimport()
        self.run_jobs()
        self.assertEqual((found.state, found.result), ("open", "only_here"))
        self.assertFalse(found.event_id)
        self.assertIn("reverse it here", found.next_step)

    def test_import_waits_while_the_source_is_down(self):
        self.tell("customer.created")
        self.reconcile("customer")
        [found] = self.find()
        self.api.fail(path="/v1/customers/", status=500, times=4)
        found.action_reimport()
        self.run_jobs()
        self.assertEqual(found.state, "open")
        self.resume_jobs()
        self.run_jobs()
        self.assertEqual(found.state, "resolved")

    # -- people ---------------------------------------------------------------

    def test_who_may_do_what(self):
        self.tell("customer.created")
        run = self.reconcile("customer")
        [found] = self.find()
        everybody = set(self.users)
        finance = {"reviewer", "approver"}
        for method, roles in {
            "action_reimport": everybody,
            "action_accept": finance,
            "action_take": finance | {"manager"},
        }.items():
            for role, user in self.users.items():
                with self.subTest(method=method, role=role):
                    call = getattr(found.with_user(user), method)
                    if role in roles:
                        call()
                    else:
                        self.assertRaises(AccessError, call)
        for role, user in self.users.items():
            with self.subTest(role=role):
                start = self.env["saas.reconciliation.start"].with_user(user)
                with Form(start) as form:
                    form.source_id = self.source
                self.assertTrue(form.record.action_start())
                self.assertTrue(run.with_user(user).read())

    def test_nobody_writes_what_only_code_may(self):
        self.tell("customer.created")
        self.reconcile("customer")
        for model in _MODELS[:3]:
            record = self.env[model].search([], limit=1)
            for user in self.users.values():
                for right in ("write", "create", "unlink"):
                    with self.assertRaises(AccessError):
                        record.with_user(user).check_access(right)
        [found] = self.find()
        reviewer = found.with_user(self.users["reviewer"])
        reviewer.write({"user_id": self.users["approver"].id, "note": "please look"})
        said = "I asked them."
        reviewer.message_post(body=said)
        for vals in ({"state": "resolved"}, {"their_value": "1"}):
            with self.assertRaises(AccessError):
                reviewer.write(vals)
        with self.assertRaises(AccessError):
            found.with_user(self.users["operator"]).note = "mine"

    def test_accepting_names_the_person(self):
        self.tell("customer.created")
        self.reconcile("customer")
        [found] = self.find()
        user = self.users["reviewer"]
        action = found.with_user(user).action_accept()
        wizard = (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .create({"note": "a test customer"})
        )
        wizard.action_apply()
        log = self.env["saas.sync.log"].search([("action", "=", "difference_accepted")])
        self.assertEqual((log.actor, log.res_id), (user.login, found.id))
        found.with_user(user).action_reopen()
        self.assertEqual(found.state, "open")

    # -- companies ------------------------------------------------------------

    def test_companies_are_never_mixed(self):
        """Two companies read the same account; what one has booked is not what the
        other has.
        """
        other = self.setup_other_company(name="Other")["company"]
        source = self._create_source(
            name="Theirs",
            company_id=other.id,
            sale_journal_id=False,
            clearing_journal_id=False,
            default_product_id=False,
            tax_mapping_ids=False,
            responsible_id=self.env.user.id,
        )
        source.new_api_key = KEY
        self.tell()
        self.book()
        own, foreign = self.reconcile(), self.reconcile(source=source)
        self.assertEqual(set(self.counts(own).values()), {(1, 0, 0, 0)})
        self.assertEqual(set(self.counts(foreign).values()), {(0, 0, 1, 0)})
        self.assertEqual(self.find().company_id, other)
        outsider = new_test_user(
            self.env,
            "saas_outsider",
            groups="saas_billing_sync.group_saas_reviewer",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for model in _MODELS:
            for user, company in (
                (self.users["reviewer"], self.company),
                (outsider, other),
            ):
                with self.subTest(model=model, user=user.login):
                    seen = self.env[model].with_user(user).search([])
                    self.assertEqual(
                        seen.sudo().company_id, company & seen.sudo().company_id
                    )
        with self.assertRaises(AccessError):
            self.find()[0].with_user(self.users["reviewer"]).action_reimport()
