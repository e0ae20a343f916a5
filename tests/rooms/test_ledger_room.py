import ast
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ...canonical import facts

ROOT = Path(__file__).parents[2]

#: Facts inside other facts: they have amounts in a currency of their own, and no
#: event states one alone.
_PARTS = {facts.Movement, facts.SubscriptionItem}
#: What posts, undoes or matches entries in Odoo.
_WRITERS = {
    "_reconcile_plan",
    "_reverse_moves",
    "action_post",
    "action_validate",
    "button_cancel",
    "button_draft",
    "reconcile",
    "remove_move_reconcile",
}
_MODELS = ("account.move", "account.move.line", "account.payment")
#: What the ledger must not know of where facts come from.
_ORIGINS = ("_can_fetch", "_get_adapter", "event", "event_id")


@tagged("post_install", "-at_install")
class TestLedgerRoom(TransactionCase):
    """Handlers work out what is to be booked, and only the ledger books it."""

    def test_handlers_are_the_kinds_of_facts(self):
        kinds = {fact.kind for fact in _subclasses(facts.Fact) if _is_concrete(fact)}
        prefix = "saas.handler."
        names = {
            name.removeprefix(prefix)
            for name in self.env.registry
            if name.startswith(prefix)
        }
        self.assertEqual(names, kinds)

    def test_helpers_are_named_after_their_files(self):
        for room in ("handlers", "ledger"):
            for path in _files(room):
                parts = list(path.relative_to(ROOT).with_suffix("").parts)
                if room == "handlers":
                    del parts[0]
                for name in _model_names(path):
                    with self.subTest(name=name):
                        if name.startswith("saas.handler"):
                            self.assertEqual(room, "handlers")
                        elif name == "saas.cutover":
                            # The helper of all areas, in files by what it looks at.
                            self.assertEqual(parts[0], "cutover")
                        else:
                            self.assertEqual(name, ".".join(["saas", *parts]))

    def test_only_the_ledger_writes_accounting(self):
        fields = self._get_own_fields()
        for path in _files(
            "adapters controllers handlers models pipeline reconcile wizards"
        ):
            if path.is_relative_to(ROOT / "models" / "odoo"):
                continue
            for node in ast.walk(_parse(path)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    self._check_call(path, node)
                elif isinstance(node, ast.Assign):
                    for target in node.targets:
                        if isinstance(target, ast.Attribute):
                            where = f"{path}:{node.lineno}"
                            self.assertNotIn(target.attr, fields, where)

    def test_ledger_knows_facts_and_sources_only(self):
        for path in _files("ledger"):
            for node in ast.walk(_parse(path)):
                where = f"{path}:{getattr(node, 'lineno', '')}"
                if isinstance(node, ast.Attribute):
                    self.assertNotIn(node.attr, _ORIGINS, where)
                    self.assertFalse(node.attr.startswith("_enqueue"), where)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    self.assertNotRegex(
                        node.value,
                        r"^saas\.(adapter|subscription\.event|handler)",
                        where,
                    )

    def _check_call(self, path, node):
        called, where = ast.unparse(node.func), f"{path}:{node.lineno}"
        self.assertNotIn(node.func.attr, _WRITERS, where)
        self.assertNotIn("soft", [keyword.arg for keyword in node.keywords], where)
        if node.func.attr in ("create", "write", "unlink"):
            for model in _MODELS:
                self.assertNotIn(f"['{model}']", called, where)

    def _get_own_fields(self):
        """Return what the ledger alone sets on a posted entry: this addon's fields of
        it, and those by which it is due, reversed and owed.
        """
        own = {
            name
            for model in _MODELS
            for name in self.env[model]._fields
            if name.startswith("saas_")
        }
        return (
            own
            | {"account_id", "date_maturity", "invoice_date_due"}
            | {"reversed_entry_id"}
        )


def _subclasses(base):
    for child in base.__subclasses__():
        yield child
        yield from _subclasses(child)


def _is_concrete(fact):
    return "kind" in vars(fact) and fact not in _PARTS


def _files(rooms):
    for room in rooms.split():
        yield from sorted((ROOT / room).rglob("*.py"))


def _parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def _model_names(path):
    """Yield the names of the models that a file defines."""
    for node in ast.walk(_parse(path)):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "_name"
        ):
            yield ast.literal_eval(node.value)
