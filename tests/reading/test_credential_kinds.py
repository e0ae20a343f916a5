"""Covers canonical/border/credential and models/vault/credential."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user, tagged

from ...canonical.border.credential import CredentialKind
from ..support.common import SaasCommon

_API_KEY = [CredentialKind.API_KEY]


@tagged("post_install", "-at_install")
class TestCredentialKinds(SaasCommon):
    """A person can choose the kinds of credential that a system takes, and no other."""

    def setUp(self):
        super().setUp()
        self.credentials = self.env["saas.source.credential"]
        self.adapter = self.env.registry["saas.adapter.stripe"]

    def add(self, source=None, **vals):
        source = source or self.source
        return self.credentials.create({"source_id": source.id, **vals})

    def _create_other(self, adapter):
        return self._create_source(
            name=adapter, adapter=adapter, clearing_journal_id=False, secret_ids=[]
        )

    @contextmanager
    def assertRefused(self, pattern):
        with self.assertRaisesRegex(ValidationError, pattern):
            with self.env.cr.savepoint():
                yield

    def test_list_is_closed(self):
        """What adapters choose from is what a credential can be."""
        kinds = self.credentials._fields["kind"].get_values(self.env)
        self.assertEqual(set(kinds), {*CredentialKind})
        for adapter in self.env["saas.source"]._fields["adapter"].get_values(self.env):
            taken = self.env[f"saas.adapter.{adapter}"]._credential_kinds
            self.assertLessEqual({*taken}, {*CredentialKind}, adapter)

    def test_what_each_system_takes(self):
        for adapter, kinds in (
            ("stripe", _API_KEY),
            ("gocardless", _API_KEY),
            ("standard", []),
        ):
            source = self._create_other(adapter)
            new = self.credentials.new({"source_id": source.id})
            self.assertEqual([*new._get_taken_kinds()], kinds, adapter)
            self.assertEqual(new.offered_kinds, _API_KEY, adapter)
            self.assertEqual(source.takes_credential, bool(kinds))

    def test_form_offers_what_the_system_takes(self):
        """The usual kind is chosen already."""
        manager = new_test_user(
            self.env,
            "kinds_manager",
            groups="saas_billing_sync.group_saas_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        usual = (CredentialKind.OAUTH2_JWT, CredentialKind.BASIC)
        with patch.object(self.adapter, "_credential_kinds", usual):
            with Form(self.source.with_user(manager)) as form:
                with form.credential_ids.new() as line:
                    self.assertEqual(line.offered_kinds, [*usual])
                    self.assertEqual(line.kind, "oauth2_jwt")
                    line.client_id = "reader"
            self.assertEqual(self.source.credential_ids.kind, "oauth2_jwt")

    def test_others_are_refused(self):
        with self.assertRefused("Stripe does not take .*User and password.*: API key"):
            self.add(kind="basic")
        credential = self.add()
        self.assertEqual(credential.kind, "api_key")
        with self.assertRefused("private key.*one: API key"):
            credential.kind = "oauth2_jwt"
        sender = self._create_other("standard")
        with self.assertRefused("needs no credential"):
            self.add(sender)

    def test_other_system(self):
        """A source that becomes another system's takes its credential along only if
        that system takes it.
        """
        with patch.object(self.adapter, "_credential_kinds", tuple(CredentialKind)):
            self.add(kind="basic", new_secret="quiet lantern")
        with self.assertRefused("GoCardless does not take"):
            self.source.adapter = "gocardless"

    def test_older_one_goes_on(self):
        """It was made when the system's adapter did not say what it takes."""
        with patch.object(self.adapter, "_credential_kinds", tuple(CredentialKind)):
            credential = self.add(kind="basic", client_id="reader")
        self.env.invalidate_all()
        credential.write({"kind": "basic", "new_secret": "quiet lantern"})
        credential.address = "https://example.com"
        self.assertEqual(self.source._get_call_secret(), ("reader", "quiet lantern"))
        self.assertTrue(self.source._has_api_key())
        with patch.object(self.adapter, "_credential_kinds", ()):
            self.env.invalidate_all()
            self.assertEqual(credential.offered_kinds, ["basic"])
        credential.kind = "api_key"
        with self.assertRefused("does not take"):
            credential.kind = "basic"
