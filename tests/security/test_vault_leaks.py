"""A secret never comes back: not in the answer to a request that breaks a constraint,
not in a log, and not in a dump of the database.
"""

import json
import os
import subprocess
from secrets import token_hex

from odoo.tests import tagged

from ..support.live import LiveCase, dev
from ..support.session import Session
from .vault_rows import VaultRowsMixin

_NOWHERE = 2**31 - 1

#: What breaks each constraint and unique index on the tables of the models that a
#: manager may make or change rows of: the model, and what is written to its first row.
_BREAKS = {
    "saas_source_limits_positive": ("saas.source", {"signature_tolerance": 0}),
    "saas_source_fetch_minutes_positive": ("saas.source", {"fetch_minutes": 0}),
    "saas_source_reconcile_days_positive": ("saas.source", {"reconcile_days": 400}),
    "saas_source_observe_tolerance_positive": (
        "saas.source",
        {"observe_tolerance": 40},
    ),
    "saas_source_token_unique": ("saas.source", {"token": "taken"}),
    "saas_source_connected_unique": ("saas.source", {"account_ref": "acct_taken"}),
    "saas_source_own_unique": (
        "saas.source",
        {"adapter": "odoo", "platform_id": False},
    ),
    "saas_source_secret_validity_order": (
        "saas.source.secret",
        {"valid_from": "2026-11-02", "valid_until": "2026-11-01"},
    ),
    "saas_source_credential_source_unique": (
        "saas.source.credential",
        {"source_id": 1},
    ),
    "saas_source_credential_limits_positive": (
        "saas.source.credential",
        {"calls_per_day": -1},
    ),
    "saas_cursor_stream_unique": ("saas.cursor", {"stream": "taken"}),
    "saas_cursor_minutes_positive": ("saas.cursor", {"minutes": 0}),
    "saas_product_mapping_external_unique": (
        "saas.product.mapping",
        {"external_id": "taken"},
    ),
    "saas_tax_mapping_external_unique": ("saas.tax.mapping", {"external_id": "taken"}),
    "saas_meter_code_unique": ("saas.meter", {"code": "taken"}),
    "saas_plan_code_unique": ("saas.plan", {"code": "taken"}),
    "saas_plan_version_number_unique": ("saas.plan.version", {"number": 2}),
    "saas_plan_component_code_unique": ("saas.plan.component", {"code": "taken"}),
    "saas_plan_feature_code_unique": ("saas.plan.feature", {"code": "taken"}),
    "saas_price_matter_unique": ("saas.price", {"valid_from": "2026-01-01"}),
    "saas_approval_policy_kind_unique": ("saas.approval.policy", {"kind": "map_first"}),
    "saas_approval_policy_approvals_check": ("saas.approval.policy", {"approvals": 3}),
    "saas_approval_policy_sample_check": ("saas.approval.policy", {"sample": 101}),
    "saas_approval_policy_amount_check": ("saas.approval.policy", {"min_amount": -1}),
    "saas_ownership_matter_unique": ("saas.ownership", {"kind": "payment"}),
    "saas_difference_unsettled_unique": ("saas.difference", {"external_id": "taken"}),
    "saas_exception_open_unique": ("saas.exception", {"cause_key": "taken"}),
    "saas_exception_tag_name_unique": ("saas.exception.tag", {"name": "taken"}),
    "saas_revenue_reason_word_unique": ("saas.revenue.reason", {"word": "taken"}),
    "saas_alert_rule_kind_unique": ("saas.alert.rule", {"kind": "batch_late"}),
    "saas_alert_rule_times_positive": ("saas.alert.rule", {"remind_hours": 0}),
}

