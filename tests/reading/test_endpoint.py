"""Set-up is checked: forms, the key, and the endpoint that is created.

Covers adapters/stripe/endpoint.
"""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ...adapters.stripe.api import ADDRESS_PARAMETER
from ...adapters.stripe.events import EVENT_TYPES
from ...canonical.errors import Quarantine
from ..support.common import SECRET
from ..support.pulling import PullCommon
from ..support.session import create_person

_RESTRICTED = "rk_test_onlyreads12345"
_WRITING = "rk_test_alsowrites12345"


@tagged("post_install", "-at_install")
class TestEndpoint(PullCommon):
    def setUp(self):
        super().setUp()
        scopes = ["customers", "webhook_endpoints"]
        self.api.keys[_RESTRICTED] = scopes
        self.api.keys[_WRITING] = [*scopes, "webhook_endpoints+write"]

    def _create_manager(self):
        return create_person(self, "endpoint_manager", "manager")

    def _test(self):
        params = self.source.action_test_connection()["params"]
        return params["type"], params["message"]

    def _refuse(self, vals, words, secret):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.source.write(vals)
        self.assertIn(words, str(caught.exception))
        self.assertNotIn(secret, str(caught.exception))

    def test_wrong_forms_are_refused_with_the_way_to_the_right_one(self):
        for key, words in (
            ("pk_test_abcdefgh12", "publishable key"),
            (SECRET, "signing secret"),
            ("a-password-of-mine", "begins with rk_live_"),
        ):
            self._refuse({"new_api_key": key}, words, key)
        for secret, words in (
            ("sk_test_abcdefgh12", "API key"),
            ("a-password-of-mine", "begins with whsec_"),
        ):
            vals = {"secret_ids": [Command.create({"new_value": secret})]}
            self._refuse(vals, words, secret)

    def test_a_key_of_the_other_mode_is_refused(self):
        key = "rk_live_abcdefgh12345"
        self._refuse({"new_api_key": key}, "live mode", key)

    def test_a_system_that_is_not_reached(self):
        """The address is in no sentence: it may have what is personal."""
        self.env["ir.config_parameter"].set_param(
            ADDRESS_PARAMETER, "http://127.0.0.1:9"
        )
        with self.assertRaisesRegex(UserError, "could not be reached") as caught:
            self._test()
        self.assertNotIn("127.0.0.1", str(caught.exception))

    def test_connection(self):
        self.source.action_create_endpoint()
        kind, message = self._test()
        self.assertEqual(kind, "warning", message)
        self.assertIn("first event", message)
        self.source.new_api_key = _RESTRICTED
        kind, message = self._test()
        self.assertEqual(kind, "danger")
        self.assertIn("may not read Invoices", message)
        self.assertNotIn("may not read Customers", message)
        self.source.new_api_key = "sk_test_unknowntothem1"
        with self.assertRaises(UserError) as caught:
            self._test()
        self.assertIn("Invalid API Key", str(caught.exception))

    def test_connection_tells_of_the_endpoint(self):
        self.assertIn("no endpoint", self._test()[1])
        self.source.action_create_endpoint()
        [endpoint] = [
            data
            for _number, data in self.api._objects.values()
            if data["object"] == "webhook_endpoint"
        ]
        self.api.put(
            {
                **endpoint,
                "status": "disabled",
                "enabled_events": list(EVENT_TYPES[1:]),
            }
        )
        kind, message = self._test()
        self.assertEqual(kind, "danger")
        self.assertIn("disabled", message)
        self.assertIn(EVENT_TYPES[0], message)

    def test_the_endpoint_is_created_with_its_events_and_secret(self):
        self.source.secret_ids.unlink()
        self.source.new_api_key = _WRITING
        manager = self._create_manager()
        self.source.with_user(manager).action_create_endpoint()
        [endpoint] = [
            data
            for _number, data in self.api._objects.values()
            if data["object"] == "webhook_endpoint"
        ]
        self.assertEqual(endpoint["url"], self.source.webhook_url)
        self.assertEqual(set(endpoint["enabled_events"]), set(EVENT_TYPES))
        [answer] = self.api.answers.values()
        self.assertEqual(self.source._get_valid_secrets(), [answer["secret"]])
        self.assertFalse(self.source.secret_ids.with_user(manager).new_value)
        self.env.flush_all()
        self.env.cr.execute("SELECT string_agg(sealed, ' ') FROM saas_vault")
        self.assertNotIn(answer["secret"], self.env.cr.fetchone()[0])
        with self.assertRaises(UserError) as caught:
            self.source.action_create_endpoint()
        self.assertIn("already", str(caught.exception))

    def test_a_repeated_request_gets_the_same_endpoint(self):
        """As Odoo repeats a request whose transaction lost a race."""
        create = self.source._get_adapter()._create_endpoint
        url = self.source.webhook_url
        first = create(self.source, url, "one")
        self.assertEqual(create(self.source, url, "one"), first)
        with self.assertRaises(Quarantine):
            create(self.source, url, "two")

    def test_a_key_that_may_only_read_gets_the_list_to_copy(self):
        self.source.new_api_key = _RESTRICTED
        with self.assertRaises(UserError) as caught:
            self.source.action_create_endpoint()
        self.assertIn("copy the address and the events", str(caught.exception))

    def test_only_who_may_write_sources_may_do_it(self):
        user = create_person(self, "endpoint_reviewer", "reviewer")
        source = self.source.with_user(user)
        for action in (source.action_create_endpoint, source.action_test_connection):
            with self.assertRaises(AccessError):
                action()

    def test_the_only_sales_journal_is_proposed(self):
        company = self.env["res.company"].create({"name": "One journal"})
        journal = self.env["account.journal"].create(
            {"name": "Sales", "code": "ONE", "type": "sale", "company_id": company.id}
        )
        sources = self.env["saas.source"].with_company(company)
        with Form(sources.with_context(allowed_company_ids=company.ids)) as form:
            form.name = "New"
            self.assertEqual(form.sale_journal_id, journal)
        journal.copy({"code": "TWO"})
        with Form(sources.with_context(allowed_company_ids=company.ids)) as form:
            form.name = "Newer"
            self.assertFalse(form.sale_journal_id)
