"""The product asks over real HTTP what a tenant may use: controllers/api,
controllers/bearer, and the scopes of models/vault/metrics_token.
"""

import json
from urllib.parse import quote

import jsonschema

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ...canonical.schema import published
from ..subscriptions.selling import SellingCommon, at, sell
from ..support.session import create_person

_PATH = "/saas/api/v1/entitlements/"


@tagged("post_install", "-at_install")
class TestApi(SellingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        features = [
            Command.create({"code": "sso"}),
            Command.create({"code": "projects", "kind": "limit", "value": "20"}),
        ]
        sell(cls.company, cls.product_a, cls.usd, "pro", feature_ids=features)
        cls.manager = create_person(cls, "api_manager", "manager")
        cls.token = cls._make_token(cls.company, cls.manager)

    def setUp(self):
        super().setUp()
        self.tell(self.activate(**self.held(plan="pro")))
        self.tenant = self.env["saas.tenant"]._find(self.source, ["C-1"])["C-1"]
        self.tenant.ref = "T/1 ä"
        self.env.flush_all()

    @classmethod
    def _make_token(cls, company, manager, scope="entitlements"):
        record = cls.env["saas.metrics.token"].create(
            {"name": "product", "company_id": company.id, "scope": scope}
        )
        action = record.with_user(manager).action_make_token()
        return action["params"]["message"].rpartition(": ")[2]

    def ask(self, name="T/1 ä", token=None, query="", encode=True, **headers):
        """Ask for a tenant as the product does; return the response."""
        token = self.token if token is None else token
        if token:
            headers["Authorization"] = f"Bearer {token}"
        path = quote(name, safe="") if encode else name
        return self.url_open(f"{_PATH}{path}{query}", headers=headers)

    def assertUnknown(self, response):
        """All that is unknown is alike."""
        self.assertEqual((response.status_code, response.text), (404, "unknown tenant"))

    # -- what is told ------------------------------------------------------------------

    def test_what_a_tenant_may_use(self):
        response = self.ask()
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/json")
        self.assertEqual(response.headers["Cache-Control"], "private, no-cache")
        self.assertEqual(response.headers["ETag"], '"1"')
        self.assertEqual(
            response.json(),
            {
                "number": 1,
                "state": {
                    "is_suspended": False,
                    "flags": ["sso"],
                    "limits": {"projects": "20"},
                    "subscriptions": ["S-1"],
                },
                "changed_at": "2026-11-28T12:00:00Z",
            },
        )
        self.assertNotIn("Set-Cookie", response.headers)

    def test_the_published_schema_says_what_is_told(self):
        """It does of what is asked for and of what is told by itself."""
        schema = self.url_open("/saas/schema/entitlement.changed/1").json()
        path = published.get_path("entitlement.changed", "1")
        self.assertEqual(schema, json.loads(path.read_text()))
        self.env["saas.outbound.target"].create(
            {"name": "Product", "company_id": self.company.id}
        )
        self.tell(self.event("paused", at(2026, 11, 1)))
        self.env.flush_all()
        message = self.env["saas.outbound.message"].search(
            [("type", "=", "entitlement.changed")]
        )
        asked, told = self.ask().json(), message.payload["object"]
        for each in (asked, told):
            jsonschema.validate(each, schema, cls=jsonschema.Draft202012Validator)
        self.assertEqual(asked, {key: told[key] for key in asked})

    def test_by_an_id_at_a_source(self):
        for source in (self.source.name, self.source.id):
            response = self.ask("C-1", query=f"?source={quote(str(source))}")
            self.assertEqual(response.json()["number"], 1)
        self.assertUnknown(self.ask("C-1"))
        self.assertUnknown(self.ask("C-1", query="?source=nobody"))
        self.assertUnknown(self.ask("C-9", query=f"?source={self.source.id}"))

    def test_a_tenant_without_any_subscription(self):
        self.meet("C-2", "Southlight")
        response = self.ask("C-2", query=f"?source={self.source.id}")
        self.assertEqual(response.json()["number"], 0)
        self.assertEqual(response.json()["state"]["flags"], [])
        self.assertIsNone(response.json()["changed_at"])

    def test_a_suspended_tenant(self):
        self.tenant._set_suspended(True, "No answer.")
        self.env.flush_all()
        told = self.ask().json()
        self.assertEqual((told["number"], told["state"]["flags"]), (2, []))
        self.assertTrue(told["state"]["is_suspended"])

    def test_who_has_it_gets_304(self):
        for known in ('"1"', 'W/"1"', '"7", "1"', "*"):
            response = self.ask(**{"If-None-Match": known})
            self.assertEqual((response.status_code, response.text), (304, ""), known)
            self.assertEqual(response.headers["ETag"], '"1"')
        for other in ('"0"', '"11"', "1x", ""):
            self.assertEqual(self.ask(**{"If-None-Match": other}).status_code, 200)
        self.tell(self.event("paused", at(2026, 11, 1)))
        self.env.flush_all()
        response = self.ask(**{"If-None-Match": '"1"'})
        self.assertEqual((response.status_code, response.json()["number"]), (200, 2))

    def test_a_merged_tenant_is_who_it_has_become(self):
        self.meet("C-2", "Southlight")
        loser = self.env["saas.tenant"]._find(self.source, ["C-2"])["C-2"]
        loser.ref = "old"
        self.env["saas.customers.merge"]._merge(loser, self.tenant)
        self.env.flush_all()
        self.assertEqual(self.ask("old").json(), self.ask().json())

    def test_a_name_of_several_is_no_name(self):
        self.meet("C-2", "Southlight")
        other = self.env["saas.tenant"]._find(self.source, ["C-2"])["C-2"]
        other.ref = self.tenant.ref
        self.env.flush_all()
        self.assertEqual(self.ask().status_code, 409)

    # -- who may ask -------------------------------------------------------------------

    def test_without_a_right_token(self):
        for wrong in ("", "x", self.token[:-1], f"{self.token}x"):
            for name in ("T/1 ä", "nobody"):
                response = self.ask(name, token=wrong)
                self.assertEqual((response.status_code, wrong), (401, wrong))
                self.assertEqual(response.headers["WWW-Authenticate"], "Bearer")
        basic = self.ask(token="", Authorization=f"Basic {self.token}")
        self.assertEqual(basic.status_code, 401)

    def test_a_token_in_the_address_is_none(self):
        response = self.ask(token="", query=f"?token={self.token}")
        self.assertEqual(response.status_code, 401)

    def test_a_token_reads_what_it_is_for(self):
        figures = self._make_token(self.company, self.manager, "figures")
        self.env.flush_all()
        self.assertTrue(figures.startswith("saas_metrics_"))
        self.assertTrue(self.token.startswith("saas_entitlements_"))
        for name in ("T/1 ä", "nobody"):
            response = self.ask(name, token=figures)
            self.assertEqual(response.status_code, 403)
            self.assertIn("insufficient_scope", response.headers["WWW-Authenticate"])
        for token, status in ((figures, 200), (self.token, 403)):
            headers = {"Authorization": f"Bearer {token}"}
            response = self.url_open("/saas/metrics", headers=headers)
            self.assertEqual(response.status_code, status)

    def test_a_token_that_was_made_keeps_its_scope(self):
        record = self.env["saas.metrics.token"].search([], limit=1)
        with self.assertRaises(UserError):
            record.with_user(self.manager).scope = "figures"
        record.with_user(self.manager).write({"scope": "entitlements", "name": "app"})

    def test_a_token_of_old_reads_figures(self):
        self.assertEqual(
            self.env["saas.metrics.token"].create({"name": "old"}).scope, "figures"
        )

    def test_plain_http_is_refused(self):
        response = self.ask(**{"X-Forwarded-Proto": "http"})
        self.assertEqual(response.status_code, 403)
        self.assertNotIn("sso", response.text)

    def test_another_company_is_as_unknown_as_nobody(self):
        other = self.env["res.company"].create({"name": "Other"})
        person = new_test_user(
            self.env,
            "api_theirs",
            groups="saas_billing_sync.group_saas_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        theirs = self._make_token(other, person)
        self.env.flush_all()
        for source in (self.source.id, quote(self.source.name)):
            asked = self.ask("C-1", token=theirs, query=f"?source={source}")
            self.assertUnknown(asked)
        self.assertUnknown(self.ask(token=theirs))
        self.assertUnknown(self.ask("nobody", token=theirs))

    # -- hostile names -----------------------------------------------------------------

    def test_hostile_names(self):
        for name in (
            *("x" * 255, "x" * 256, "x" * 4000, "a\x00b", "\x00", "%", "_", "*"),
            *("' OR 1=1 --", "../../web", "\u202e", "😀" * 60, "1", "None"),
            str(self.tenant.id),
        ):
            with self.subTest(name[:20]):
                self.assertUnknown(self.ask(name))
                query = f"?source={quote(name)}"
                self.assertUnknown(self.ask("C-1", query=query))
        for raw in ("%ff%fe", "%ed%a0%80", "%2500", "%c0%af"):
            with self.subTest(raw):
                self.assertUnknown(self.ask(raw, encode=False))
                asked = self.ask("C-1", query=f"?source={raw}")
                self.assertUnknown(asked)

    def test_a_query_is_no_argument(self):
        """Neither another name nor a company is taken from there."""
        query = "?tenant=nobody&self=1&company_id=0&token=x&source="
        self.assertEqual(self.ask(query=query).status_code, 200)

    def test_only_get(self):
        headers = {"Authorization": f"Bearer {self.token}"}
        for method in ("POST", "PUT", "DELETE"):
            response = self.url_open(f"{_PATH}x", headers=headers, method=method)
            self.assertIn(response.status_code, (400, 405), method)
