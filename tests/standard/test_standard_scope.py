"""How far a secret reaches. Covers pipeline/scope and models/vault/scope."""

import json

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import OTHER_SECRET, StandardCommon, sign, write_example


@tagged("post_install", "-at_install")
class TestStandardScope(StandardCommon):
    """What a secret's holder may not tell is stored, and ends as ``not_owner``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.secret_ids = [Command.create({"new_value": OTHER_SECRET})]
        cls.limited = cls.source.secret_ids.filtered(
            lambda secret: secret.value == OTHER_SECRET
        )

    def _tell_limited(self, event):
        """Send an event by the limited secret, and drain."""
        body = json.dumps(event).encode()
        stored = self.send(body, sign(body, OTHER_SECRET))
        self.drain()
        return stored

    def test_types(self):
        self.limited.scope_types = "customer.upserted payment.*"
        allowed = self._tell_limited(write_example("customer.upserted"))
        self.assertState(allowed, "done")
        beyond = self._tell_limited(write_example("invoice.issued"))
        self.assertState(beyond, "quarantined", "not_owner")
        self.assertIn("customer.upserted payment.*", beyond.detail)
        self.assertEqual(self.books(), "")
        # Who has the other secret may tell all.
        whole = self.tell(write_example("invoice.issued", id="I-9", number="9"))
        self.assertState(whole, "done")

    def test_types_that_book_nothing(self):
        self.limited.scope_types = "customer.upserted"
        beyond = self._tell_limited(write_example("contract.won"))
        self.assertState(beyond, "quarantined", "not_owner")

    def test_both_signatures(self):
        """A request that is signed with both secrets may tell what either may."""
        self.limited.scope_types = "customer.upserted"
        body = json.dumps(write_example("invoice.issued")).encode()
        headers = sign(body, OTHER_SECRET, "m")
        both = sign(body, message_id="m")["Webhook-Signature"]
        headers["Webhook-Signature"] += f" {both}"
        stored = self.send(body, headers)
        self.drain()
        self.assertState(stored, "done")

    def test_widened(self):
        """A person widens the scope, and retries."""
        self.limited.scope_types = "customer.upserted"
        beyond = self._tell_limited(write_example("invoice.issued"))
        self.limited.scope_types = "customer.upserted invoice.issued"
        beyond.action_retry()
        self.drain()
        self.assertState(beyond, "done")

    def test_removed_secret(self):
        """The scope holds when the secret is gone before its events are processed."""
        self.limited.scope_types = "customer.upserted"
        body = json.dumps(write_example("invoice.issued")).encode()
        stored = self.send(body, sign(body, OTHER_SECRET))
        self.limited.unlink()
        self.drain()
        self.assertState(stored, "quarantined", "not_owner")

    def test_tenants(self):
        """Facts of other customers are not its own; one that leads to a customer by a
        payment waits for that; one of nobody isn't either.
        """
        self.tell(write_example("customer.upserted"))
        tenant = self.env["saas.tenant"].search([("ref", "=", "C-1")])
        self.limited.scope_tenant_ids = tenant
        own = self._tell_limited(write_example("invoice.issued"))
        self.assertState(own, "done")
        waiting = self._tell_limited(write_example("refund.succeeded"))
        self.assertState(waiting, "parked")
        paid = self._tell_limited(write_example("payment.succeeded"))
        self.assertState(paid | waiting, "done")
        other = write_example("customer.upserted", id="C-2", email="x@y.example")
        self.assertState(self._tell_limited(other), "quarantined", "not_owner")
        self.tell({**other, "id": "told by another"})
        merge = self._tell_limited(write_example("customer.merged"))
        self.assertState(merge, "quarantined", "not_owner")
        payout = self._tell_limited(write_example("payout.paid", contains=None))
        self.assertState(payout, "quarantined", "not_owner")

    def test_odd_scopes(self):
        for wrong in ("invoice.issued, x", "*", "invoice*", "a b é"):
            with self.assertRaises(ValidationError):
                self.limited.scope_types = wrong
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["saas.tenant"].create(
            {
                "name": "Foreign",
                "company_id": other.id,
                "partner_id": self.env["res.partner"].create({"name": "F"}).id,
            }
        )
        with self.assertRaises(ValidationError):
            self.limited.scope_tenant_ids = foreign
