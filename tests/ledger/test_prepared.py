"""Journal items written at once are those that Odoo's own form would have written.

Covers ledger/document, ledger/journal_items, ledger/documents/expected and
ledger/tax/compute.
"""

import random
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from odoo import Command
from odoo.tests import tagged

from ...adapters.stripe.currency import get_exponent
from ..support.books import Undo, read_record
from ..support.common import SaasCommon

CASES = 300


@tagged("post_install", "-at_install")
class TestPrepared(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setup_other_currency("KWD", rates=[("2024-01-01", 0.31)])
        tags = cls.env["account.account.tag"].create(
            [
                {"name": name, "applicability": "taxes", "country_id": country.id}
                for country in cls.company.account_fiscal_country_id
                for name in ("base", "tax", "refund base", "refund tax")
            ]
        )
        cls.taxes = {}
        for percent in (19, 7.7, 8.875, 0):
            tax = cls._create_vat(
                percent, name=f"Random {percent}%", sequence=len(cls.taxes)
            )
            for lines, first in (
                (tax.invoice_repartition_line_ids, 0),
                (tax.refund_repartition_line_ids, 2),
            ):
                for line, tag in zip(lines, tags[first:], strict=False):
                    line.tag_ids = tag
            cls.taxes[f"txr_{percent}"] = tax
        # Reverse charge: the tax is owed and deducted at once, so its sum is zero.
        reverse = cls._create_vat(20)
        for lines in (
            reverse.invoice_repartition_line_ids,
            reverse.refund_repartition_line_ids,
        ):
            lines.filtered(lambda line: line.repartition_type == "tax").copy(
                {"factor_percent": -100, "tag_ids": tags[1].ids}
            )
        cls.taxes["txr_reverse"] = reverse
        cls.source.tax_mapping_ids = [
            Command.create({"external_id": rate, "tax_id": tax.id})
            for rate, tax in cls.taxes.items()
        ]
        cls.products = cls.product_a | cls.product_b
        cls.source.product_mapping_ids = [
            Command.create({"external_id": f"prod_{i}", "product_id": product.id})
            for i, product in enumerate(cls.products)
        ]

    def setUp(self):
        super().setUp()
        # Their ids must be the same in all runs.
        self.deliver(*(self._make_customer(number) for number in range(7)))

    def test_prepared_items_equal_the_form_s(self):
        """Random invoices and credit notes: lines, quantities, discounts, taxes,
        cents off, currencies of 0, 2 and 3 decimals, due dates.
        """
        documents = [
            self._make_invoice(number, random.Random(number)) for number in range(CASES)
        ]
        self._check_same(documents)

    def test_rounding_globally_too(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        documents = [
            self._make_invoice(number, random.Random(number)) for number in range(60)
        ]
        self._check_same(documents)

    def test_accounts_that_are_reconciled(self):
        """Their items have a residual, those of no amount are reconciled."""
        accounts = self.products.property_account_income_id
        self.assertTrue(accounts)
        accounts.reconcile = True
        documents = [
            self._make_invoice(number, random.Random(number)) for number in range(60)
        ]
        for number, document in enumerate(documents):
            line = self._make_line(number, 9, "usd", random.Random(number))
            line.update(amount=0, discount_amounts=[], taxes=[])
            document["data"]["object"]["lines"]["data"].append(line)
        self._check_same(documents)

    def test_analytic_distribution(self):
        """A rule of Odoo's distributes the items of one product."""
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        account = self.env["account.analytic.account"].create(
            {"name": "Distributed", "plan_id": plan.id, "company_id": self.company.id}
        )
        self.env["account.analytic.distribution.model"].create(
            {
                "product_id": self.product_a.id,
                "company_id": self.company.id,
                "analytic_distribution": {str(account.id): 60},
            }
        )
        documents = [
            self._make_invoice(number, random.Random(number)) for number in range(20)
        ]
        found = self._check_same(documents)
        self.assertTrue(any(read["analytic"] for read in found.values()))

    def test_odoo_s_own_value_counts(self):
        """Where another was expected of a document, what it computes is written."""
        expected = self.env.registry["saas.ledger.documents.expected"]
        original = expected._add

        def add_wrong(this, vals, items, *others):
            original(this, vals, items, *others)
            for item in items:
                item.update(date="2020-01-01", ref="wrong", reconciled=True)
                item.update(amount_residual=1, amount_residual_currency=1)
            vals.update(amount_residual=1, amount_total_signed=1, amount_tax=1)

        documents = [
            self._make_invoice(number, random.Random(number)) for number in range(20)
        ]
        self.patch(expected, "_add", add_wrong)
        self._check_same(documents)

    def _check_same(self, documents):
        prepared = self._run(documents, True)
        by_form = self._run(documents, False)
        self.assertEqual(len(prepared), len(documents))
        self.maxDiff = None
        for key, expected in by_form.items():
            self.assertEqual(prepared[key], expected, key)
        return prepared

    def test_what_is_not_proven_goes_the_normal_way(self):
        prepared = self.env["saas.ledger.journal_items"]
        tax = self.taxes["txr_19"]
        self.assertTrue(prepared._can_prepare(self.source, tax))
        for field, value in (
            ("include_base_amount", True),
            ("amount_type", "division"),
        ):
            with self.subTest(field=field):
                before = tax[field]
                tax[field] = value
                self.assertFalse(prepared._can_prepare(self.source, tax))
                tax[field] = before

    def _run(self, payloads, prepare):
        """Book the documents the one way or the other; return all that was written,
        by the source's id, and leave nothing behind.
        """
        prepared = self.env.registry["saas.ledger.journal_items"]
        original = prepared._can_prepare
        self.patch(
            prepared,
            "_can_prepare",
            lambda this, source, taxes: prepare and original(this, source, taxes),
        )
        try:
            with self.env.cr.savepoint():
                self.assertState(self.deliver(*payloads), "done")
                moves = self.env["account.move"].search(
                    [("saas_source_id", "=", self.source.id)]
                )
                found = {move.saas_external_id: self._read(move) for move in moves}
                raise Undo
        except Undo:
            prepared._can_prepare = original
            return found

    def _read(self, move):
        """Return all stored values of a move and of its journal items."""
        return {
            "move": read_record(move),
            "totals": _plain_totals(move.tax_totals),
            "lines": sorted((read_record(line) for line in move.line_ids), key=str),
            "names": sorted(str(line.name) for line in move.line_ids),
            "analytic": sorted(
                (line.account_id.name, f"{line.amount:.2f}", line.general_account_id.id)
                for line in move.line_ids.analytic_line_ids
            ),
        }

    def _make_customer(self, number):
        return {
            "id": f"evt_customer_{number}",
            "object": "event",
            "type": "customer.created",
            "api_version": "2026-10-28.endive",
            "created": 1793613600,
            "livemode": False,
            "data": {
                "object": {
                    "id": f"cus_{number}",
                    "object": "customer",
                    "name": f"Customer {number}",
                }
            },
        }

    def _make_invoice(self, number, chance):
        currency = chance.choice(("usd", "usd", "eur", "jpy", "kwd"))
        lines = [
            self._make_line(number, index, currency, chance)
            for index in range(chance.randint(1, 5))
        ]
        total = sum(
            line["amount"]
            - sum(part["amount"] for part in line["discount_amounts"])
            + sum(
                tax["amount"]
                for tax in line["taxes"]
                if tax["tax_behavior"] == "exclusive"
            )
            for line in lines
        )
        created = 1793613600 + 3600 * number
        return {
            "id": f"evt_{number}",
            "object": "event",
            "type": "invoice.finalized",
            "api_version": "2026-10-28.endive",
            "created": created,
            "livemode": False,
            "data": {
                "object": {
                    "id": f"in_{number}",
                    "object": "invoice",
                    "created": created,
                    "status": "open",
                    "number": f"N-{number}",
                    "currency": currency,
                    "customer": f"cus_{number % 7}",
                    "customer_name": f"Customer {number % 7}",
                    "due_date": chance.choice((None, created + 86400 * 30)),
                    "status_transitions": {"finalized_at": created},
                    "total": total,
                    "lines": {"data": lines, "has_more": False},
                }
            },
        }

    def _make_line(self, number, index, currency, chance):
        """Return a line. Its tax is computed as Stripe does, on each line, and
        sometimes rounded down or up, so that it is a cent off.
        """
        unit = 10 if get_exponent(currency.upper()) == 3 else 1
        amount = chance.randint(-20000, 90000) * unit
        discount = chance.choice((0, 0, chance.randint(0, 500))) * unit
        rates = chance.choice([*((rate,) for rate in self.taxes), ()])
        if chance.random() < 0.2:  # such as of a state and a county
            rates = chance.sample([*self.taxes], 2)
        taxes = []
        for rate in rates:
            percent = 0 if rate == "txr_reverse" else self.taxes[rate].amount
            net = amount - discount
            exact_tax = Decimal(net) * Decimal(str(percent)) / 100 / unit
            rounding = chance.choice(
                (ROUND_HALF_UP, ROUND_HALF_UP, ROUND_FLOOR, ROUND_CEILING)
            )
            taxes.append(
                {
                    "amount": int(exact_tax.to_integral_value(rounding)) * unit,
                    "tax_behavior": "exclusive",
                    "tax_rate_details": {"tax_rate": rate},
                    "taxability_reason": None if percent else "reverse_charge",
                }
            )
        return {
            "id": f"il_{number}_{index}",
            "amount": amount,
            "description": f"Line {index}",
            "quantity": chance.choice((1, 1, 2, 3, 7)),
            "discount_amounts": [{"amount": discount}] if discount else [],
            "pricing": {
                "price_details": {"price": "price_x", "product": f"prod_{index % 2}"}
            },
            "taxes": taxes,
        }


def _plain_totals(totals):
    """Return what the document shows as its totals, without what is an id."""
    return {
        key: f"{value:.4f}"
        for key, value in totals.items()
        if isinstance(value, float) and key.endswith(("amount", "amount_currency"))
    }
