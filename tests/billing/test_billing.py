"""What is billed of a subscription in each of its fates, as whole journal entries.

Covers billing/posting, billing/target, billing/documents, billing/books, billing/rates,
billing/due, billing/booked, billing/line, billing/task, ledger/documents/own_credit and
ledger/documents/document.
"""

from decimal import Decimal

from odoo.tests import tagged

from ...canonical.money import exact
from ..support.session import create_person
from .common import BillingCommon, at


@tagged("post_install", "-at_install")
class TestBilling(BillingCommon):
    """Each fate books exactly what it is worth, once."""

    def test_a_month_in_advance(self):
        """A month with five seats is 80.00, and 15.20 of tax."""
        tenant = self.create_tenant()
        self.subscribe(tenant, self.pro, at(2026, 4, 1), seats=5)
        run = self.bill(at(2026, 4, 1))
        self.assertEqual((run.state, run.done_count, run.failed_count), ("done", 1, 0))
        [move] = self.get_moves(tenant)
        self.assertEqual(
            self.read_entry(move),
            [
                ("AR", Decimal("95.20"), Decimal("95.20"), ""),
                ("REV", Decimal("-30.00"), Decimal("-30.00"), "19% VAT"),
                ("REV", Decimal("-50.00"), Decimal("-50.00"), "19% VAT"),
                ("TAX", Decimal("-15.20"), Decimal("-15.20"), ""),
            ],
        )
        self.assertEqual(
            (move.move_type, str(move.date), move.state),
            ("out_invoice", "2026-04-01", "posted"),
        )
        self.assertEqual(
            self.read_charges(tenant),
            [
                ("base", 3000, "2026-04-01", "2026-05-01"),
                ("seats", 5000, "2026-04-01", "2026-05-01"),
            ],
        )
        lines = move.invoice_line_ids
        self.assertEqual(lines[0].name, "Base, 04/01/2026 to 04/30/2026")
        self.assertEqual((lines[1].quantity, lines[1].price_unit), (5, 10))

    def test_billed_once(self):
        """Whatever is run again, nothing more is billed before the next period."""
        tenant = self.create_tenant()
        subscription = self.subscribe(tenant, self.pro, at(2026, 4, 1))
        self.bill(at(2026, 4, 1))
        self.assertEqual(str(subscription.next_billing_at), "2026-05-01 00:00:00")
        subscription.next_billing_at = "2026-04-02"
        run = self.bill(at(2026, 4, 30))
        self.assertEqual((run.nothing_count, run.document_count), (1, 0))
        self.assertEqual(len(self.get_moves(tenant)), 1)
        self.bill(at(2026, 5, 1))
        self.assertEqual(len(self.get_moves(tenant)), 2)

    def test_missed_periods(self):
        """What nobody has billed for months is billed in one go, each with its days."""
        tenant = self.create_tenant()
        self.subscribe(tenant, self.max, at(2026, 1, 31))
        self.bill(at(2026, 4, 30))
        self.assertEqual(
            self.read_charges(tenant),
            [
                ("base", 6000, "2026-01-31", "2026-02-28"),
                ("base", 6000, "2026-02-28", "2026-03-31"),
                ("base", 6000, "2026-03-31", "2026-04-30"),
                ("base", 6000, "2026-04-30", "2026-05-31"),
            ],
        )

    def test_upgrade(self):
        """The rest of the old plan is given back and the rest of the new one billed, on
        one document.
        """
        tenant = self.create_tenant()
        subscription = self.subscribe(tenant, self.pro, at(2026, 4, 1))
        self.bill(at(2026, 4, 1))
        terms = self.make_terms(self.max)
        self.change(subscription, "changed", at(2026, 4, 16), terms=terms)
        self.bill(at(2026, 4, 16))
        move = self.get_moves(tenant)[1]
        self.assertEqual(
            self.read_entry(move),
            [
                ("AR", Decimal("17.85"), Decimal("17.85"), ""),
                ("REV", Decimal("15.00"), Decimal("15.00"), "19% VAT"),
                ("REV", Decimal("-30.00"), Decimal("-30.00"), "19% VAT"),
                ("TAX", Decimal("-2.85"), Decimal("-2.85"), ""),
            ],
        )
        self.assertEqual(move.move_type, "out_invoice")
        self.assertEqual(
            self.read_charges(tenant)[1:],
            [
                ("base", -1500, "2026-04-16", "2026-05-01"),
                ("base", 3000, "2026-04-16", "2026-05-01"),
            ],
        )

    def test_downgrade_is_used_up(self):
        """What a downgrade gives back is a credit note, which pays the open invoice,
        and what is left of it the next one.
        """
        tenant = self.create_tenant()
        subscription = self.subscribe(tenant, self.max, at(2026, 4, 1))
        self.bill(at(2026, 4, 1))
        terms = self.make_terms(self.pro)
        self.change(subscription, "changed", at(2026, 4, 16), terms=terms)
        self.bill(at(2026, 4, 16))
        invoice, note = self.get_moves(tenant)
        self.assertEqual(note.move_type, "out_refund")
        self.assertEqual(
            self.read_entry(note),
            [
                ("AR", Decimal("-17.85"), Decimal("-17.85"), ""),
                ("REV", Decimal("30.00"), Decimal("30.00"), "19% VAT"),
                ("REV", Decimal("-15.00"), Decimal("-15.00"), "19% VAT"),
                ("TAX", Decimal("2.85"), Decimal("2.85"), ""),
            ],
        )
        self.assertEqual(exact(invoice.amount_residual, 2), Decimal("53.55"))
        self.assertEqual(note.amount_residual, 0)

    def test_cancellation(self):
        """An end within a period gives the rest back, and nothing more is billed."""
        tenant = self.create_tenant()
        subscription = self.subscribe(tenant, self.pro, at(2026, 4, 1), seats=1)
        self.bill(at(2026, 4, 1))
        self.change(subscription, "canceled", at(2026, 4, 16))
        self.bill(at(2026, 4, 16))
        self.assertEqual(
            self.read_charges(tenant)[2:],
            [
                ("base", -1500, "2026-04-16", "2026-05-01"),
                ("seats", -500, "2026-04-16", "2026-05-01"),
            ],
        )
        self.assertFalse(subscription.next_billing_at)
        self.bill(at(2026, 9, 1))
        self.assertEqual(len(self.get_moves(tenant)), 2)

    def test_nothing_given_back(self):
        """Where the tenant's policy keeps what is paid, an end gives nothing back."""
        tenant = self.create_tenant(cancel_policy="keep")
        subscription = self.subscribe(tenant, self.pro, at(2026, 4, 1))
        self.bill(at(2026, 4, 1))
        self.change(subscription, "canceled", at(2026, 4, 16))
        self.bill(at(2026, 7, 1))
        self.assertEqual(len(self.get_moves(tenant)), 1)

    def test_replaced(self):
        """Under *replace*, what was billed is credited in whole and billed anew."""
        tenant = self.create_tenant(amendment_policy="replace")
        subscription = self.subscribe(tenant, self.pro, at(2026, 4, 1))
        self.bill(at(2026, 4, 1))
        terms = self.make_terms(self.max)
        self.change(subscription, "changed", at(2026, 4, 16), terms=terms)
        self.bill(at(2026, 4, 16))
        moves = self.get_moves(tenant)
        self.assertEqual(
            sorted(moves.mapped("move_type")),
            ["out_invoice", "out_invoice", "out_refund"],
        )
        self.assertEqual(
            sorted(self.read_charges(tenant)[1:]),
            [
                ("base", -3000, "2026-04-01", "2026-05-01"),
                ("base", 1500, "2026-04-01", "2026-04-16"),
                ("base", 3000, "2026-04-16", "2026-05-01"),
            ],
        )

    def test_trial_and_pause(self):
        """A trial is free, and of a pause what was paid in advance is given back."""
        tenant = self.create_tenant()
        subscription = self.env["saas.subscription"].create(
            {
                "external_id": "with a trial",
                "source_id": self.own.id,
                "tenant_id": tenant.id,
                "state": "none",
            }
        )
        terms = self.make_terms(self.pro)
        self.change(
            subscription,
            "activated",
            at(2026, 4, 1),
            terms=terms,
            trial_end="2026-04-15 00:00:00",
        )
        self.bill(at(2026, 4, 14))
        self.assertFalse(self.get_moves(tenant))
        self.bill(at(2026, 4, 15))
        self.assertEqual(
            self.read_charges(tenant), [("base", 3000, "2026-04-15", "2026-05-15")]
        )
        self.change(subscription, "paused", at(2026, 4, 25))
        self.bill(at(2026, 4, 25))
        self.change(subscription, "resumed", at(2026, 5, 5))
        self.bill(at(2026, 5, 5))
        self.assertEqual(
            self.read_charges(tenant)[1:],
            [
                ("base", -2000, "2026-04-25", "2026-05-15"),
                ("base", 1000, "2026-05-05", "2026-05-15"),
            ],
        )

    def test_other_currency(self):
        """A subscription in euros is billed in euros, at the day's rate."""
        tenant = self.create_tenant()
        self.subscribe(tenant, self.max, at(2026, 4, 1), currency="EUR")
        self.bill(at(2026, 4, 1))
        [move] = self.get_moves(tenant)
        self.assertEqual(
            self.read_entry(move),
            [
                ("AR", Decimal("71.40"), Decimal("89.25"), ""),
                ("REV", Decimal("-60.00"), Decimal("-75.00"), "19% VAT"),
                ("TAX", Decimal("-11.40"), Decimal("-14.25"), ""),
            ],
        )

    def test_who_is_asked(self):
        """Odoo's own source has no person where the clock has created it: then the
        company says who is asked, or a finance reviewer is.
        """
        reviewer = create_person(self, "asked_reviewer", "reviewer")
        chosen = create_person(self, "asked_chosen", "reviewer")
        self.product.taxes_id = self.vat_19.copy(
            {"price_include_override": "tax_included"}
        )
        robot = self.env.ref("base.user_root")
        for own, billing, asked in (
            (robot, False, reviewer),
            (False, chosen, chosen),
            (self.responsible, chosen, self.responsible),
        ):
            self.own.responsible_id = own
            self.company.billing_responsible_id = billing
            tenant = self.create_tenant()
            self.subscribe(tenant, self.pro, at(2026, 4, 1))
            self.bill(at(2026, 4, 1))
            self.assertEqual(tenant.activity_ids.user_id, asked)

    def test_one_invoice_or_several(self):
        """Two subscriptions are on one invoice, or on one each if the tenant wants
        it.
        """
        for consolidation, number in (("tenant", 1), ("subscription", 2)):
            tenant = self.create_tenant(consolidation=consolidation)
            self.subscribe(tenant, self.pro, at(2026, 4, 1))
            self.subscribe(tenant, self.max, at(2026, 4, 1))
            self.bill(at(2026, 4, 1))
            self.assertEqual(len(self.get_moves(tenant)), number)

    def test_credited_by_hand(self):
        """What somebody has credited in Odoo's own screens is not credited again."""
        tenant = self.create_tenant()
        subscription = self.subscribe(tenant, self.max, at(2026, 4, 1))
        self.bill(at(2026, 4, 1))
        [invoice] = self.get_moves(tenant)
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": invoice.ids,
                "journal_id": invoice.journal_id.id,
                "date": "2026-04-02",
            }
        )
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        note.invoice_line_ids.price_unit = 50
        note.action_post()
        # Nothing was taken off the time itself, so nothing is billed anew.
        self.bill(at(2026, 4, 10))
        self.assertEqual(len(self.read_charges(tenant)), 1)
        # Of the fifteen days that are left, 30.00, only 10.00 are not credited yet.
        self.change(subscription, "canceled", at(2026, 4, 16))
        self.bill(at(2026, 4, 16))
        self.assertEqual(
            self.read_charges(tenant)[1:], [("base", -1000, "2026-04-16", "2026-05-01")]
        )
        self.bill(at(2026, 4, 17))
        self.assertEqual(len(self.read_charges(tenant)), 2)
