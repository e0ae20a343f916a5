"""The external API, in each of its protocols, refuses what the ORM refuses, and says no
name of another company in its answer.
"""

import json
from datetime import timedelta
from xmlrpc.client import Fault

from odoo import Command, fields
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ...canonical.marks import PIPELINE, Limits
from ..support.neighbours import FOREIGN, NeighboursCommon

_ACCESS_ERROR = "odoo.exceptions.AccessError"
_XMLRPC_ACCESS_ERROR = 4


class ExternalApiCommon(NeighboursCommon, HttpCase):
    """Calls of the person, over HTTP. Each returns the answer's text, and whether it
    was refused for want of access.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person.password = "harbor-velvet-lantern"

    def setUp(self):
        super().setUp()
        self.authenticate("neighbour", "harbor-velvet-lantern")
        self.key = (
            self.env["res.users.apikeys"]
            .with_user(self.person)
            .sudo()
            ._generate("rpc", "tests", fields.Datetime.now() + timedelta(hours=1))
        )

    def jsonrpc(self, model, method, ids, kwargs, query=""):
        args, kwargs = _split(ids, kwargs)
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}{query}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        error = answer.json().get("error", {})
        return answer.text, error.get("data", {}).get("name") == _ACCESS_ERROR

    def xmlrpc(self, model, method, ids, kwargs):
        args, kwargs = _split(ids, kwargs)
        try:
            result = self.xmlrpc_object.execute_kw(
                self.env.cr.dbname,
                self.person.id,
                self.key,
                model,
                method,
                args,
                kwargs,
            )
        except Fault as fault:
            return fault.faultString, fault.faultCode == _XMLRPC_ACCESS_ERROR
        return str(result), False

    def json2(self, model, method, ids, kwargs):
        answer = self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps({**kwargs, **({"ids": ids} if ids is not None else {})}),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.key}",
            },
        )
        refused = answer.status_code == 403
        return answer.text, refused and answer.json().get("name") == _ACCESS_ERROR

    @property
    def protocols(self):
        return (self.jsonrpc, self.xmlrpc, self.json2)


@tagged("post_install", "-at_install")
class TestLinksOverHttp(ExternalApiCommon):
    def _calls(self, model, field, foreign):
        """Yield method, ids and arguments of the ways to link a record to another."""
        value = foreign.id
        if field.type != "many2one":
            value = [[int(Command.LINK), foreign.id, 0]]
        vals = {**_as_json(self.valid_vals(model)), field.name: value}
        own = self.own[model].ids
        yield "write", own, {"vals": {field.name: value}}
        yield "create", None, {"vals_list": [vals]}
        yield "web_save", own, {"vals": {field.name: value}, "specification": {}}
        spec = {field.name: {"fields": {"display_name": {}}}}
        yield (
            "onchange",
            [],
            {
                "values": {field.name: value},
                "field_names": [field.name],
                "fields_spec": spec,
            },
        )
        default = foreign.id if field.type == "many2one" else foreign.ids
        yield (
            "onchange",
            [],
            {
                "values": {},
                "field_names": [],
                "fields_spec": spec,
                "context": {f"default_{field.name}": default},
            },
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_every_link(self):
        """Each link in one protocol and by one way, so that in the end each way was
        tried in each protocol many times.
        """
        tried = set()
        for number, (model, field, foreign) in enumerate(self.links()):
            protocol = self.protocols[number % 3]
            calls = list(self._calls(model, field, foreign))
            method, ids, kwargs = calls[number // 3 % len(calls)]
            with self.subTest(
                model=model, field=field.name, way=method, protocol=protocol.__name__
            ):
                text, refused = protocol(model, method, ids, kwargs)
                self.assertTrue(refused, text[:500])
                self.assertNotIn(FOREIGN.lower(), text.lower())
                tried.add((protocol.__name__, method))
        self.assertEqual(len(tried), 3 * 4)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_developer_mode(self):
        """There Odoo's own refusal quotes the names of the records it refuses."""
        self.person.group_ids |= self.env.ref("base.group_no_one")
        for model in self.own_models():
            foreign = self.foreign[model]
            if foreign._transient or "company_id" not in foreign._fields:
                continue
            for method, kwargs in (
                ("read", {"fields": ["id"]}),
                ("write", {"vals": {}}),
            ):
                with self.subTest(model=model, method=method):
                    text, refused = self.jsonrpc(
                        model, method, foreign.ids, kwargs, "?debug=1"
                    )
                    self.assertTrue(refused, text[:500])
                    self.assertNotIn(FOREIGN.lower(), text.lower())

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_import(self):
        foreign = self.foreign["account.tax"]
        columns = ["source_id/.id", "external_id", "tax_id/.id"]
        row = [str(self.source.id), "txr_new", str(foreign.id)]
        for protocol in self.protocols:
            kwargs = {"fields": columns, "data": [row]}
            with self.subTest(protocol=protocol.__name__):
                text, _refused = protocol("saas.tax.mapping", "load", None, kwargs)
                self.assertNotIn(FOREIGN.lower(), text.lower())
                mappings = self.env["saas.tax.mapping"]
                self.assertFalse(mappings.search([("external_id", "=", "txr_new")]))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_right_is_let_through(self):
        """Else what is refused would prove nothing."""
        mappings = self.env["saas.product.mapping"]
        for number, protocol in enumerate(self.protocols):
            vals = _as_json(self.valid_vals(mappings._name))
            vals["external_id"] = f"price_{number}"
            with self.subTest(protocol=protocol.__name__):
                text, _refused = protocol(
                    mappings._name, "create", None, {"vals_list": [vals]}
                )
                self.env.invalidate_all()
                domain = [("external_id", "=", vals["external_id"])]
                self.assertEqual(mappings.search_count(domain), 1, text)


