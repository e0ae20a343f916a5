"""Screens show names, and lead to the object's own page at the source."""

import copy

from odoo.tests import Form, tagged

from ...canonical.actions import Action
from ...models.log.actions import LABELS
from ..support import stripe_fixtures
from ..support.common import SaasCommon

_DASHBOARD = "https://dashboard.stripe.com"


@tagged("post_install", "-at_install")
class TestAtSource(SaasCommon):
    def _load(self, name):
        return stripe_fixtures.load("basil", name)

    def test_pages(self):
        page = self.source._get_page
        self.assertEqual(page("invoice", "in_1"), f"{_DASHBOARD}/test/invoices/in_1")
        self.source.write({"livemode": True, "account_ref": "acct_7"})
        self.assertEqual(page("payment", "pi_1"), f"{_DASHBOARD}/acct_7/payments/pi_1")
        self.assertEqual(
            page("refund", "re_1/.."), f"{_DASHBOARD}/acct_7/search?query=re_1%2F.."
        )
        self.assertFalse(page("event", ""))
        self.assertFalse(page("event", "notice"))

    def test_events_and_documents_lead_there(self):
        customer, event = self.deliver(
            self._load("customer.created"), self._load("invoice.finalized")
        )
        ref = self._load("invoice.finalized")["data"]["object"]["id"]
        page = f"{_DASHBOARD}/test/invoices/{ref}"
        self.assertEqual(event.source_page, page)
        self.assertIn("/test/customers/cus_", customer.source_page)
        move = self.env["account.move"].search([("saas_external_id", "=", ref)])
        self.assertEqual(move.saas_page, page)
        self.assertFalse(self.env["account.move"].new({}).saas_page)

    def test_an_exception_names_what_its_ids_are(self):
        self.source.default_product_id = False
        invoice = self._load("invoice.finalized")
        line = invoice["data"]["object"]["lines"]["data"][0]
        details = line["pricing"]["price_details"]
        self.env["saas.product"].create(
            [
                {
                    "source_id": self.source.id,
                    "external_id": details["product"],
                    "name": "Pro plan",
                    "item_type": "product",
                },
                {
                    "source_id": self.source.id,
                    "external_id": details["price"],
                    "product_ref": details["product"],
                    "name": "monthly",
                    "item_type": "price",
                },
            ]
        )
        event = self.deliver(self._load("customer.created"), copy.deepcopy(invoice))[-1]
        self.assertState(event, "quarantined", "unmapped_product")
        self.assertIn("Pro plan", event.object_names)

    def test_tax_mappings_show_the_rates_name(self):
        mapping = self.source.tax_mapping_ids[:1]
        self.env["saas.tax.rate"].create(
            {
                "source_id": self.source.id,
                "external_id": mapping.external_id,
                "name": "MwSt",
                "has_percentage": True,
                "percentage": 19,
            }
        )
        with Form(self.env["saas.tax.mapping"].browse(mapping.id)) as form:
            self.assertEqual(form.external_name, "MwSt 19 %")

    def test_the_log_says_in_words_who_did_what(self):
        self.assertEqual({action for action, _label in LABELS}, set(Action))
        event = self.deliver(self._load("customer.created"))
        self.assertEqual(set(event.log_ids.mapped("actor_name")), {"By itself"})
        self.env["saas.sync.log"].with_user(self.responsible).sudo()._append(
            [
                {
                    "event_id": event.id,
                    "source_id": self.source.id,
                    "action": Action.EVENT_RECEIVED.value,
                }
            ]
        )
        newest = self.env["saas.sync.log"].search([], limit=1)
        self.assertEqual(newest.actor_name, self.responsible.name)
