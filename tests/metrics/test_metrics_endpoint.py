"""Machines read the figures over real HTTP, with a token and not without. Covers
controllers/metrics, models/vault/metrics_token.
"""

import re
from decimal import Decimal

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...canonical.display.metrics import METRICS
from ..support import stripe_fixtures
from ..support.session import create_person
from ..support.webhook import SaasHttpCommon
from .reading import ReadingMixin


@tagged("post_install", "-at_install")
class TestEndpoint(ReadingMixin, SaasHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_person("manager")
        cls.token = cls.env["saas.metrics.token"].create({"name": "site"})
        cls.token.company_id = cls.company

    @classmethod
    def _create_person(cls, role):
        return create_person(cls, f"metrics_{role}", role)

    def _make_token(self, record=None):
        """Press the button; return the token that is shown this once."""
        record = (record or self.token).with_user(self.manager)
        message = record.action_make_token()["params"]["message"]
        return message.rpartition(": ")[2]

    def _get(self, token=None, **headers):
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.url_open("/saas/metrics", headers=headers)

    def test_without_and_with_a_token(self):
        self.assertEqual(self._get().status_code, 404)
        self.assertEqual(self._get("anything").status_code, 404)
        token = self._make_token()
        for wrong in (None, "", "anything", token[:-1], f"{token}x", "\udcff"):
            # A name that a process can tell another one, whatever the token holds.
            with self.subTest(repr(wrong)):
                if wrong == "\udcff":
                    response = self._get(**{"Authorization": b"Bearer \xff\xfe"})
                else:
                    response = self._get(wrong)
                self.assertEqual(response.status_code, 401)
                self.assertEqual(response.headers["WWW-Authenticate"], "Bearer")
                self.assertNotIn("saas_", response.text)
        response = self._get(token)
        self.assertEqual(response.status_code, 200)
        self.assertRegex(
            response.headers["Content-Type"], r"\Aapplication/openmetrics-text"
        )
        self.assertEqual(self._get(Authorization=f"Basic {token}").status_code, 401)

    def test_a_new_token_ends_the_old_one(self):
        first, second = self._make_token(), self._make_token()
        self.assertEqual(self._get(first).status_code, 401)
        self.assertEqual(self._get(second).status_code, 200)
        self.token.unlink()
        self.assertEqual(self._get(second).status_code, 404)

    def test_the_token_is_not_kept(self):
        token = self._make_token()
        self.env.flush_all()
        self.env.cr.execute("SELECT t::text FROM saas_metrics_token t")
        self.assertNotIn(token, str(self.env.cr.fetchall()))
        self.env.cr.execute("SELECT l::text FROM saas_sync_log l")
        self.assertNotIn(token, str(self.env.cr.fetchall()))
        with self.assertRaises(AccessError):
            self.token.with_user(self.manager).read(["digest"])

    def test_who_may_make_one(self):
        for role in ("operator", "reviewer", "approver"):
            record = self.token.with_user(self._create_person(role))
            with self.subTest(role), self.assertRaises(AccessError):
                record.action_make_token()
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.token.create({"name": "theirs", "company_id": other.id})
        with self.assertRaises(AccessError):
            foreign.with_user(self.manager).action_make_token()

    def test_plain_http_is_refused(self):
        """A token that came over plain http is known to others."""
        token = self._make_token()
        self.assertEqual(
            self._get(token, **{"X-Forwarded-Proto": "http"}).status_code, 403
        )

    def test_it_tells_the_closed_list_and_no_more(self):
        self._tell_a_story()
        text = self._get(self._make_token()).text
        families = list(text_string_to_metric_families(text))
        self.assertEqual([f.name for f in families], [m.name for m in METRICS])
        told = set()
        for metric, family in zip(METRICS, families, strict=True):
            kind = "histogram" if metric.is_histogram else "gauge"
            self.assertEqual(family.type, kind)
            for sample in family.samples:
                told.add(metric.name)
                self.assertEqual(set(sample.labels), set(metric.label_names))
                if metric.of_company:
                    self.assertEqual(sample.labels["company_id"], str(self.company.id))
        self.assertLessEqual(
            {"saas_events_processed", "saas_events_open", "saas_posted"}, told
        )

    def test_it_tells_nothing_of_customers(self):
        self._tell_a_story()
        names = self.env["saas.tenant"].search([]).mapped("name")
        self.assertTrue(names)
        text = self._get(self._make_token()).text
        for name in (*names, "nordlicht", "@", "cus_", "in_1"):
            self.assertNotIn(name.lower(), text.lower())

    def test_amounts_are_exact(self):
        """An amount of 13 digits comes through the text to the cent."""
        exact = Decimal("98765432109.37")
        self.env["saas.payout"].create(
            {
                "source_id": self.source.id,
                "external_id": "po_large",
                "state": "paid",
                "currency_id": self.eur.id,
                "amount": float(exact),
                "arrival_date": "2026-01-01",
            }
        )
        text = self._get(self._make_token()).text
        [told] = re.findall(r"(?m)^saas_payouts_unproved_amount\{.*\} (\S+)$", text)
        self.assertEqual(Decimal(told), exact)

    def test_it_tells_of_its_company_alone(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.token.create({"name": "theirs", "company_id": other.id})
        person = new_test_user(
            self.env,
            "metrics_theirs",
            groups="saas_billing_sync.group_saas_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        message = foreign.with_user(person).action_make_token()["params"]["message"]
        self._tell_a_story()
        text = self._get(message.rpartition(": ")[2]).text
        self.assertNotIn(self.source.name, text)
        self.assertNotIn(f'company_id="{self.company.id}"', text)

    def _tell_a_story(self):
        self.deliver(
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "invoice.finalized"),
        )
        self.source.default_product_id = False
        self.deliver(stripe_fixtures.load("basil", "invoice.finalized-mixed"))
        self.env.flush_all()
