"""What a source says of itself and its customers, of which nothing is booked."""

import itertools
from types import SimpleNamespace

from odoo import Command
from odoo.tests import tagged

from ...canonical.facts import Customer
from ..support import stripe_fixtures
from ..support.common import SaasCommon

_GERMAN, _AUSTRIAN = "DE811907980", "ATU12345675"


@tagged("post_install", "-at_install")
class TestMasterData(SaasCommon):
    def _load(self, name, later=0, shape="basil", /, **changes):
        event = stripe_fixtures.load(shape, name, **changes)
        if later:
            event["id"] += f"x{later}"
            event["created"] += later
        return event

    @property
    def contact(self):
        return self.env["saas.tenant"].search([]).partner_id

    # -- tax numbers ----------------------------------------------------------

    def test_best_number_in_any_order(self):
        """Verified before others, and then the newest; what was deleted never."""
        events = [
            self._load(name)
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
                        self._load("customer.tax_id.deleted"),
                        self._load("customer.tax_id.updated"),
                    )
                    self.assertEqual(self.contact.vat, _GERMAN)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_all_numbers_are_shown(self):
        self.deliver(
            self._load("customer.created"),
            self._load("customer.tax_id.created"),
            self._load("customer.tax_id.created-ein"),
        )
        numbers = self.env["saas.tenant"].search([]).tax_id_ids
        self.assertEqual(set(numbers.mapped("value")), {_GERMAN, "12-3456789"})

    def test_number_waits_for_its_customer(self):
        event = self.deliver(self._load("customer.tax_id.created"))
        self.assertState(event, "parked")
        self.deliver(self._load("customer.created"))
        self.assertState(event, "done")
        self.assertEqual(self.contact.vat, _GERMAN)

    def test_customer_without_numbers_wipes_none(self):
        self.deliver(
            self._load("customer.created"),
            self._load("customer.tax_id.created"),
            self._load("customer.updated", name="New Name"),
        )
        self.assertEqual((self.contact.name, self.contact.vat), ("New Name", _GERMAN))

    def test_customer_with_a_list_of_numbers(self):
        number = stripe_fixtures.load("basil", "customer.tax_id.created")
        tax_ids = {"data": [number["data"]["object"]]}
        self.deliver(self._load("customer.created", tax_ids=tax_ids))
        self.assertEqual(self.contact.vat, _GERMAN)
        self.deliver(
            self._load("customer.tax_id.deleted", id=number["data"]["object"]["id"])
        )
        self.assertFalse(self.contact.vat)

    def test_invoice_s_number_fills_what_is_empty(self):
        self.deliver(self._load("customer.created"), self._load("invoice.finalized"))
        self.assertEqual(self.contact.vat, _GERMAN)

    def test_full_contacts_take_as_many_queries_for_many(self):
        """However many customers a batch of invoices has."""
        handler = self.env["saas.handler.customer"]
        parties = []
        for number in range(20):
            customer = {"id": f"cus_{number}", "email": None, "phone": None}
            self.deliver(self._load("customer.created", number + 1, **customer))
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
            self._load("customer.created"), self._load("customer.tax_id.created")
        )
        self.contact.vat = "DE129274202"
        self.deliver(self._load("customer.tax_id.created-second"))
        self.assertEqual(self.contact.vat, "DE129274202")
        log = self.env["saas.sync.log"].search([("action", "=", "vat_kept")])
        self.assertEqual(len(log), 1)
        self.deliver(self._load("customer.updated", 999))
        self.assertEqual(self.contact.vat, "DE129274202")

    def test_number_of_the_account_itself_is_left_aside(self):
        event = self._load("customer.tax_id.created", customer=None)
        self.assertState(self.deliver(event), "ignored", "unsupported_type")

    def test_tax_status(self):
        self.deliver(self._load("customer.created", tax_exempt="reverse"))
        tenant = self.env["saas.tenant"].search([])
        self.assertEqual(tenant.tax_exempt, "reverse")

    def test_changed_balance_is_asked_for(self):
        """No event tells of a balance that was changed by hand: its transactions do."""
        jobs = self.env["queue.job"]
        fetching = [("method_name", "=", "_job_fetch_list")]
        event = self._load("customer.updated-balance")
        self.assertState(self.deliver(event), "done")
        self.assertFalse(jobs.search(fetching), "there is no key to ask with")
        self.source.new_api_key = "rk_test_5zQ1fjordmoonlantern"
        self.deliver(self._load("customer.updated"))
        self.assertFalse(jobs.search(fetching), "this balance did not change")
        self.deliver(self._load("customer.updated-balance", 1))
        job = jobs.search(fetching)
        self.assertEqual(job.records, self.source)
        self.assertEqual(
            job.args,
            [
                "customer_balance_transaction",
                {"customer": event["data"]["object"]["id"]},
            ],
        )

    # -- products and prices --------------------------------------------------

    def test_unmapped_product_is_named(self):
        for shape in stripe_fixtures.SHAPES:
            with self.subTest(shape=shape):
                self.source.default_product_id = False
                event = self.deliver(
                    *(
                        self._load(name, 0, shape)
                        for name in (
                            "product.updated",
                            "product.created",
                            "price.created",
                            "plan.created",
                            "invoice.finalized",
                        )
                    )
                )[-1]
                self.assertState(event, "quarantined", "unmapped_product")
                self.assertIn("(Team plan, 100.00 USD / month)", event.detail)

    def test_mapping_shows_the_source_s_name(self):
        product = self._load("product.created")["data"]["object"]["id"]
        self.source.product_mapping_ids = [
            Command.create({"external_id": ref, "product_id": self.product_a.id})
            for ref in (product, "prod_unknown")
        ]
        self.deliver(self._load("product.created"))
        names = self.source.product_mapping_ids.mapped("external_name")
        self.assertEqual(sorted(names, key=str), [False, "Team"])

    def test_deleted_product_is_archived_for_good(self):
        deleted = self._load("product.deleted")
        later = {**deleted, "id": "evt_later", "type": "product.updated"}
        later["created"] += 600
        self.deliver(deleted, later)
        self.assertFalse(self.env["saas.product"].search([]))

    # -- trials ---------------------------------------------------------------

    def test_end_of_trial_is_announced_until_it_is_over(self):
        names = ("customer.subscription.created-trial",)
        warning = "customer.subscription.trial_will_end"
        self.deliver(
            self._load("customer.created"), *map(self._load, (*names, warning))
        )
        subscription = self.env["saas.subscription"].search([])
        self.assertEqual(len(subscription.activity_ids), 1)
        self.assertEqual(subscription.activity_ids.user_id, self.responsible)
        self.deliver(self._load(warning, 1))
        self.assertEqual(len(subscription.activity_ids), 1)
        self.deliver(self._load("customer.subscription.updated-trial_over"))
        self.assertFalse(subscription.activity_ids)
        self.deliver(self._load(warning, 2))
        self.assertFalse(subscription.activity_ids)

    def test_trial_that_got_more_time(self):
        trial = self._load("customer.subscription.trial_will_end")
        end = trial["data"]["object"]["trial_end"] + 86400 * 14
        longer = self._load("customer.subscription.updated", 9999)
        longer["data"]["object"] = {**trial["data"]["object"], "trial_end": end}
        for order in ((trial, longer), (longer, trial)):
            with self.env.cr.savepoint() as savepoint:
                self.deliver(self._load("customer.created"), *order)
                subscription = self.env["saas.subscription"].search([])
                self.assertEqual(subscription.state, "trialing")
                self.assertFalse(subscription.activity_ids)
                savepoint.rollback()
            self.env.invalidate_all()
