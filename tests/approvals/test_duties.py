"""Who may do what: the matrix in ``duties.csv`` has a line for each model and
operation, and for each public method of a model of this app. What it says is tried with
every role, through the ORM, and over HTTP in each protocol with a hostile context.
"""

import csv
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..outbound.no_network import no_network
from ..security.test_links_http import ExternalApiCommon
from ..support.neighbours import NeighboursCommon

FILE = Path(__file__).parent / "duties.csv"
ROLES = ("user", "operator", "manager", "reviewer", "approver", "auditor", "privacy")
_OPERATIONS = ("read", "create", "write", "unlink")
#: What every model of Odoo has.
_OF_ODOO = frozenset(
    """
    create write unlink default_get onchange init copy search_read web_save
    """.split()
)
#: What methods are called with, by their names, where they need something.
_ARGUMENTS = {
    "action_open": {"event_ids": []},
    "action_open_run": {"run_id": 0},
    "action_open_tenant": {"tenant_id": 0},
    "action_refuse": {"note": "No."},
}
#: What a caller may claim in the context, and nobody believes.
_HOSTILE = {
    "saas_pipeline": True,
    "saas_preview": 1,
    "saas_relinking": True,
    "saas_signed": ["somebody"],
    "su": True,
    "uid": 1,
}


