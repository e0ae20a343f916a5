"""The rules of the house about lists that are closed: kinds, actions and reasons, and
the tests themselves. Each takes a :class:`~.tree.Tree` and yields a line for each
offender.
"""

import ast
import re

#: Where a text is a kind whatever it says: what a call takes at a place, by the method,
#: and the keys and names that hold one.
_KIND_PLACES = {
    "park": (0,),
    "_can_fetch": (0,),
    "_enqueue_fetch": (0,),
    "_enqueue_fetch_list": (0,),
    "_get_bindings": (1,),
    "_find": (1,),
    "_bind": (1,),
    "_prepare_binding_vals": (1,),
}
_KIND_NAMES = frozenset(("kind", "debit_kind", "credit_kind", "_binding_kind"))
#: Rooms whose every file has a test that names it.
_DECIDING = ("adapters", "handlers", "ledger", "billing", "revenue")
_PATH = re.compile(rf"\b(?:{'|'.join(_DECIDING)})/[\w/]+")


def find_open_lists(tree):
    """Kinds, actions and reasons come from the lists in ``canonical``; none is a text
    where it is used, or is put together there.
    """
    kinds, actions, reasons = (
        get_members(tree, name) for name in ("kinds", "actions", "reasons")
    )
    for source in tree.rooms:
        if source.room == "canonical":
            continue
        for node in ast.walk(source.node):
            for text in _get_kind_texts(node):
                if getattr(text, "value", None) in kinds or _is_built(text):
                    yield source.at(text, "take this kind from canonical/kinds")
            for text in _get_action_texts(node):
                yield source.at(text, "take this action from canonical/actions")
        for node in source.texts:
            if node.value in actions and "_" in node.value:
                if node.value not in kinds and not _is_field(tree, node.value):
                    yield source.at(node, f"{node.value} is an action of the list")
            if node.value in reasons and not _is_field(tree, node.value):
                yield source.at(node, f"{node.value} is a reason of the list")


def find_lost_tests(tree):
    """Odoo's own runner takes the test modules that ``tests/__init__`` has as names of
    its own: it has all of them.
    """
    held = {
        use.target
        for source in tree.of("tests")
        if str(source.path) == "tests/__init__.py"
        for use in source.imports()
    }
    for source in tree.of("tests"):
        target = str(source.path.with_suffix(""))
        if source.path.name.startswith("test_") and target not in held:
            yield f"{source.path}: tests/__init__.py does not import it"


def find_untested_files(tree):
    """Each file that decides about books, or reads a system, is named by a test: by its
    path, or by a model that it defines. What tests say they cover is there.
    """
    tests = [
        source
        for source in tree.of("tests")
        if not {"rooms", "support"} & set(source.path.parts)
    ]
    text = "\n".join(source.text for source in tests)
    paths = {str(source.path.with_suffix("")) for source in tree.rooms}
    for source in tree.of(*_DECIDING):
        if source.path.name == "__init__.py":
            continue
        names = [str(source.path.with_suffix(""))]
        names += [name for name, home in tree.homes.items() if home is source]
        if not any(_is_named(name, text) for name in names):
            yield f"{source.path}: no test names it"
    for source in tests:
        covered = (ast.get_docstring(source.node) or "").partition("Covers ")[2]
        for path in _PATH.findall(covered):
            if path not in paths:
                yield f"{source.path}: there is no {path}.py to cover"


def get_members(tree, name):
    """Return the values of the enumerations in a file of ``canonical``."""
    return {
        part.value.value
        for source in tree.of("canonical")
        if source.path.name == f"{name}.py"
        for node in source.classes
        if node.name != "State"
        for part in node.body
        if isinstance(part, ast.Assign)
        and isinstance(part.value, ast.Constant)
        and isinstance(part.value.value, str)
    }


def _get_kind_texts(node):
    """Yield the texts that a node uses as kinds."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        for place in _KIND_PLACES.get(node.func.attr, ()):
            yield from _texts(node.args[place : place + 1])
        for keyword in node.keywords:
            if keyword.arg in _KIND_NAMES and node.func.attr != "with_delay":
                yield from _texts([keyword.value])
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if getattr(key, "value", None) in _KIND_NAMES:
                yield from _texts([value])
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        if any(_get_name(side) in _KIND_NAMES for side in sides):
            yield from _texts(sides)
    elif isinstance(node, ast.Tuple) and len(node.elts) == 3:
        # A term of a domain.
        field, _operator, value = node.elts
        if getattr(field, "value", None) in _KIND_NAMES:
            yield from _texts([value])


def _get_action_texts(node):
    """Yield the texts that a node uses as log actions."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "log" and _get_name(node.func.value) == "item":
            yield from _texts(node.args[:1])
    elif isinstance(node, ast.Dict):
        keys = [getattr(key, "value", None) for key in node.keys]
        if "action" in keys and "source_id" in keys:
            yield from _texts([node.values[keys.index("action")]])


def _is_named(name, text):
    """Return whether a text has a name by itself, and not within a longer one."""
    return re.search(rf"(?<![\w/.]){re.escape(name)}(?![\w/]|\.\w)", text)


def _texts(nodes):
    for node in nodes:
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            yield from _texts(node.elts)
        elif isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            yield node


def _is_built(node):
    return isinstance(node, ast.JoinedStr)


def _get_name(node):
    return getattr(node, "attr", None) or getattr(node, "id", None)


def _is_field(tree, name):
    """Return whether some model has a field of this name."""
    return any(
        getattr(target, "id", None) == name
        for source in tree.of("models")
        for node in source.classes
        for part in node.body
        if isinstance(part, ast.Assign)
        for target in part.targets
    )
