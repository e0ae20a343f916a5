"""The table of who uses whom, which `make lint` writes, is read from the files."""

import tempfile
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..support.live import dev

FILES = {
    "__init__.py": "from . import models, pipeline",
    "canonical/__init__.py": "",
    "canonical/money.py": "def exact(): pass",
    "models/__init__.py": "from . import event",
    "models/event.py": """
from ..canonical.money import exact
class Event:
    _name = "saas.event"
    def read(self):
        return self.env["saas.drain"], self.env["res.partner"]
""",
    "pipeline/__init__.py": "from . import drain",
    "pipeline/drain.py": """
from ..canonical import money
class Drain:
    _name = "saas.drain"
class Event:
    _name = "saas.event"
    _inherit = ["saas.event", "mail.thread"]
    def drain(self, kind):
        return self.env["saas.event"], self.env[f"saas.ev{kind}"]
""",
    "tests/__init__.py": "from ..pipeline import drain",
}


@tagged("post_install", "-at_install")
class TestImports(BaseCase):
    def setUp(self):
        super().setUp()
        self.imports = dev("commands.imports")

    def _read(self, **changed):
        """Return the tree of the files, some of them with other content."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        files = FILES | {
            name.replace("__", "/") + ".py": text for name, text in changed.items()
        }
        for name, content in files.items():
            path = Path(folder.name, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
        return self.imports.Tree(Path(folder.name), sorted(files))

    def test_imports_between_rooms_are_counted(self):
        tree = self._read()
        self.assertEqual(tree.rooms, ["canonical", "models", "pipeline"])
        self.assertEqual(
            tree.count_imports(),
            {("models", "canonical"): 1, ("pipeline", "canonical"): 1},
        )

    def test_models_named_between_rooms_are_counted(self):
        self.assertEqual(
            self._read().count_models(),
            {
                ("models", "pipeline"): {"saas.drain": 1},
                ("pipeline", "models"): {"saas.event": 2, "saas.ev*": 1},
            },
        )

    def test_rooms_are_ordered_by_use(self):
        tree = self._read()
        rooms = self.imports.order(
            tree.rooms, tree.count_imports(), tree.count_models()
        )
        self.assertEqual(rooms, ["pipeline", "models", "canonical"])

    def test_a_circle_is_named(self):
        self.assertEqual(self._read().find_circle(), [])
        circle = self._read(
            canonical__money="from .units import pence",
            canonical__units="def pence():\n    from . import money",
        ).find_circle()
        self.assertEqual(
            circle, ["canonical.money", "canonical.units", "canonical.money"]
        )

    def test_a_circle_by_way_of_a_package_is_named(self):
        circle = self._read(models__event="from . import missing").find_circle()
        self.assertEqual(circle, ["models", "models.event", "models"])