class DutiesCommon(NeighboursCommon):
    """One person for each role, and the matrix."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            role: new_test_user(
                cls.env,
                f"duty_{role}",
                password="harbor-velvet-lantern",
                groups=f"saas_billing_sync.group_saas_{role}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for role in ROLES
        }
        # An event that waits, so that a case's buttons have something to act on.
        cls.own["saas.subscription.event"].write(
            {"state": "quarantined", "reason": "unmapped_product"}
        )
        cls.own["saas.change.propose"] = cls.env["saas.change.propose"].create(
            {"record_ids": str(cls.company.ids), "four_eyes": "off"}
        )
        cls.arguments = {
            **_ARGUMENTS,
            "resume_run": {"run_ids": cls.own["saas.observation.run"].ids},
            "start_observing": {"source_ids": cls.own["saas.source"].ids},
        }
        cls.env.flush_all()
        with FILE.open(newline="") as stream:
            cls.expected = {
                (row["model"], row["what"]): {role for role in ROLES if row[role]}
                for row in csv.DictReader(stream)
            }

    @classmethod
    def list_lines(cls):
        """Return what the matrix has to have a line for, sorted."""
        lines = []
        for name, model in sorted(cls.env.registry.items()):
            own = name.startswith("saas.")
            if own and not model._abstract:
                lines += [(name, operation) for operation in _OPERATIONS]
            methods = _get_methods(model)
            if model._abstract and not own or name in _MIXINS:
                continue
            lines += [(name, method) for method in sorted(methods)]
        return lines

    def get_record(self, model):
        """Return the company's record of a model; none where there is none."""
        if model in self.own:
            return self.own[model]
        model = self.env[model]
        return model if model._abstract else model.search([], limit=1)

    def try_line(self, model, what, user):
        """Return whether a user may do what a line says."""
        record = self.get_record(model).with_user(user)
        record = record.with_context(allowed_company_ids=self.company.ids)
        if what in _OPERATIONS:
            # A wizard is its creator's alone: what counts is whether one may have one.
            asked = record.browse() if record._transient else record
            return asked.has_access(what)
        return not self._is_refused(record, what)

    def _is_refused(self, record, method):
        arguments = self.arguments.get(method, {})
        shared = nullcontext()
        if method == "action_preview" and "event_ids" not in record._fields:
            # The preview's own cursor has to see what is chosen, or it is refused.
            shared = self.enter_registry_test_mode()
        try:
            with self.env.cr.savepoint(), no_network(), shared:
                getattr(record, method)(**arguments)
                raise _Undo
        except AccessError:
            return True
        except Exception:
            return False
        finally:
            self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestDuties(DutiesCommon):
    def test_every_line_is_there(self):
        """A new model or a public method needs a line, and an old one goes."""
        lines = self.list_lines()
        self.assertGreater(len(lines), 250)
        self.assertEqual(sorted(self.expected), sorted(lines))

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule")
    def test_matrix(self):
        wrong = []
        for model, what in self.list_lines():
            found = {
                role
                for role, user in self.people.items()
                if self.try_line(model, what, user)
            }
            if found != self.expected.get((model, what)):
                marks = ",".join("x" if role in found else "" for role in ROLES)
                wrong.append(f"{model},{what},{marks}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_who_looks_changes_nothing(self):
        """What an auditor or a privacy officer may call writes nothing."""
        for role in ("auditor", "privacy"):
            for (model, what), roles in self.expected.items():
                if model.startswith("saas.") and role in roles:
                    with self.subTest(role=role, model=model, what=what):
                        self.assertNotIn(what, ("create", "write", "unlink"))

    def test_who_prepares_does_not_sign(self):
        for what in ("action_approve", "action_refuse"):
            self.assertEqual(self.expected["saas.approval", what], {"approver"})


@tagged("post_install", "-at_install")
class TestDutiesOverHttp(DutiesCommon, ExternalApiCommon):
    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.sql_db")
    def test_matrix(self):
        """Whatever the matrix refuses is refused in each protocol, by turns, and
        reading is answered as it says.
        """
        tried = set()
        context = {**_HOSTILE, "allowed_company_ids": self.company.ids}
        for role, user in self.people.items():
            self.person = user
            self.log_in()
            for number, ((model, what), roles) in enumerate(self.expected.items()):
                if role in roles and what != "read":
                    continue
                record = self.get_record(model)
                if not record or (record._transient and role in roles):
                    continue
                protocol = self.protocols[(number + len(role)) % 3]
                method, ids, kwargs = _make_call(record, what, self.arguments)
                with self.subTest(
                    role=role, model=model, what=what, protocol=protocol.__name__
                ):
                    text, refused = protocol(
                        model, method, ids, {**kwargs, "context": context}
                    )
                    self.assertEqual(refused, role not in roles, text[:500])
                tried.add((protocol.__name__, what in _OPERATIONS))
        self.assertEqual(len(tried), 6)

    def log_in(self):
        """Log another person in."""
        self.authenticate(self.person.login, "harbor-velvet-lantern")
        keys = self.env["res.users.apikeys"].with_user(self.person).sudo()
        soon = fields.Datetime.now() + timedelta(hours=1)
        self.key = keys._generate("rpc", "tests", soon)


class _Undo(Exception):
    """Undoes what a call did."""


def _get_methods(model):
    """Return the names of the public methods that this app gives a model."""
    names = set()
    inherited = set()
    for cls in reversed(model.mro()):
        is_ours = cls.__module__.startswith("odoo.addons.saas_billing_sync")
        for name, value in vars(cls).items():
            if name.startswith("_") or not callable(value) or isinstance(value, type):
                continue
            if not is_ours:
                inherited.add(name)
            elif name not in inherited | _OF_ODOO and not _is_private(value):
                names.add(name)
    return names


def _is_private(method):
    return getattr(method, "_api_private", False)


def _make_call(record, what, arguments):
    if what == "create":
        return "create", None, {"vals_list": [{}]}
    if what == "write":
        return "write", record.ids, {"vals": {}}
    if what == "read":
        return "read", record.ids, {"fields": ["id"]}
    is_of_model = getattr(getattr(type(record), what), "_api_model", False)
    return what, None if is_of_model else record.ids, arguments.get(what, {})


#: What models inherit: their methods are tried on these.
_MIXINS = frozenset(
    """
    saas.assignable.mixin saas.code.only.mixin saas.decision.mixin saas.guarded.mixin
    saas.mapping.mixin saas.mirrored.mixin saas.previewed.mixin saas.ruled.mixin
    """.split()
)
