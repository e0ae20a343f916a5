"""The rules of the house that are about a file by itself: what it is called, how large
it is, which words it uses. Each takes a :class:`~.tree.Tree` and yields a line for each
offender.
"""

import ast
import re
from pathlib import Path

from .tree import CONTRACT, ROOMS

AREAS = (
    "customers",
    "catalogue",
    "subscriptions",
    "usage",
    "documents",
    "payments",
    "clearing",
    "cutover",
    "notices",
)
#: Sub-folders that are no areas, by the room they may stand in.
PARTS = {
    "adapters": {
        *("stripe", "standard", "gocardless", "chargebee", "salesforce", "odoo"),
    },
    "canonical": {
        *("border", "display", "facts", "metrics", "revenue", "review", "schema"),
    },
    "bench": {"billing", "figures", "stage"},
    "dev": {
        *("books", "commands", "demo", "faults", "machine", "make_believe"),
        *("people", "saas_faults_killer", "shapes", "story", "stripe", "addons"),
        *("billed", "billing", "gocardless", "hub", "saas_faults_chunks"),
        "standard",
    },
    "ledger": {"revenue", "tax"},
    "models": {
        *("bindings", "billing", "inbox", "log", "odoo", "outbound", "reconcile"),
        *("operations", "reading", "revenue", "review", "rules", "source", "vault"),
        *("alerts", "approvals", "dunning", "metrics"),
    },
    "metrics": {"alerts", "sources"},
    "pipeline": {"reading"},
    "reconcile": {"compare"},
    "tests": {
        *("dev", "golden", "reading", "rooms", "security", "standard", "support"),
        *("alerts", "approvals", "cases", "operations", "preview", "tours", "world"),
        *ROOMS,
    },
    "wizards": {"billing", "revenue", "review"},
}

LONGEST_FILE, LONGEST_FUNCTION, LARGEST_FOLDER = 300, 50, 15
_EMPTY_NAMES = frozenset(("helpers", "misc", "nothing", "things", "utils"))

#: What only one system calls so: its name, its addresses, its objects, its ids. Our own
#: interface has a version in its address, too.
_VENDOR = re.compile(
    r"stripe|gocardless|chargebee|salesforce|(?<!/saas/api)/v1/|payment_intent|basil"
    r"|\b(?:acct|ch|cn|cus|evt|in|pi|po|price|prod|re|sub|txn|txr|whsec)_(?=[A-Za-z0-9]*\d|…)",
    re.IGNORECASE,
)
_LABELS = frozenset(("help", "string", "selection", "_description"))


def find_vendor_words(tree):
    """No system's words outside its adapter: labels and documentation aside."""
    for source in tree.rooms:
        if source.room == "adapters" and source.path not in CONTRACT:
            continue
        labels = _get_label_ids(source.node)
        for node in ast.walk(source.node):
            if id(node) in labels or id(node) in source.docstrings:
                continue
            for name in _get_words(node):
                if found := _VENDOR.search(name):
                    yield source.at(node, f"{found[0]} is a word of one system's")


def find_strange_folders(tree):
    """Sub-folders are areas, or parts that the design names."""
    seen = set()
    for source in tree.sources:
        room, *folders = source.path.parts[:-1]
        for folder in folders:
            if folder not in AREAS and folder not in PARTS.get(room, ()):
                if (room, folder) not in seen:
                    seen.add((room, folder))
                    yield f"{source.path.parent}: {folder} is no area of the list"


def find_oversize(tree):
    """Files, functions and folders stay small, and are called after what they hold."""
    folders = {}
    for source in tree.sources:
        folders.setdefault(source.path.parent, []).append(source)
        lines = source.text.count("\n")
        if lines > LONGEST_FILE:
            yield f"{source.path}: {lines} lines, {LONGEST_FILE} at most"
        if source.path.stem.strip("_") in _EMPTY_NAMES:
            yield f"{source.path}: name it after what it holds"
        for node in ast.walk(source.node):
            if isinstance(node, ast.FunctionDef):
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    yield source.at(node, f"{node.name} has {length} lines")
    for folder, sources in folders.items():
        count = sum(source.path.name != "__init__.py" for source in sources)
        if count > LARGEST_FOLDER:
            yield f"{folder}: {count} files, {LARGEST_FOLDER} at most"


def find_unsorted_registries(tree):
    """Lists of areas, in any ``__init__`` or event table, and of what the manifest
    loads, are in the areas' order; menus come last.
    """
    for source in (*tree.rooms, *tree.of("tests")):
        names = _get_registry(source)
        if names != sorted(names, key=AREAS.index):
            yield f"{source.path}: {', '.join(dict.fromkeys(names))} are out of order"
    loaded = _read_manifest(tree.root).get("data", [])
    if any("menu" in name for name in loaded[:-1]):
        yield "__manifest__.py: menus come last"
    for folder in dict.fromkeys(name.split("/")[0] for name in loaded):
        parts = [name.split("/")[1] for name in loaded if name.startswith(folder)]
        names = [name for name in parts if name in AREAS]
        if names != sorted(names, key=AREAS.index):
            yield f"__manifest__.py: the areas of {folder} are out of order"


def _get_label_ids(tree):
    """Return the ids of nodes inside what people read: labels and translated texts."""
    found = set()
    for node in ast.walk(tree):
        parts = []
        if isinstance(node, ast.Call):
            if getattr(node.func, "attr", "") == "_":
                parts = [node]
            elif getattr(node.func, "attr", "") == "Selection":
                parts = node.args
            parts += [k.value for k in node.keywords if k.arg in _LABELS]
        elif isinstance(node, ast.Assign):
            if any(getattr(target, "id", "") in _LABELS for target in node.targets):
                parts = [node.value]
        for part in parts:
            found |= {id(inner) for inner in ast.walk(part)}
    return found


def _get_words(node):
    """Return the names and texts that a node itself has."""
    names = []
    for field in ("id", "attr", "name", "arg", "module", "asname"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            names.append(value)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        names.append(node.value)
    return names


def _read_manifest(root):
    path = Path(root, "__manifest__.py")
    return ast.literal_eval(path.read_text()) if path.is_file() else {}


def _get_registry(source):
    """Return the areas that a file lists, in its order, each at its first mention in a
    row of them.
    """
    names = []
    if source.path.name == "__init__.py":
        for node in source.node.body:
            if isinstance(node, ast.ImportFrom):
                names += [(node.module or a.name).split(".")[0] for a in node.names]
    elif source.path.name == "events.py":
        areas = {
            alias.asname or alias.name: node.module
            for node in source.node.body
            if isinstance(node, ast.ImportFrom) and node.level == 1
            for alias in node.names
        }
        for node in source.node.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                listed = [areas.get(_get_root(v)) for v in node.value.values]
                listed = [name for name in listed if name in AREAS]
                if listed != sorted(listed, key=AREAS.index):
                    return listed
        return []
    return [name for name in names if name in AREAS]


def _get_root(node):
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", None)
