"""What stands only at the head of a document: its mappings, and heads that explain
nothing. The entries are golden: tests/golden/heads.py.
"""

from odoo import Command
from odoo.tests import tagged

from ...adapters.stripe.wrapped import wrap
from ...canonical.reasons import Reason
from ..support import stripe_fixtures
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestHeads(SaasCommon):
    def _load(self, name, shape="basil", **changes):
        return stripe_fixtures.load(shape, name, **changes)

    def _map(self, ref, **vals):
        self.source.product_mapping_ids = [
            Command.create(
                {"external_id": ref, "product_id": self.product_b.id, **vals}
            )
        ]

    def _get_shipping(self):
        """Return the lines of documents that are of shipping."""
        return self.env["account.move.line"].search(
            [("saas_external_id", "=", "shipping")], order="id"
        )

    def test_shipping_has_a_mapping_and_an_account(self):
        account = self.company_data["default_account_revenue"].copy()
        self._map("shipping", account_id=account.id)
        self.deliver(
            self._load("invoice.finalized-shipping"),
            self._load("credit_note.created-shipping"),
        )
        lines = self._get_shipping()
        self.assertEqual(lines.mapped("balance"), [-10, 10])
        self.assertEqual(lines.product_id, self.product_b)
        self.assertEqual(lines.account_id, account)
        self.assertEqual(set(lines.mapped("name")), {"Shipping"})

    def test_rate_of_shipping_goes_before_shipping(self):
        self._map("shipping")
        self._map("shr_1ParcelDhl2kg", product_id=self.product_a.id)
        self.deliver(self._load("invoice.finalized-shipping"))
        self.assertEqual(self._get_shipping().product_id, self.product_a)

    def test_unmapped_shipping_waits_for_its_mapping(self):
        """The next step works: map what the detail names, and retry."""
        self.source.default_product_id = False
        [line] = self._load("invoice.finalized-shipping")["data"]["object"]["lines"][
            "data"
        ]
        self._map(line["pricing"]["price_details"]["product"])
        event = self.deliver(self._load("invoice.finalized-shipping"))
        self.assertState(event, "quarantined", Reason.UNMAPPED_PRODUCT)
        self.assertIn("shr_1ParcelDhl2kg or shipping", event.detail)
        self._map("shipping")
        event.action_retry()
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(self._get_shipping().balance, -10)

    def test_told_by_a_later_read(self):
        """An invoice and a credit note of shipping that were read are booked alike."""
        names = ("invoice.finalized-shipping", "credit_note.created-shipping")
        told = [self._load(name) for name in names]
        self.deliver(
            *(
                wrap(e["data"]["object"], e["api_version"], False, e["created"] + 60)
                for e in told
            )
        )
        self.assertEqual(self._get_shipping().mapped("balance"), [-10, 10])

    def test_tax_of_shipping_that_nobody_names(self):
        """Its rate is told nowhere: the source's default tax is for that."""
        event = self._load("invoice.finalized-shipping")
        sums = event["data"]["object"]["total_taxes"]
        sums[0].update(amount=1900, taxable_amount=10000)
        found = self.deliver(event)
        self.assertState(found, "quarantined", Reason.UNMAPPED_TAX)
        self.assertEqual(found.action_map_tax()["res_model"], "saas.tax.rule")
        self.source.default_tax_id = self.vat_19
        found.action_retry()
        self.drain()
        self.assertState(found, "done")
        move = self.env["account.move"].search([("saas_state", "!=", False)])
        self.assertEqual((move.amount_tax, move.amount_total), (20.9, 130.9))

    def test_tax_of_which_only_the_percentage_is_told(self):
        """The button opens a rule for that percentage, which is all that is needed."""
        event = self.deliver(self._load("invoice.finalized-oldest", "before"))
        self.assertState(event, "quarantined", Reason.UNMAPPED_TAX)
        action = event.action_map_tax()
        rule = self.env[action["res_model"]].with_context(**action["context"])
        rule.create({"tax_id": self.vat_19.id})
        event.action_retry()
        self.drain()
        self.assertState(event, "done")

    def test_head_that_explains_nothing(self):
        """A total that neither lines nor head come to goes to a person."""
        for name in ("shipping", "head_discount", "head_tax"):
            event = self._load(f"invoice.finalized-{name}")
            event["data"]["object"]["total"] += 7
            with self.subTest(name=name):
                [found] = self.deliver(event)
                self.assertState(found, "quarantined", Reason.AMOUNT_MISMATCH)

    def test_head_that_only_sums_up(self):
        """A discount that the total doesn't have is none: the lines are net already."""
        discounts = [{"amount": 500, "discount": "di_1Autumn25Percent0000000"}]
        event = self._load("invoice.finalized", total_discount_amounts=discounts)
        self.assertState(self.deliver(event), "done")
        move = self.env["account.move"].search([("saas_state", "!=", False)])
        self.assertEqual(move.amount_total, 119)
        self.assertEqual(len(move.invoice_line_ids), 1)

    def test_cent_that_the_lines_leave(self):
        """A head's tax that differs by a cent goes to the line that has the tax."""
        event = self._load("invoice.finalized", total=11901)
        event["data"]["object"]["total_taxes"][0]["amount"] += 1
        self.assertState(self.deliver(event), "done")
        move = self.env["account.move"].search([("saas_state", "!=", False)])
        self.assertEqual((move.amount_tax, move.amount_total), (19.01, 119.01))
        self.assertEqual(len(move.invoice_line_ids), 1)

    # -- what may become of such a document ---------------------------------------

    def _get_sums(self):
        """Return the sums by account of all that is posted, without zeros."""
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")]
        )
        sums = {
            name: round(sum(x.balance for x in lines if x.account_id == account), 2)
            for account, name in self.accounts.items()
        }
        return {name: amount for name, amount in sums.items() if amount}

    def _end(self, name, kind, moment, **changes):
        """Return the event by which the invoice of a fixture ends."""
        event = stripe_fixtures.load_later(name, 86400, **changes)
        event["type"] = f"invoice.{kind}"
        transitions = event["data"]["object"]["status_transitions"]
        transitions[f"{moment}_at"] = event["created"]
        return event

    def test_void_takes_back_all(self):
        """A void after the credit note of a tax alone: nothing is left."""
        name = "invoice.finalized-head_tax"
        events = (
            self._load(name),
            self._load("credit_note.created-tax_alone"),
            self._end(name, "voided", "voided", status="void"),
        )
        for order in (events, (events[2], events[0], events[1])):
            with self.subTest(first=order[0]["type"]), self.env.cr.savepoint() as point:
                self.assertState(self.deliver(*order), "done")
                self.assertEqual(self._get_sums(), {})
                point.rollback()
                self.env.invalidate_all()

    def test_loss_of_a_tax_alone(self):
        """All of it is lost, with the tax taken back if the source is set so."""
        name = "invoice.finalized-head_tax"
        lost = self._end(
            name,
            "marked_uncollectible",
            "marked_uncollectible",
            status="uncollectible",
            amount_remaining=16900,
        )
        for relief, sums in (
            (False, {"REV": -150, "TAX": -19, "BAD": 169}),
            (True, {"REV": -150, "BAD": 150}),
        ):
            with self.subTest(relief=relief), self.env.cr.savepoint() as point:
                self.source.bad_debt_tax_relief = relief
                self.assertState(self.deliver(self._load(name), lost), "done")
                self.assertEqual(self._get_sums(), sums)
                point.rollback()
                self.env.invalidate_all()
