"""What a preview shows to whom, and what it leaves behind.

Covers canonical/marks, review/preview, review/preview_books, review/preview_cursor and
review/preview_page.
"""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..review.deciding import DecidingCommon, load
from .previewing import PreviewingMixin

_INVOICE = ("2026-11-02", "Customer Invoice", "paid")
_MONEY = ("2026-11-02", "Journal Entry", "")


def _paid():
    """Return the events by which the invoice is paid."""
    return load("charge.succeeded"), load("invoice_payment.paid")


@tagged("post_install", "-at_install")
class TestPreview(PreviewingMixin, DecidingCommon):
    """The invoice of a customer who is known already."""

    def _shorten(self, move):
        """Return an entry as an accountant reads it."""
        names = {account.code: name for account, name in self.accounts.items()}
        lines = [
            (
                names[line["account"].split()[0]],
                line["debit"],
                line["credit"],
                *line["taxes"],
            )
            for line in move["lines"]
        ]
        head = move["date"], move["type"], move["payment_state"]
        return head, sorted(lines)

    def _make_person(self, role, login):
        return new_test_user(
            self.env,
            login,
            groups=f"saas_billing_sync.group_saas_{role}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_entries(self):
        events = self.store(load("invoice.finalized"), *_paid())
        shown = self.preview(events, user=self.reviewer)
        self.assertEqual({each["state"] for each in shown["events"]}, {"done"})
        self.assertEqual(
            sorted(self._shorten(move) for move in shown["moves"]),
            sorted(
                [
                    (
                        _INVOICE,
                        [
                            ("AR", "119.00", "0.00"),
                            ("REV", "0.00", "100.00", "19% VAT"),
                            ("TAX", "0.00", "19.00"),
                        ],
                    ),
                    (_MONEY, [("AR", "0.00", "119.00"), ("SC", "119.00", "0.00")]),
                ]
            ),
        )
        numbers = {move["number"] for move in shown["moves"]}
        self.assertEqual(numbers, {"New 1", "New 2"})
        [pair] = shown["reconciliations"]
        self.assertEqual({pair["debit"], pair["credit"]}, {"New 1", "New 2"})
        self.assertEqual(pair["amount"], "119.00")
        self.assertState(events, "received")
        self.assertNotIn("119.00", self.books())

    def test_what_is_there_changes(self):
        """A payment of what is booked already says what is still open of it."""
        self.deliver(load("invoice.finalized"))
        events = self.store(*_paid())
        [changed] = self.preview(events)["changed"]
        before, after = changed["before"], changed["after"]
        self.assertEqual((before["open"], before["state"]), ("119.00", "Not Paid"))
        self.assertEqual((after["open"], after["state"]), ("0.00", "Paid"))

    def test_undone(self):
        """A payment that is taken back leaves its invoice open."""
        self.deliver(load("invoice.finalized"), *_paid())
        move = self.env["account.move"].search([("move_type", "=", "out_invoice")])
        self.assertEqual(move.payment_state, "paid")

        def take_back(env):
            lines = env["account.move"].browse(move.id).sudo().line_ids
            lines.remove_move_reconcile()
            env["saas.sync.log"]._append(
                [
                    {
                        "source_id": self.source.id,
                        "action": "invoice_open",
                        "res_model": "account.move",
                        "res_id": move.id,
                    }
                ]
            )

        events = self.env["saas.subscription.event"].search([], limit=1)
        shown = self.preview(events, take_back, user=self.reviewer)
        self.assertEqual([each["amount"] for each in shown["undone"]], ["119.00"])
        [changed] = shown["changed"]
        self.assertEqual(changed["after"]["open"], "119.00")
        self.assertEqual(move.payment_state, "paid")

    def test_retry(self):
        """An event that waits says why it still would, or that it would go on."""
        event = self._quarantine_invoice()
        self.source.default_product_id = False
        [shown] = self.preview(event)["events"]
        self.assertEqual(
            (shown["was"], shown["state"], shown["reason"], shown["detail"]),
            ("quarantined", "quarantined", "unmapped_product", event.detail),
        )
        self.assertTrue(shown["next_step"])
        self.source.default_product_id = self.product_a
        self.assertForetold(events=event, act=event.action_retry)
        self.assertState(event, "done")

    def test_replay(self):
        """What is done would be booked no second time."""
        event = self.deliver(load("invoice.finalized"))
        shown = self.assertForetold(events=event, act=event.action_replay)
        [told] = shown["events"]
        self.assertEqual((told["id"], told["is_replay"]), (event.id, True))
        self.assertFalse(shown["moves"])

    def test_freed(self):
        """What waits for an event goes on with it, and is shown with it."""
        money = self.deliver(load("refund.created"))
        self.assertState(money, "parked")
        event = self.store(load("charge.succeeded"))
        shown = self.assertForetold(events=event)
        states = {each["type"]: each["state"] for each in shown["events"]}
        self.assertEqual(states, {"charge.succeeded": "done", "refund.created": "done"})
        self.assertState(money, "done")

    def test_mapping(self):
        """A mapping that a person is about to make is handed over as a change."""
        event = self._quarantine_invoice()
        self.source.default_product_id = False
        manager = self._make_person("manager", "mapper")
        action = event.with_user(manager).action_map_product()
        vals = {"product_id": self.product_b.id}

        def make(env):
            model = env[action["res_model"]].with_context(**action["context"])
            model.create(vals)

        events = event.with_user(manager)
        shown = self.assertForetold(
            events=events, change=make, act=lambda: make(events.env)
        )
        self.assertTrue(shown["moves"])
        self.assertState(event, "done")

    def test_left_out(self):
        """A preview has an end, and says what is behind it."""
        self.deliver(load("refund.created"))
        events = self.store(load("invoice.finalized"), load("charge.succeeded"))
        self.patch(type(self.env["saas.preview"]), "_most_events", 1)
        left = self.preview(events.sorted("id"))["left"]
        self.assertEqual(left, {"chosen": 1, "freed": 0})
        charge = events.filtered(lambda event: event.event_type == "charge.succeeded")
        left = self.preview(charge)["left"]
        self.assertEqual(left, {"chosen": 0, "freed": 1})

    def test_page(self):
        events = self.store(load("invoice.finalized"), load("charge.succeeded"))
        wizards = self.env["saas.preview.show"].with_user(self.reviewer)
        with self.enter_registry_test_mode():
            action = wizards.action_open(events.ids)
        page = wizards.browse(action["res_id"]).preview
        for text in ("New 1", "19% VAT", "119.00", "Account Receivable", "Done"):
            self.assertIn(text, page)
        self.assertNotIn("PREVIEW", page)
        other = self._make_person("manager", "other")
        wizard = wizards.browse(action["res_id"])
        self.assertFalse(wizard.with_user(other).preview)
        with self.assertRaises(AccessError):
            wizard.with_user(other).read(["preview_page"])

    def test_all_alike(self):
        self.source.default_product_id = False
        events = self.deliver(
            load("invoice.finalized"), load("invoice.finalized-mixed")
        )
        self.assertState(events, "quarantined", "unmapped_product")
        self.source.default_product_id = self.product_a
        wizards = self.env["saas.preview.show"].with_user(self.reviewer)
        with self.enter_registry_test_mode():
            wizard = wizards.browse(wizards.action_open(events[0].ids)["res_id"])
            self.assertEqual((wizard.may_retry, wizard.like_count), (True, 2))
            wizard.action_preview_like()
        self.assertEqual(wizard.event_ids.sudo(), events)
        wizard.action_retry()
        self.drain()
        self.assertState(events, "done")

    # -- who, and what is left behind --------------------------------------------

    def test_roles(self):
        event = self.store(load("invoice.finalized"))
        for role in ("operator", "manager", "reviewer", "user"):
            with self.subTest(role=role):
                person = self._make_person(role, f"sees_{role}")
                if role == "user":
                    with self.assertRaises(AccessError):
                        self.preview(event, user=person)
                else:
                    self.assertTrue(self.preview(event, user=person)["moves"])

    def test_other_company(self):
        """Nobody sees what would be booked in a company that is not theirs."""
        event = self.store(load("invoice.finalized"))
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="saas_billing_sync.group_saas_reviewer",
            company_id=self.env["res.company"].create({"name": "Elsewhere"}).id,
        )
        with self.assertRaises(AccessError):
            self.preview(event, user=stranger)

    def test_commit_is_refused(self):
        """A module that commits or rolls back while it books ends the preview."""
        event = self.store(load("invoice.finalized"))
        before = self.books()
        cls = type(self.env["saas.handler.invoice"])
        real = cls._apply
        for name in ("commit", "rollback"):

            def apply(handler, source, items, name=name):
                real(handler, source, items)
                try:
                    getattr(handler.env.cr, name)()
                except Exception:
                    self.fail("the module has taken it for an error of its own")

            with (
                self.subTest(name),
                patch.object(cls, "_apply", apply),
                self.assertRaisesRegex(UserError, "Nothing was kept"),
            ):
                self.preview(event)
        self.assertState(event, "received")
        self.assertEqual(self.books(), before)

    def test_errors_are_the_event_s(self):
        """What else a module raises becomes of the event what a drain makes of it."""
        event = self.store(load("invoice.finalized"))

        def apply(handler, source, items):
            raise UserError(self.env._("Another module does not want this."))

        cls = type(self.env["saas.handler.invoice"])
        with patch.object(cls, "_apply", apply):
            self.assertForetold(events=event)
        self.assertState(event, "quarantined", "posting_failed")

    def test_caches_of_the_process(self):
        """What the caller's transaction has to tell other processes stays to be told,
        and what the preview did is not.
        """
        registry = self.env.registry
        registry.clear_cache("assets")
        told = set(registry.cache_invalidated)

        def change(env):
            env.registry.clear_cache("default", "templates")

        self.preview(self.store(load("invoice.finalized")), change)
        self.assertEqual(registry.cache_invalidated, told)

    def test_key_of_a_caller(self):
        """A caller who states the preview's key is logged as ever."""
        event = self._quarantine_invoice()
        rows = len(event.log_ids)
        forged = event.with_user(self.reviewer).with_context(saas_preview={"rows": []})
        forged.action_retry()
        self.assertGreater(len(event.log_ids), rows)