#: Checks, unique indexes (but primary keys), foreign keys and not-null columns of a
#: table, as (kind, name, column).
_CONSTRAINTS = """
    WITH wanted AS (SELECT %s::regclass AS oid)
    SELECT 'check', conname::text, NULL FROM wanted
        JOIN pg_constraint ON conrelid = wanted.oid AND contype IN ('c', 'x')
    UNION ALL SELECT 'unique', indexrelid::regclass::text, NULL FROM wanted
        JOIN pg_index ON indrelid = wanted.oid AND indisunique AND NOT indisprimary
    UNION ALL SELECT 'foreign', conname, attname::text FROM wanted
        JOIN pg_constraint ON conrelid = wanted.oid AND contype = 'f'
        JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    UNION ALL SELECT 'required', attname, attname FROM wanted
        JOIN pg_attribute ON attrelid = wanted.oid AND attnotnull
          AND attnum > 0 AND NOT attisdropped
"""
_NOT_A_PERSON_S = {"id", "create_uid", "write_uid"}


@tagged("post_install", "-at_install")
class TestVaultLeaks(VaultRowsMixin, LiveCase):
    @classmethod
    def setUpClass(cls):
        cls.secrets = [f"whsec_{token_hex(20)}" for _each in range(2)]
        cls.key = f"rk_test_{token_hex(20)}"
        cls.named = f"rk_test_{token_hex(20)}"
        #: Pasted in requests that fail.
        cls.pasted = f"rk_test_{token_hex(20)}"
        super().setUpClass()
        cls.company_id = cls.admin.find("res.company", name="My Company")
        cls.admin.add(
            "res.users",
            name="Manager",
            login="manager",
            password="manager-of-the-vault",
            company_id=cls.company_id,
            group_ids=[(4, cls._find_group("manager"))],
        )
        cls.manager = Session(cls.server, "manager", "manager-of-the-vault")
        cls.fill()
        income = {"income_account_id": cls.taken_income}
        cls.breaks = {
            **_BREAKS,
            "saas_revenue_account_income_unique": ("saas.revenue.account", income),
        }

    @classmethod
    def start_server(cls, **details):
        environment = {"SAAS_SECRET_1_KEY": cls.named}
        return super().start_server(environment=environment, **details)

    @classmethod
    def get_options(cls):
        return ("--log-handler=odoo.addons.saas_billing_sync:DEBUG",)

    @classmethod
    def _find_group(cls, role):
        name = f"group_saas_{role}"
        domain = [("module", "=", "saas_billing_sync"), ("name", "=", name)]
        [found] = cls.admin.call("ir.model.data", "search_read", domain, ["res_id"])
        return found["res_id"]

    # -- what is asked --------------------------------------------------------

    def test_no_secret_comes_back(self):
        answers = []
        for model in self._get_writable():
            with self.subTest(model=model):
                answers += self._break(model)
        answers += self._paste_and_fail()
        self.assertGreater(len(answers), 100)
        # They did get to PostgreSQL.
        log = self.read_log()
        self.assertGreater(log.count("bad query"), 30)
        self.assertIn("Failing row contains", log)
        self._check("answers", "\n".join(answers))
        self._check("Odoo's log", log)
        self._check("a dump", self._dump())

    def test_every_constraint_is_tried(self):
        """One that is new needs a line above."""
        found = {
            name
            for model in self._get_writable()
            for kind, name, _column in self._read_constraints(model)
            if kind in ("check", "unique")
        }
        self.assertEqual(found, set(self.breaks))

    def test_the_vault_has_none(self):
        """Only an index that no person's input reaches."""
        found = self.sql(_CONSTRAINTS, "saas_vault")
        self.assertEqual(found, [("unique", "saas_vault_owner", None)])
        kept = self.sql("SELECT left(sealed, 2) FROM saas_vault ORDER BY 1")
        self.assertEqual(kept, [("f:",)] * 7 + [("r:",)] * 2)

    # -- how ------------------------------------------------------------------

    def _get_writable(self):
        """Return the models that a manager may make or change rows of."""
        names = self.admin.call(
            "ir.model",
            "search_read",
            [("model", "=like", "saas.%"), ("abstract", "=", False)],
            ["model", "transient"],
        )
        return [
            each["model"]
            for each in names
            if not each["transient"]
            and any(
                self.manager.call(each["model"], "has_access", [], operation)
                for operation in ("create", "write")
            )
        ]

    def _read_constraints(self, model):
        return self.sql(_CONSTRAINTS, model.replace(".", "_"))

    def _break(self, model):
        """Break every constraint of a model, one after the other, each on the first
        row and where it can be on a new one; return the answers.
        """
        fields = self.manager.call(model, "fields_get", [], ["required", "type"])
        asked = []
        for kind, name, column in self._read_constraints(model):
            if column in _NOT_A_PERSON_S:
                continue
            if column and column not in fields:
                self.fail(f"{model}: a person can't see {column}")
            vals = {
                "required": {column: False},
                "foreign": {column: _NOWHERE},
            }.get(kind) or self._get_break(model, name)
            asked += self._ask(model, name, vals)
        return asked

    def _get_break(self, model, name):
        expected, vals = self.breaks[name]
        self.assertEqual(model, expected)
        return vals

    def _ask(self, model, name, vals):
        """Write values that break a constraint, and create a row with them; return
        the answers. The first must be an error, unless the ORM knows better than to
        write such a value.
        """
        row_id = self.rows[model][0]
        answers = [self.manager.try_call(model, "write", [row_id], vals)]
        if name in self.breaks:
            self.assertIn("error", json.loads(answers[0]), name)
        copied = self.manager.call(model, "copy_data", [row_id])[0]
        answers.append(self.manager.try_call(model, "create", [{**copied, **vals}]))
        return answers

    def _paste_and_fail(self):
        """Paste a secret in requests that break something; return the answers."""
        pasted = {"new_value": self.pasted}
        wrong = self.breaks["saas_source_secret_validity_order"][1]
        secret_id = self.rows["saas.source.secret"][0]
        calls = [
            ("saas.source.secret", "write", [secret_id], {**pasted, **wrong}),
            ("saas.source.secret", "create", [{**pasted, **wrong}]),
            (
                "saas.source.secret",
                "create",
                [{**pasted, **wrong, "source_id": self.source_id}],
            ),
            (
                "saas.source.secret",
                "load",
                ["source_id/.id", "new_value", "valid_from", "valid_until"],
                [[str(self.source_id), self.pasted, *wrong.values()]],
            ),
            (
                "saas.source",
                "write",
                [self.source_id],
                {"new_api_key": self.pasted, "rate_limit": -1},
            ),
            (
                "saas.source",
                "web_save",
                [self.source_id],
                {"secret_ids": [(0, 0, {**pasted, **wrong})], "max_attempts": 0},
                {"new_api_key": {}},
            ),
            ("saas.source", "write", [self.source_id], {"api_key": self.pasted}),
            # Of the other mode.
            (
                "saas.source",
                "write",
                [self.source_id],
                {"new_api_key": self.pasted, "livemode": True},
            ),
        ]
        answers = [self.manager.try_call(*call) for call in calls]
        for call, answer in zip(calls, answers, strict=True):
            if call[1] != "load":
                self.assertIn("error", json.loads(answer), call[:2])
        return answers

    def _check(self, where, text):
        for secret in (*self.secrets, self.key, self.named, self.pasted):
            with self.subTest(where):
                # The message of a failure doesn't hold all of it.
                self.assertFalse(secret in text, f"{where} holds a secret")

    def _dump(self):
        """Return all that the database holds, as text."""
        cluster, database = dev("machine.cluster"), dev("machine.database")
        done = subprocess.run(
            [cluster.program("pg_dump"), "--inserts", "-d", self.database],
            env={**os.environ, **database.connection()},
            stdout=subprocess.PIPE,
            check=True,
        )
        return done.stdout.decode()
