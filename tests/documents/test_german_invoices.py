"""What Odoo bills leaves a German company as an electronic invoice, by Odoo's own
builders, and adds up as EN 16931 wants it.
"""

from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

from odoo import Command
from odoo.tests import tagged

from ...canonical.kinds import Kind
from ...canonical.money import exact
from ..billing.common import BillingCommon, at
from ..usage.usage_common import UsageCommon

_CENT = Decimal("0.01")


class Node:
    """Part of an XML document, read by names without their namespaces."""

    def __init__(self, node):
        self._node = node

    def find(self, path):
        """Return the parts at a path, such as ``InvoiceLine/Price``."""
        steps = "/".join(f"*[local-name()='{step}']" for step in path.split("/"))
        return [Node(found) for found in self._node.xpath(steps)]

    def text(self, path):
        """Return the text at a path that there is exactly one of."""
        [found] = self.find(path)
        return found._node.text

    def amount(self, path):
        """Return the sum of the amounts at a path."""
        return sum((Decimal(each._node.text) for each in self.find(path)), Decimal(0))


@tagged("post_install", "-at_install")
class TestGermanInvoices(UsageCommon, BillingCommon):
    """A company in Berlin bills one in Munich: a fixed price, seats, and calls that
    cost 0.0004 each.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.env.ref("base.EUR")
        germany = cls.env.ref("base.de")
        cls.company.partner_id.write(
            {
                "name": "Laterne GmbH",
                "street": "Torstr. 1",
                "zip": "10119",
                "city": "Berlin",
                "country_id": germany.id,
                "vat": "DE257486969",
                "phone": "+49 30 1234567",
                "email": "rechnung@example.com",
                "bank_ids": [
                    Command.create(
                        {
                            "acc_number": "DE89370400440532013000",
                            "allow_out_payment": True,
                        }
                    )
                ],
            }
        )

    def setUp(self):
        super().setUp()
        meter = self.meter()
        self.tell(self.platform, self.customer())
        [self.ada] = self.env["saas.tenant"]._find(self.platform, ["C-1"]).values()
        self.ada.write({"billing_policy": "odoo", "purchase_order": "PO-77"})
        self.ada.partner_id.write(
            {
                "name": "Ada Analytics GmbH",
                "street": "Marienplatz 8",
                "zip": "80331",
                "city": "München",
                "country_id": self.env.ref("base.de").id,
                "vat": "DE186775212",
                "email": "ada@example.com",
                "lang": "en_US",
                # The Leitweg-ID.
                "ref": "04011000-12345-03",
            }
        )
        plan = self.create_plan(
            "berlin",
            currencies=("EUR",),
            base={"unit_price": "30"},
            seats={"kind": "seat", "unit_price": "9.99"},
            calls={
                "kind": "usage",
                "timing": "arrears",
                "meter_id": meter.id,
                "unit_price": "0.0004",
            },
        )
        self.subscription = self.subscribe(
            self.ada, plan, at(2026, 5, 1), currency="EUR", seats=3
        )
        bindings = self.env["saas.binding"]
        vals = (self.platform, Kind.SUBSCRIPTION, "S-1", self.subscription)
        bindings.create(bindings._prepare_vals(*vals))

    def export(self, move, builder):
        """Return a document as one of Odoo's builders writes it."""
        content, errors = self.env[builder]._export_invoice(move)
        self.assertFalse(errors)
        return Node(etree.fromstring(content))

    def hold_more(self, moment, seats):
        """Change how many seats there are."""
        held = {**self.held_terms(), "quantities": {"base": "1", "seats": seats}}
        self.change(self.subscription, "changed", moment, terms=held)

    def held_terms(self):
        """Return what is held now."""
        return dict(self.subscription.held)

    def check_ubl(self, move):
        """Check an XRechnung: each line, and the sums, as the rules of EN 16931 say;
        return its lines.
        """
        tree = self.export(move, "account.edi.xml.ubl_de")
        is_note = move.move_type == "out_refund"
        tag = "CreditNoteLine" if is_note else "InvoiceLine"
        counted = "CreditedQuantity" if is_note else "InvoicedQuantity"
        lines, sums = tree.find(tag), tree.find("LegalMonetaryTotal")[0]
        self.assertEqual(len(lines), len(move.invoice_line_ids))
        for line in lines:
            price = line.amount("Price/PriceAmount")
            # BR-27: the price is never below zero, the quantity may be.
            self.assertGreaterEqual(price, 0)
            # The net amount is the quantity times the price, to the cent.
            self.assertFalse(line.find("AllowanceCharge"))
            self.assertFalse(line.find("Price/BaseQuantity"))
            self.assertEqual(
                line.amount("LineExtensionAmount"), line.amount(counted) * price
            )
            self.assertEqual(line.text("Item/ClassifiedTaxCategory/Percent"), "19.0")
        net = line_sum = sums.amount("LineExtensionAmount")
        # BR-CO-10, BR-CO-13, BR-CO-15 and BR-CO-16.
        self.assertEqual(
            line_sum, sum(line.amount("LineExtensionAmount") for line in lines)
        )
        self.assertFalse(tree.find("AllowanceCharge"))
        self.assertEqual(sums.amount("TaxExclusiveAmount"), net)
        tax = tree.amount("TaxTotal/TaxAmount")
        self.assertEqual(sums.amount("TaxInclusiveAmount"), net + tax)
        self.assertEqual(
            sums.amount("PayableAmount"), net + tax - sums.amount("PrepaidAmount")
        )
        # BR-CO-14, BR-CO-17 and BR-S-08: one rate, of all that is taxed.
        [part] = tree.find("TaxTotal/TaxSubtotal")
        self.assertEqual(part.amount("TaxAmount"), tax)
        self.assertEqual(part.amount("TaxableAmount"), net)
        due = (net * Decimal("0.19")).quantize(_CENT, ROUND_HALF_UP)
        self.assertLessEqual(abs(tax - due), _CENT * len(lines))
        self.check_heads(move, tree, net + tax)
        return lines

    def check_heads(self, move, tree, total):
        """Check the total of an XRechnung, whom it is for and how it is paid."""
        self.assertEqual(exact(move.amount_total, 2), total)
        self.assertEqual(tree.text("BuyerReference"), "04011000-12345-03")
        self.assertEqual(tree.text("OrderReference/ID"), "PO-77")
        self.assertEqual(tree.text("DocumentCurrencyCode"), "EUR")
        self.assertTrue(tree.find("PaymentMeans/PaymentMeansCode"))
        if move.move_type == "out_invoice":
            account = tree.text("PaymentMeans/PayeeFinancialAccount/ID")
            self.assertEqual(account, "DE89370400440532013000")

    def check_cii(self, move):
        """Check a Factur-X document in the same way."""
        tree = self.export(move, "account.edi.xml.cii")
        deal = tree.find("SupplyChainTradeTransaction")[0]
        lines = deal.find("IncludedSupplyChainTradeLineItem")
        self.assertEqual(len(lines), len(move.invoice_line_ids))
        amounts = []
        for line in lines:
            agreed = "SpecifiedLineTradeAgreement/NetPriceProductTradePrice"
            price = line.amount(f"{agreed}/ChargeAmount")
            self.assertGreaterEqual(price, 0)
            summed = "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"
            amounts.append(line.amount(f"SpecifiedLineTradeSettlement/{summed}"))
            count = line.amount("SpecifiedLineTradeDelivery/BilledQuantity")
            self.assertEqual(amounts[-1], count * price)
        settled = deal.find("ApplicableHeaderTradeSettlement")[0]
        sums = settled.find("SpecifiedTradeSettlementHeaderMonetarySummation")[0]
        net = sums.amount("LineTotalAmount")
        self.assertEqual(net, sum(amounts))
        self.assertEqual(sums.amount("TaxBasisTotalAmount"), net)
        tax = settled.amount("ApplicableTradeTax/CalculatedAmount")
        self.assertEqual(sums.amount("TaxTotalAmount"), tax)
        self.assertEqual(sums.amount("GrandTotalAmount"), net + tax)
        self.assertEqual(exact(move.amount_total, 2), net + tax)

    def test_a_life(self):
        """Each document of a life with seats that come and go, calls below a cent and
        an end exports as XRechnung and as Factur-X, without an error.
        """
        self.bill(at(2026, 5, 1))
        self.use(self.record("a", "1234567", at=at(2026, 5, 2)))
        self.use(self.record("b", "0.123456789", at=at(2026, 5, 3)))
        # Three seats more for 22 of 31 days, and then four less.
        self.hold_more(at(2026, 5, 10), "6")
        self.bill(at(2026, 5, 12))
        self.hold_more(at(2026, 5, 20), "2")
        self.bill(at(2026, 6, 1))
        self.use(self.record("c", "777", at=at(2026, 6, 1, 1)))
        self.change(self.subscription, "canceled", at(2026, 6, 11))
        self.bill(at(2026, 6, 30))
        moves = self.get_moves(self.ada)
        self.assertEqual(set(moves.mapped("move_type")), {"out_invoice", "out_refund"})
        texts = []
        for move in moves:
            for line in self.check_ubl(move):
                texts.append(line.text("Item/Description"))
            self.check_cii(move)
        self.assertIn(
            "Calls, 05/01/2026 to 05/31/2026 (quantity: 1234567.123456789)", texts
        )
        self.assertTrue(any(text.startswith("Credit: Seats, ") for text in texts))
