"""The addon's source as rules see it: files, what they import, and the models that they
define, extend and name. Nothing is executed.
"""

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

#: What an installation runs, each with its place in the design.
ROOMS = (
    "adapters",
    "billing",
    "canonical",
    "dunning",
    "controllers",
    "handlers",
    "ledger",
    "metrics",
    "models",
    "outbound",
    "pipeline",
    "reconcile",
    "revenue",
    "review",
    "wizards",
)
#: What only developers run.
AROUND = ("bench", "dev", "tests")
#: The addon's own name, as absolute imports begin.
ADDON = "odoo.addons.saas_billing_sync"

_MODEL = re.compile(r"saas\.[a-z0-9_.]*")

#: The files of the adapters' room that are every system's.
CONTRACT = (Path("adapters/adapter.py"), Path("adapters/adapter_asked.py"))


@dataclass(frozen=True)
class Use:
    """One place where a file names something: an import's target as a path below the
    root (``canonical/errors``), or a model's name. A name whose end is computed ends
    with a dot (``saas.handler.``).
    """

    line: int
    target: str
    how: str


@dataclass
class Source:
    """One Python file: its path below the root, and what stands in it."""

    path: Path
    text: str
    node: ast.Module = field(repr=False)

    @property
    def room(self):
        """The folder below the root that the file is in; empty for the root itself."""
        return self.path.parts[0] if len(self.path.parts) > 1 else ""

    def at(self, node, message):
        """Return a line for people about one node of this file."""
        return f"{self.path}:{getattr(node, 'lineno', node)}: {message}"

    @cached_property
    def classes(self):
        """All classes, inner ones too."""
        return [node for node in ast.walk(self.node) if isinstance(node, ast.ClassDef)]

    @cached_property
    def docstrings(self):
        """The ids of nodes that are docstrings: prose, not code."""
        found = set()
        for node in ast.walk(self.node):
            body = getattr(node, "body", None)
            if isinstance(body, list) and body and _is_text(body[0]):
                found.add(id(body[0].value))
        return found

    @cached_property
    def texts(self):
        """The texts in code, docstrings left out, as nodes with a text."""
        return [
            node
            for node in ast.walk(self.node)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in self.docstrings
        ]

    def imports(self):
        """Yield a :class:`Use` for each module of this addon that is imported."""
        package = self.path.parent.parts
        for node in ast.walk(self.node):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.startswith(ADDON):
                        yield Use(node.lineno, _below(alias.name), "absolute")
            elif isinstance(node, ast.ImportFrom) and not node.level:
                if (node.module or "").startswith(ADDON):
                    yield Use(node.lineno, _below(node.module), "absolute")
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) - node.level + 1]
                for alias in node.names:
                    names = (node.module or "").split(".") if node.module else []
                    target = "/".join((*base, *names, alias.name))
                    yield Use(node.lineno, target, "relative")

    def models_used(self):
        """Yield a :class:`Use` for each model that is named by ``env[...]`` or
        inherited from.
        """
        for node in ast.walk(self.node):
            if isinstance(node, ast.Subscript) and _ends_in_env(node.value):
                for name in _names(node.slice):
                    yield Use(node.lineno, name, "env")
        for node in self.classes:
            for name in get_attribute(node, "_inherit"):
                yield Use(node.lineno, name, "inherit")

    def definitions(self):
        """Yield each class that defines or extends a model, with the model's name."""
        for node in self.classes:
            names = get_attribute(node, "_name") or get_attribute(node, "_inherit")
            if names:
                yield node, names[0]


class Tree:
    """All Python files below a root, and the models' rooms."""

    def __init__(self, root):
        self.root = Path(root)
        self.sources = [
            Source(path.relative_to(self.root), text, ast.parse(text))
            for folder in (*ROOMS, *AROUND)
            for path in sorted((self.root / folder).rglob("*.py"))
            for text in [path.read_text(encoding="utf-8")]
        ]

    def of(self, *rooms):
        """Return the files of some rooms."""
        return [source for source in self.sources if source.room in rooms]

    @cached_property
    def rooms(self):
        """Return the files of all rooms."""
        return self.of(*ROOMS)

    @cached_property
    def homes(self):
        """Return the file where each of our models is defined, by the model's name."""
        homes = {}
        for source in self.rooms:
            for node in source.classes:
                own, parents = (
                    get_attribute(node, name) for name in ("_name", "_inherit")
                )
                for name in own:
                    if name.startswith("saas.") and name not in parents:
                        homes[name] = source
        return homes

    def get_room(self, model):
        """Return the room of a model, or of the only room whose models begin so; None
        where the model is not ours.
        """
        if model in self.homes:
            return self.homes[model].room
        if model.endswith("."):
            rooms = {
                source.room
                for name, source in self.homes.items()
                if name.startswith(model)
            }
            return rooms.pop() if len(rooms) == 1 else None
        return None


def get_attribute(node, name):
    """Return the texts that a class sets an attribute to, one or a list of them."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name
            for target in statement.targets
        ):
            value = statement.value
            items = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
            return [
                item.value
                for item in items
                if isinstance(item, ast.Constant) and isinstance(item.value, str)
            ]
    return []


def _below(name):
    return name[len(ADDON) + 1 :].replace(".", "/")


def _is_text(statement):
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _ends_in_env(node):
    return (isinstance(node, ast.Attribute) and node.attr == "env") or (
        isinstance(node, ast.Name) and node.id == "env"
    )


def _names(node):
    """Yield the models that an index names: a text, or the fixed beginning of one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr) and node.values:
        first = node.values[0]
        if isinstance(first, ast.Constant) and _MODEL.fullmatch(first.value):
            yield first.value
