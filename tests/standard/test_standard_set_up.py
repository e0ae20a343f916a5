"""A source of the published interface is set up by a person. Covers
models/source/vault and models/source/setup.
"""

import re

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.session import create_person
from .common import SECRET, StandardCommon, write_example


@tagged("post_install", "-at_install")
class TestStandardSetUp(StandardCommon):
    def _create_bare(self, **vals):
        return self.env["saas.source"].create(
            {
                "name": "New",
                "adapter": "standard",
                "company_id": self.company.id,
                "tz": "UTC",
                **vals,
            }
        )

    def test_what_is_missing(self):
        """It is asked for what its journals say it does, and for nothing else."""
        source = self._create_bare()
        self.assertEqual(len(source._get_setup_missing()), 3, source.setup_missing)
        self.assertIn("Create Secret", source.setup_missing)
        self.assertIn("journal for invoices", source.setup_missing)
        source.action_generate_secret()
        source.sale_journal_id = self.company_data["default_journal_sale"]
        source.default_product_id = self.product_a
        self.assertTrue(source.is_ready, source.setup_missing)
        gateway = self._create_bare(
            clearing_journal_id=self._create_clearing_journal("Gateway", "GTW").id
        )
        gateway.action_generate_secret()
        self.assertTrue(gateway.is_ready, gateway.setup_missing)
        self.assertIn("/saas/schema/", gateway.setup_steps)
        stripe = self._create_bare(adapter="stripe")
        self.assertFalse(stripe.setup_steps, "what there is to do is on its page")

    def test_secret_is_shown_once(self):
        source = self._create_bare()
        action = source.action_generate_secret()
        [secret] = re.findall(r"whsec_\S+", action["params"]["message"])
        self.assertEqual(source._get_valid_secrets(), [secret])
        self.assertTrue(action["params"]["sticky"])
        manager = create_person(self, "manager", "manager")
        for record in (source, source.secret_ids):
            told = str(record.with_user(manager).read())
            self.assertNotIn(secret.removeprefix("whsec_"), told)
        source.action_generate_secret()
        self.assertEqual(len(source._get_valid_secrets()), 2)

    def test_pasted_secrets(self):
        """One with a prefix too much is taken, and one that is none is explained."""
        secrets = self.env["saas.source.secret"]
        source = self._create_bare()
        for good in (SECRET, f"v1,{SECRET}", SECRET.removeprefix("whsec_")):
            secrets.create({"source_id": source.id, "new_value": good})
        for wrong in ("whsec_short", "password", "whsec_" + "A" * 120, "sk_live_é"):
            with self.assertRaisesRegex(UserError, "whsec_ and then 24 to 64 bytes"):
                secrets.create({"source_id": source.id, "new_value": wrong})

    def test_masked(self):
        """People who see no personal data see amounts and moments, and no names."""
        [event] = self.tell(write_example("invoice.issued"))
        for shown in ("11900", "2026-11-02T09:30:00Z", "invoice.issued", "USD"):
            self.assertIn(shown, event.payload)
        for hidden in ("Northlight", "Kantstr", "billing@"):
            self.assertNotIn(hidden, event.payload)
