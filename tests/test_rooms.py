import ast
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parent.parent
ROOMS = (
    "adapters",
    "canonical",
    "controllers",
    "handlers",
    "ledger",
    "models",
    "pipeline",
    "reconcile",
)


@tagged("post_install", "-at_install")
class TestRooms(BaseCase):
    """The rooms stay apart: each may import ``canonical`` and itself, no other, but
    handlers take the ledger's types too. They meet through the environment, by model
    name.
    """

    def test_rooms_are_apart(self):
        for room in (*ROOMS, "wizards"):
            for path, target in _imports(ROOT / room):
                with self.subTest(file=str(path.relative_to(ROOT))):
                    allowed = ("ledger",) if room == "handlers" else ()
                    self.assertIn(target, (None, "canonical", room, *allowed))

    def test_canonical_imports_no_odoo(self):
        for path in (ROOT / "canonical").rglob("*.py"):
            names = {name.partition(".")[0] for name in _absolute_imports(path)}
            self.assertNotIn("odoo", names, path.name)

    def test_no_detours(self):
        """Nobody imports a room by its absolute name instead."""
        for room in (*ROOMS, "wizards"):
            for path in (ROOT / room).rglob("*.py"):
                for name in _absolute_imports(path):
                    self.assertNotIn("saas_billing_sync", name, path.name)

    def test_only_handlers_write_accounting(self):
        """No other room of the pipeline's way names an accounting model at all."""
        for room in ("adapters", "canonical", "controllers", "pipeline"):
            for path in (ROOT / room).rglob("*.py"):
                for text in _texts(path):
                    self.assertNotRegex(text, r"^account\.\w", path.name)

    def test_reconciliation_writes_no_books(self):
        """It reads accounting to compare it, and never asks a handler to apply."""
        for path in (ROOT / "reconcile").rglob("*.py"):
            for node in ast.walk(_parse(path)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    called = ast.unparse(node.func)
                    self.assertNotIn("_apply", called, path.name)
                    if node.func.attr in ("create", "write", "unlink"):
                        self.assertNotIn("account.", called, path.name)

    def test_every_test_module_is_imported(self):
        """Odoo's own runner sees only what ``tests/__init__`` holds."""
        names = _names_imported(ROOT / "tests" / "__init__.py")
        self.assertEqual(names, sorted(names))
        modules = sorted(path.stem for path in (ROOT / "tests").rglob("test_*.py"))
        self.assertEqual([name for name in names if name in modules], modules)

    def test_adapters_write_nothing(self):
        for path in (ROOT / "adapters").rglob("*.py"):
            for node in ast.walk(_parse(path)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    self.assertNotIn(
                        node.func.attr, ("create", "write", "unlink"), path.name
                    )


def _parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(folder):
    """Yield (file, room) of each relative import in a room: the room at the addon's
    root that it leads to, or None if it stays in its own.
    """
    for path in folder.rglob("*.py"):
        package = path.parent.relative_to(ROOT).parts
        for node in ast.walk(_parse(path)):
            if not isinstance(node, ast.ImportFrom) or not node.level:
                continue
            base = package[: len(package) - node.level + 1]
            for alias in node.names:
                parts = (*base, *(node.module or alias.name).split("."))
                yield path, parts[0] if parts[0] != folder.name else None


def _names_imported(path):
    """Return the names that a file imports, in its order."""
    return [
        alias.name
        for node in _parse(path).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]


def _absolute_imports(path):
    for node in ast.walk(_parse(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def _texts(path):
    for node in ast.walk(_parse(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
