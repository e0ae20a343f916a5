import os
from unittest.mock import patch

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.session import BrowserMixin, create_person
from ..support.webhook import SaasHttpCommon

_VARIABLE = "SAAS_BILLING_SYNC_ENVIRONMENT"


@tagged("post_install", "-at_install")
class TestEnvironmentBrowser(BrowserMixin, SaasHttpCommon):
    """What people see of a database that may be a copy, in a real browser."""

    def setUp(self):
        super().setUp()
        self.env["saas.environment"].search([]).unlink()
        self.enterContext(patch.dict(os.environ, {_VARIABLE: "production"}))
        self.deliver(stripe_fixtures.load("basil", "customer.created"))

    def _start_tour(self, name, role, url="/odoo"):
        person = create_person(self, f"environment_{role}", role)
        self.start_tour(url, name, login=person.login)

    def test_confirm(self):
        """A manager reads it above the events, and confirms on a source's page."""
        with patch.dict(os.environ, {_VARIABLE: "staging"}):
            self._start_tour("saas_environment_confirm", "manager")
            self.assertTrue(self.env["saas.environment"]._is_confirmed())

    def test_others_see_who_must_act(self):
        """They read it too, and have no button."""
        with patch.dict(os.environ, {_VARIABLE: "staging"}):
            self._start_tour("saas_environment_read", "reviewer")
            self.assertFalse(self.env["saas.environment"]._is_confirmed())

    def test_on_a_phone(self):
        """Whoever opens the events on a phone reads it too."""
        self.browser_size, self.touch_enabled = "390x844", True
        with patch.dict(os.environ, {_VARIABLE: "staging"}):
            self._start_tour("saas_environment_phone", "operator", "/odoo/saas-events")

    def test_the_real_one_shows_nothing(self):
        self._start_tour("saas_environment_real", "manager")
