"""What a source says of its customers, of which nothing is booked.

Covers adapters/stripe/customers/customer, adapters/stripe/customers/tax_id and
handlers/customers/tax_id.
"""

import itertools
from types import SimpleNamespace

from odoo.tests import tagged

from ...canonical.facts import Customer
from ..support import stripe_fixtures
from ..support.common import SaasCommon
from ..support.stripe_fixtures import load_later

_GERMAN, _AUSTRIAN = "DE811907980", "ATU12345675"


@tagged("post_install", "-at_install")
class TestMasterData(SaasCommon):
    @property
    def contact(self):
        return self.env["saas.tenant"].search([]).partner_id

    # -- tax numbers ----------------------------------------------------------

    def test_best_number_in_any_order(self):
        """Verified before others, and then the newest; what was deleted never."""
        events = [
            load_later(name)
            for name in (
                "customer.created",
                "customer.tax_id.created",
                "customer.tax_id.created-second",
                "customer.tax_id.created-ein",
            )
        ]
        for order in itertools.permutations(events):
            with self.subTest(order=[event["type"] for event in order]):
                with self.env.cr.savepoint() as savepoint:
                    self.assertState(self.deliver(*order), "done")
                    self.assertEqual(self.contact.vat, _AUSTRIAN)
                    self.deliver(
                        load_later("customer.tax_id.deleted"),
                        load_later("customer.tax_id.updated"),
                    )
                    self.assertEqual(self.contact.vat, _GERMAN)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_all_numbers_are_shown(self):
        self.deliver(
            load_later("customer.created"),
            load_later("customer.tax_id.created"),
            load_later("customer.tax_id.created-ein"),
        )
        numbers = self.env["saas.tenant"].search([]).tax_id_ids
        self.assertEqual(set(numbers.mapped("value")), {_GERMAN, "12-3456789"})

    def test_number_waits_for_its_customer(self):
        event = self.deliver(load_later("customer.tax_id.created"))
        self.assertState(event, "parked")
        self.deliver(load_later("customer.created"))
        self.assertState(event, "done")
        self.assertEqual(self.contact.vat, _GERMAN)

    def test_customer_without_numbers_wipes_none(self):
        self.deliver(
            load_later("customer.created"),
            load_later("customer.tax_id.created"),
            load_later("customer.updated", name="New Name"),
        )
        self.assertEqual((self.contact.name, self.contact.vat), ("New Name", _GERMAN))

    def test_customer_with_a_list_of_numbers(self):
        number = stripe_fixtures.load("basil", "customer.tax_id.created")
        tax_ids = {"data": [number["data"]["object"]]}
        self.deliver(load_later("customer.created", tax_ids=tax_ids))
        self.assertEqual(self.contact.vat, _GERMAN)
        self.deliver(
            load_later("customer.tax_id.deleted", id=number["data"]["object"]["id"])
        )
        self.assertFalse(self.contact.vat)

    def test_invoice_s_number_fills_what_is_empty(self):
        self.deliver(load_later("customer.created"), load_later("invoice.finalized"))
        self.assertEqual(self.contact.vat, _GERMAN)

    def test_full_contacts_take_as_many_queries_for_many(self):
        """However many customers a batch of invoices has."""
        handler = self.env["saas.handler.customer"]
        parties = []
        for number in range(20):
            customer = {"id": f"cus_{number}", "email": None, "phone": None}
            self.deliver(load_later("customer.created", number + 1, **customer))
            fact = Customer(
                external_id=customer["id"], vat_numbers=(_GERMAN,), stub=True
            )
            parties.append((SimpleNamespace(error=None), fact))
        tenants = self.env["saas.tenant"]._find(
            self.source, [f.external_id for _i, f in parties]
        )
        for item, fact in parties:
            item.tenant = tenants[fact.external_id]
        handler._fill_vat(parties)
        counts = []
        for size in (5, 15):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            handler._fill_vat([parties.pop() for _number in range(size)])
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 10)

    def test_edited_number_is_kept(self):
        self.deliver(
            load_later("customer.created"), load_later("customer.tax_id.created")
        )
        self.contact.vat = "DE129274202"
        self.deliver(load_later("customer.tax_id.created-second"))
        self.assertEqual(self.contact.vat, "DE129274202")
        log = self.env["saas.sync.log"].search([("action", "=", "vat_kept")])
        self.assertEqual(len(log), 1)
        self.deliver(load_later("customer.updated", 999))
        self.assertEqual(self.contact.vat, "DE129274202")

    def test_number_of_the_account_itself_is_left_aside(self):
        event = load_later("customer.tax_id.created", customer=None)
        self.assertState(self.deliver(event), "ignored", "unsupported_type")

    def test_tax_status(self):
        self.deliver(load_later("customer.created", tax_exempt="reverse"))
        tenant = self.env["saas.tenant"].search([])
        self.assertEqual(tenant.tax_exempt, "reverse")

    def test_changed_balance_is_asked_for(self):
        """No event tells of a balance that was changed by hand: its transactions do."""
        jobs = self.env["queue.job"]
        fetching = [("method_name", "=", "_job_fetch_list")]
        event = load_later("customer.updated-balance")
        self.assertState(self.deliver(event), "done")
        self.assertFalse(jobs.search(fetching), "there is no key to ask with")
        self.source.new_api_key = "rk_test_5zQ1fjordmoonlantern"
        self.deliver(load_later("customer.updated"))
        self.assertFalse(jobs.search(fetching), "this balance did not change")
        self.deliver(load_later("customer.updated-balance", 1))
        job = jobs.search(fetching)
        self.assertEqual(job.records, self.source)
        self.assertEqual(
            job.args,
            [
                "customer_balance_transaction",
                {"customer": event["data"]["object"]["id"]},
            ],
        )
