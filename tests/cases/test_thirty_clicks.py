"""A month with forty exceptions of nine causes takes a person thirty clicks at most, in
a real browser, and ends in the right books.

Covers static/src/review, models/review/exception_suggest and wizards/catalogue.
"""

import copy
import logging
from decimal import Decimal
from unittest.mock import patch

from odoo import Command, api
from odoo.tests import tagged

from ...canonical.errors import Transient
from ..support import stripe_fixtures
from ..support.session import BrowserMixin, create_person
from ..support.webhook import SaasHttpCommon

_logger = logging.getLogger(__name__)

_VAT = "DE136695976"
_PRODUCT = "prod_MOJXzHQPDRVQOq"
#: How many documents wait for each cause: invoices of 100.00, with a tax in percent.
_TAXES = {
    "sibling": (6, Decimal(19)),
    "named": (5, Decimal(19)),
    "unmapped": (5, Decimal(7)),
    "reverse": (4, Decimal(0)),
    "wrong": (5, Decimal(16)),
    "twins": (4, Decimal(19)),
    "euro": (4, Decimal(19)),
    "dead": (3, Decimal(19)),
}
#: And balance transactions that have no account for what they cost.
_FEES = 4


@tagged("post_install", "-at_install")
class TestThirtyClicks(BrowserMixin, SaasHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = create_person(cls, "clicking", "manager", "reviewer")
        create = cls.env["product.product"].create
        cls.team, cls.support = create([{"name": "Team"}, {"name": "Support"}])
        cls.taxes = {rate: cls._create_vat(rate) for rate in (7, 16)}
        cls.taxes[0] = cls._create_vat(0, name="Reverse Charge")
        cls.source.write(
            {
                "default_product_id": False,
                "tax_mapping_ids": [
                    Command.create({"external_id": "txr_16", "tax_id": cls.vat_19.id})
                ],
                "product_mapping_ids": [
                    Command.create(
                        {"external_id": "price_known", "product_id": cls.team.id}
                    )
                ],
            }
        )

    def _invoice(self, cause, number, price="price_known", product="prod_known"):
        """Return the event of an invoice of 100.00 with the tax of a cause."""
        _count, percent = _TAXES[cause]
        payload = stripe_fixtures.load("basil", "invoice.finalized")
        payload["id"] = f"evt_{cause}{number}"
        data = payload["data"]["object"]
        data.update(id=f"in_{cause}{number}", number=f"{cause}-{number}")
        [line] = data["lines"]["data"]
        line["id"] = f"il_{cause}{number}"
        line["pricing"]["price_details"].update(price=price, product=product)
        tax = int(percent * 100)
        line["taxes"][0]["amount"] = tax
        data.update(
            total=10000 + tax, amount_due=10000 + tax, amount_remaining=10000 + tax
        )
        return payload

    def _set_rate(self, payload, rate, reason="standard_rated"):
        [line] = payload["data"]["object"]["lines"]["data"]
        line["taxes"][0]["tax_rate_details"] = {"tax_rate": rate}
        line["taxes"][0]["taxability_reason"] = reason
        return payload

    def _each(self, cause, **vals):
        count, _percent = _TAXES[cause]
        return [self._invoice(cause, number, **vals) for number in range(count)]

    def _catalogue(self):
        """Return what the source tells of its prices, products and rates."""
        price = {"product": "prod_two", "nickname": None}
        told = [
            ("price.created", {**price, "id": "price_known", "product": "prod_team"}),
            ("price.created", {**price, "id": "price_new", "product": "prod_team"}),
            ("product.created", {"id": "prod_two", "name": "Support"}),
        ]
        for number, (name, changes) in enumerate(told):
            payload = stripe_fixtures.load("basil", name)
            payload["id"] = f"evt_catalogue{number}"
            payload["data"]["object"].update(changes)
            yield payload
        yield stripe_fixtures.load("basil", "customer.created")

    def _month(self):
        """Return the events of a month, and set up what is wrong with them."""
        payloads = self._each("sibling", price="price_new", product="prod_team")
        payloads += self._each("named", price="price_two", product="prod_two")
        payloads += [self._set_rate(p, "txr_7") for p in self._each("unmapped")]
        payloads += [
            self._set_rate(p, "txr_0", "reverse_charge") for p in self._each("reverse")
        ]
        payloads += [self._set_rate(p, "txr_16") for p in self._each("wrong")]
        for payload in self._each("twins"):
            payload["data"]["object"].update(
                customer="cus_twins",
                customer_email="two@twins.example",
                customer_name="Twins",
                customer_phone=None,
                customer_tax_ids=[{"type": "eu_vat", "value": _VAT}],
            )
            payloads.append(payload)
        for payload in self._each("euro"):
            payload["data"]["object"]["currency"] = "eur"
            payload["data"]["object"]["lines"]["data"][0]["currency"] = "eur"
            payloads.append(payload)
        fee = stripe_fixtures.load("basil", "pulled.balance_transaction-stripe_fee")
        for number in range(_FEES):
            own = copy.deepcopy(fee)
            own["id"] = f"evt_fee{number}"
            own["data"]["object"]["id"] = f"txn_fee{number}"
            payloads.append(own)
        self.fee = -Decimal(fee["data"]["object"]["net"]) / 100
        self.eur.rate_ids.name = "2026-11-20"
        self.source.fee_account_id = False
        partners = self.env["res.partner"]
        partners.create({"name": "Twins", "vat": _VAT})
        self.twin = partners.create(
            {"name": "Other", "vat": _VAT, "email": "two@twins.example"}
        )
        return payloads

    def test_a_month_takes_thirty_clicks(self):
        self.deliver(*self._catalogue())
        events = self.deliver(*self._month())
        self.source.max_attempts = 1
        handler = self.env.registry["saas.handler.invoice"]
        with patch.object(handler, "_apply", side_effect=Transient("time-out")):
            events |= self.deliver(*self._each("dead"))
        self.assertEqual(len(events), 40)
        self.assertEqual(set(events.mapped("state")), {"quarantined", "dead"})
        cases = self.env["saas.exception"].search([("state", "=", "open")])
        self.assertEqual(len(cases), 9, cases.mapped("cause_key"))
        self.assertEqual(self._sum(), {})
        clicks = self._spy()
        self.start_tour(
            "/odoo", "saas_thirty_clicks", login=self.person.login, timeout=120
        )
        self.assertGreaterEqual(clicks[-1], 2 * len(cases))
        self.assertLessEqual(clicks[-1], 30)
        _logger.info("Nine causes took %s clicks.", clicks[-1])
        self._check_decisions()
        self.drain()
        self.assertEqual(set(events.mapped("state")), {"done"}, events.mapped("detail"))
        self.assertEqual(set(cases.mapped("state")), {"resolved"})
        self._check_books()

    def _spy(self):
        """Return the list that the tour's counts of clicks come into."""
        clicks = []
        model = type(self.env["saas.exception"])
        original = model.search_count

        @api.model
        def search_count(cases, *args, **kwargs):
            if "saas_clicks" in cases.env.context:
                clicks.append(cases.env.context["saas_clicks"])
            return original(cases, *args, **kwargs)

        self.patch(model, "search_count", search_count)
        return clicks

    def _check_decisions(self):
        """Check that what was decided is stored, each in the person's name."""
        rows = self.env["saas.sync.log"].search([("actor", "=", self.person.login)])
        products = {
            m.external_id: m.product_id for m in self.source.product_mapping_ids
        }
        self.assertEqual(products["prod_team"], self.team)
        self.assertEqual(products["prod_two"], self.support)
        taxes = {m.external_id: m.tax_id for m in self.source.tax_mapping_ids}
        self.assertEqual(taxes["txr_7"], self.taxes[7])
        self.assertEqual(taxes["txr_16"], self.taxes[16])
        [rule] = self.source.tax_rule_ids
        self.assertEqual((rule.reason, rule.tax_id), ("reverse_charge", self.taxes[0]))
        bound = self.env["saas.binding"].search([("external_id", "=", "cus_twins")])
        tenant = self.env["saas.tenant"].browse(bound.res_id)
        self.assertEqual(tenant.partner_id, self.twin)
        self.assertTrue(self.source.fee_account_id)
        self.assertIn("2026-11-02", self.eur.rate_ids.mapped(lambda r: str(r.name)))
        said = rows.mapped("action")
        self.assertEqual(said.count("created_by_person"), 4)
        self.assertIn("currency_set_up", said)
        self.assertIn("customer_chosen", said)

    def _check_books(self):
        """Check the totals that the demonstration checks: what was meant, added up
        beside the events, is what is booked, and no event waits.
        """
        meant = {"AR": Decimal(0), "REV": Decimal(0), "TAX": Decimal(0)}
        for cause, (count, percent) in _TAXES.items():
            rate = Decimal("0.8") if cause == "euro" else Decimal(1)
            meant["REV"] -= count * 100 / rate
            meant["TAX"] -= count * percent / rate
            meant["AR"] += count * (100 + percent) / rate
        meant["SC"] = -_FEES * self.fee
        meant["FEE"] = _FEES * self.fee
        self.accounts[self.source.fee_account_id] = "FEE"
        self.assertEqual(self._sum(), meant)
        moves = self.env["account.move"].search([("saas_source_id", "!=", False)])
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        self.assertEqual(len(invoices), 36)
        waiting = self.env["saas.subscription.event"].search_count(
            [("state", "not in", ("done", "ignored"))]
        )
        self.assertEqual(waiting, 0)
        self.assertWhole()

    def _sum(self):
        """Return what is on each account, as Decimals."""
        groups = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            ["account_id"],
            ["balance:sum"],
        )
        return {
            self.accounts.get(account, account.code): Decimal(f"{balance:.2f}")
            for account, balance in groups
            if round(balance, 2)
        }

    def test_keys(self):
        """A applies, E opens the dialog, S lets the case sleep, N opens the next."""
        self.deliver(*self._catalogue())
        events = self.deliver(
            self._invoice("named", 1, price="price_two", product="prod_two"),
            self._invoice("sibling", 1, price="price_new", product="prod_team"),
        )
        case = events[0].case_link_ids.case_id
        self.start_tour(
            f"/odoo/saas-exceptions/{case.id}",
            "saas_case_keys",
            login=self.person.login,
        )
        self.assertTrue(case.snoozed_until)
        self.assertFalse(self.source.product_mapping_ids - self._known())

    def _known(self):
        return self.source.product_mapping_ids.filtered(
            lambda mapping: mapping.external_id == "price_known"
        )