@tagged("post_install", "-at_install")
class TestHostileContext(ExternalApiCommon):
    """What a caller says in the context changes neither who acted nor what is done."""

    _hostile = (True, 1, "saas_pipeline", "<mark saas_pipeline>", {"key": "x"}, ["x"])

    @mute_logger("odoo.http")
    def test_actor(self):
        logs = self.env["saas.sync.log"]
        for protocol in self.protocols:
            for number, value in enumerate(self._hostile):
                context = {"saas_pipeline": value, "saas_relinking": value}
                last = logs.search([], limit=1)
                with self.subTest(protocol=protocol.__name__, value=value):
                    protocol(
                        "saas.source",
                        "write",
                        self.source.ids,
                        {"vals": {"rate_limit": number + 1}, "context": context},
                    )
                    self.env.invalidate_all()
                    self.assertEqual(self.source.rate_limit, number + 1)
                    row = logs.search([("id", ">", last.id)])
                    self.assertEqual(
                        (row.actor, row.action, row.detail),
                        ("neighbour", "changed_by_person", "rate_limit"),
                    )

    @mute_logger("odoo.http")
    def test_links_stay(self):
        self.person.company_ids |= self.other_company
        tenant = self.own["saas.subscription"].tenant_id
        for protocol in self.protocols:
            for value in self._hostile:
                with self.subTest(protocol=protocol.__name__, value=value):
                    _text, refused = protocol(
                        "saas.source",
                        "write",
                        self.source.ids,
                        {
                            "vals": {"company_id": self.other_company.id},
                            "context": {
                                "saas_pipeline": value,
                                "saas_relinking": value,
                                "allowed_company_ids": self.person.company_ids.ids,
                            },
                        },
                    )
                    self.assertTrue(refused)
        self.env.invalidate_all()
        self.assertEqual(self.source.company_id, self.company)
        self.assertEqual(self.own["saas.subscription"].tenant_id, tenant)

    def test_short_cuts(self):
        """The ways that only batches of the pipeline take."""
        for value in self._hostile:
            env = self.env(context={"saas_pipeline": value, "saas_limits": value})
            with self.subTest(value=value):
                self.assertFalse(PIPELINE.is_in(env))
                self.assertIsNone(Limits.get(env, (1, 2)))
        env = self.env(context={"saas_limits": {(1, 2): 3.0}})
        self.assertIsNone(Limits.get(env, (1, 2)))

    def test_marks_stay_inside(self):
        """A mark goes where own code takes it, and into nothing that is stored."""
        env = self.env(context=PIPELINE.in_context())
        record = self.source.with_env(env)
        for other in (
            record.sudo(),
            record.with_user(self.person),
            record.with_company(self.company),
            record.with_context(lang="en_US"),
        ):
            self.assertTrue(PIPELINE.is_in(other.env))
        job = record.with_delay()._job_drain().db_record()
        self.env.flush_all()
        [stored] = self.env.execute_query(
            SQL("SELECT records, args, kwargs FROM queue_job WHERE id = %s", job.id)
        )
        self.assertIn("saas.source", stored[0])
        self.assertNotIn(PIPELINE.key, str(stored))
        self.assertFalse(PIPELINE.is_in(record.env(context={})))
        with self.assertRaises(TypeError):
            json.dumps(dict(env.context))


def _split(ids, kwargs):
    """Return arguments by position and by name: the two older protocols take the ids
    and the values of a new record by position alone.
    """
    if ids is not None:
        return [ids], kwargs
    kwargs = dict(kwargs)
    args = [kwargs.pop(name) for name in ("vals_list",) if name in kwargs]
    return args, kwargs


def _as_json(vals):
    return json.loads(json.dumps(vals, default=int))
