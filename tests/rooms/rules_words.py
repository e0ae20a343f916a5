"""The rules of the house about prose: docstrings, and the texts that people read. Each
takes a :class:`~.tree.Tree` and yields a line for each offender.
"""

import ast
import re

#: A docstring that begins so can't be read alone.
_LEANING = ("the same", "likewise", "of ", "as ")
#: Odoo documents these, or Python does.
_INHERITED = frozenset(
    ("create", "default_get", "dispatch", "init", "onchange", "unlink", "write")
)
_USER_ERRORS = ("UserError", "ValidationError", "AccessError", "RedirectWarning")
#: Calls whose second argument is a detail, which people read below a reason.
_DETAILS = ("Quarantine", "Ignore", "quarantine", "ignore")
#: A whole sentence; what a value begins or ends may stand for one.
_SENTENCE = re.compile(r"[A-Z0-9%“{].*([.?!]|%\(\w+\)s|%s|\})", re.DOTALL)
_FILE = re.compile(r"``([\w.-]+(?:/[\w.-]+)*\.(?:py|sql|xml|rst|csv))``")
_ROLE = re.compile(r":(?:class|func|meth|attr|data|mod):`~?(\.+)([\w.]+)`")


def find_missing_docstrings(tree):
    """Every class and public function has a docstring; each one can be read alone."""
    rooms = {}
    for source in tree.rooms:
        names = rooms.setdefault(source.room, {})
        names.update((node.name, node) for node in source.classes)
    for source in tree.rooms:
        classes = rooms[source.room]
        for node, owner in _walk_definitions(source.node):
            text = ast.get_docstring(node)
            name = getattr(node, "name", source.path.stem)
            if text and text.lower().startswith(_LEANING):
                where = 1 if isinstance(node, ast.Module) else node
                yield source.at(where, f"{name}'s docstring leans on another")
            elif isinstance(node, ast.ClassDef) and not text:
                yield source.at(node, f"{name} has no docstring")
            elif isinstance(node, ast.FunctionDef) and not text:
                is_public = not name.startswith("_") and name not in _INHERITED
                if is_public and not _is_documented(name, owner, classes):
                    yield source.at(node, f"{name} has no docstring")


def find_untranslated_texts(tree):
    """What people read goes through ``env._``, and is a whole sentence."""
    for source in tree.rooms:
        for node in ast.walk(source.node):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in _USER_ERRORS
                and node.args
            ):
                text = node.args[0]
                if isinstance(text, ast.Constant | ast.JoinedStr):
                    yield source.at(node, "translate this text with env._")
                elif sentence := _get_fragment(text):
                    yield source.at(node, f"{sentence!r} is no whole sentence")


def find_fragments(tree):
    """Details of events, helps and the messages of constraints are whole sentences."""
    for source in tree.rooms:
        for node in ast.walk(source.node):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            texts = [k.value for k in node.keywords if k.arg == "help"]
            if name in (*_DETAILS, "Constraint"):
                texts += node.args[1:2]
            for text in filter(None, map(_get_fragment, texts)):
                yield source.at(node, f"{text!r} is no whole sentence")


def find_stale_references(tree):
    """Files and names that a text refers to are where it says."""
    files = {source.path for source in tree.sources}
    files |= {folder for path in files for folder in path.parents}
    for source in tree.rooms:
        for number, line in enumerate(source.text.splitlines(), 1):
            for found in _FILE.finditer(line):
                if not _is_there(tree.root, source.path, found[1]):
                    yield source.at(number, f"there is no {found[1]}")
            for dots, name in _ROLE.findall(line):
                if not _leads_to_file(files, source.path, len(dots), name):
                    yield source.at(number, f"{dots}{name} leads nowhere")


def _walk_definitions(node, owner=None):
    """Yield the module, classes and functions below a node, each with its class."""
    if isinstance(node, ast.Module):
        yield node, None
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield child, owner
            yield from _walk_definitions(child, child)
        elif isinstance(child, ast.FunctionDef):
            yield child, owner
        elif not isinstance(child, ast.expr):
            yield from _walk_definitions(child, owner)


def _is_documented(name, owner, classes):
    """Return whether a class inherits the docstring of a method from another class."""
    for base in owner.bases if owner else ():
        parent = classes.get(getattr(base, "id", None))
        if parent is None or parent is owner:
            continue
        if any(
            getattr(node, "name", "") == name and ast.get_docstring(node)
            for node in parent.body
            if isinstance(node, ast.FunctionDef)
        ) or _is_documented(name, parent, classes):
            return True
    return False


def _get_fragment(node):
    """Return the text of a node unless it is a whole sentence, or computed."""
    if isinstance(node, ast.Call):
        if getattr(node.func, "attr", "") != "_" or not node.args:
            return None
        node = node.args[0]
    if isinstance(node, ast.JoinedStr):
        parts = (getattr(part, "value", None) for part in node.values)
        text = "".join(part if isinstance(part, str) else "{}" for part in parts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    else:
        return None
    return None if _SENTENCE.fullmatch(text) else text


def _is_there(root, path, name):
    """Return whether a file is there, seen from the root or from a folder above."""
    return any((root / folder / name).exists() for folder in path.parents)


def _leads_to_file(files, path, dots, name):
    """Return whether a relative reference leads to a module or into a folder.

    :param files: the paths of all modules and folders.
    """
    folder = path.parents[dots - 1] if dots <= len(path.parents) else None
    if folder is None:
        return False
    first = folder / name.split(".")[0]
    return first in files or first.with_suffix(".py") in files
