"""The rules of the house that are about one room and another. Each takes a
:class:`~.tree.Tree` and yields a line for each offender.
"""

import ast

from .tree import CONTRACT, ROOMS, get_attribute

_ALL = frozenset(ROOMS)
#: Which rooms a room may use, by import, by inheritance, or by a model's name.
EDGES = {
    "adapters": set(),
    "billing": {"ledger", "outbound", "models"},
    "canonical": set(),
    "dunning": {"ledger", "outbound", "models"},
    "controllers": {"pipeline", "adapters", "outbound", "metrics", "models"},
    "handlers": {"ledger", "outbound", "models"},
    "ledger": {"models"},
    "metrics": {"models"},
    "models": set(),
    "outbound": {"adapters", "models"},
    "pipeline": {"adapters", "handlers", "review", "models"},
    "reconcile": {"adapters", "models"},
    "revenue": {"ledger", "outbound", "models"},
    "review": {"pipeline", "handlers", "ledger", "outbound", "models"},
    "wizards": _ALL - {"adapters"},
}
#: A button, a job or a hook of a stored record asks another room to do the work. It
#: does so by the name of that room's model and never imports from it.
DOORS = {
    "models": {
        "adapters",
        "billing",
        "dunning",
        "ledger",
        "outbound",
        "pipeline",
        "reconcile",
        "revenue",
        "review",
    }
}
#: The one way from the pipeline to the handlers: what every handler has, or the handler
#: of a kind of fact.
_DISPATCH = ("saas.handler", "saas.handler.")

#: What changes accounting, whatever it is called on.
_BOOKING_CALLS = frozenset(
    """
    _post _reconcile_plan _reverse_moves action_draft action_post action_cancel
    button_cancel button_draft reconcile remove_move_reconcile
    """.split()
)
_WRITING_CALLS = frozenset(("create", "write", "unlink", "copy"))
#: Fields of core's accounting that a careless line could set.
_ACCOUNTING_FIELDS = frozenset(
    """
    amount_currency date_maturity invoice_date invoice_date_due is_manually_modified
    payment_account_id reversed_entry_id
    """.split()
)


def find_wrong_edges(tree):
    """Rooms use only the rooms that the design lets them use."""
    for source in tree.rooms:
        allowed = EDGES[source.room] | {source.room, "canonical"}
        named = allowed | DOORS.get(source.room, set())
        for use in source.imports():
            room = use.target.partition("/")[0]
            if room in ROOMS and room not in allowed:
                yield source.at(use.line, f"{source.room} must not import {use.target}")
            if use.how == "absolute":
                yield source.at(use.line, f"import {use.target} relatively")
        for use in source.models_used():
            room = tree.get_room(use.target)
            if room and room not in (allowed if use.how == "inherit" else named):
                yield source.at(use.line, f"{source.room} must not use {use.target}")
            if (source.room, room) == ("pipeline", "handlers") and (
                use.target not in _DISPATCH
            ):
                yield source.at(use.line, f"ask the kind's handler, not {use.target}")


def find_odoo_in_canonical(tree):
    """``canonical`` is plain Python: it can be read, run and tested without Odoo."""
    for source in tree.of("canonical"):
        for node in ast.walk(source.node):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            for name in names:
                if name.partition(".")[0] == "odoo":
                    yield source.at(node, "canonical must not import Odoo")


def find_foreign_bookings(tree):
    """Only ``ledger`` and the extensions of Odoo's own models write accounting."""
    mirrored = _get_mirror_fields(tree)
    for source in tree.rooms:
        if source.room in ("ledger", "canonical") or source.path.parts[:2] == (
            "models",
            "odoo",
        ):
            continue
        for node in ast.walk(source.node):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                called = node.func.attr
                owner = ast.unparse(node.func.value)
                names_account = "env['account." in owner
                # A room's own method of that name takes what it is to post.
                is_own = called == "_post" and node.args
                if called in _BOOKING_CALLS and not (is_own or _is_own(tree, owner)):
                    yield source.at(node, f"{called} belongs into the ledger")
                elif called in _WRITING_CALLS and names_account:
                    yield source.at(node, f"{called} of {owner} belongs to the ledger")
            for target in _get_assigned(node):
                if isinstance(target, ast.Attribute) and (
                    target.attr in mirrored or target.attr in _ACCOUNTING_FIELDS
                ):
                    yield source.at(node, f"setting {target.attr} is the ledger's")


def find_writing_adapters(tree):
    """Adapters write nothing, and comparing with a source books nothing."""
    for source in tree.of("adapters"):
        for node in ast.walk(source.node):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _WRITING_CALLS
            ):
                yield source.at(node, f"an adapter must not {node.func.attr} records")


def find_handlers_without_fact(tree):
    """There is a handler for each concrete kind of fact, and no other is called so."""
    kinds = _get_fact_kinds(tree)
    handlers = {
        name.removeprefix("saas.handler."): source
        for name, source in tree.homes.items()
        if name.startswith("saas.handler.")
    }
    for kind, source in handlers.items():
        if kind not in kinds:
            yield f"{source.path}: saas.handler.{kind} handles no kind of fact"
    for kind, where in kinds.items():
        if kind not in handlers:
            yield f"{where}: no handler is called saas.handler.{kind}"


def find_undeclared_contract(tree):
    """What is called on an adapter stands in the contract's two files, explained."""
    declared = {}
    for source in tree.of("adapters"):
        if source.path in CONTRACT:
            for node in source.classes:
                for part in node.body:
                    if isinstance(part, ast.FunctionDef):
                        declared[part.name] = bool(ast.get_docstring(part))
                    elif isinstance(part, ast.Assign):
                        for target in part.targets:
                            declared[getattr(target, "id", "")] = True
    for source in tree.rooms:
        if source.room == "adapters":
            continue
        for node in ast.walk(source.node):
            if not isinstance(node, ast.Attribute) or not _is_adapter(node.value):
                continue
            if not node.attr.startswith("_"):
                continue
            if node.attr not in declared:
                yield source.at(node, f"the contract of adapters has no {node.attr}")
            elif not declared[node.attr]:
                yield source.at(node, f"the contract does not explain {node.attr}")


def find_scattered_models(tree):
    """A model's fragments lie in its folder, and no method of it is written twice."""
    methods = {}
    for source in tree.rooms:
        for node, name in source.definitions():
            if not name.startswith("saas."):
                continue
            home = tree.homes.get(name)
            if home and not source.path.is_relative_to(home.path.parent):
                yield source.at(node, f"move this part of {name} to {home.path.parent}")
            for part in node.body:
                if isinstance(part, ast.FunctionDef):
                    methods.setdefault((name, part.name), []).append((source, part))
    for (name, method), places in methods.items():
        for source, part in places[1:]:
            first = places[0][0].path
            yield source.at(part, f"{name} has {method} in {first} already")


def _get_mirror_fields(tree):
    """Return the fields that this addon adds to Odoo's accounting models."""
    return {
        target.id
        for source in tree.of("models")
        if source.path.parts[1] == "odoo" and "partner" not in source.path.name
        for node in source.classes
        for part in node.body
        if isinstance(part, ast.Assign)
        for target in part.targets
        if isinstance(target, ast.Name) and target.id.startswith("saas_")
    }


def _get_assigned(node):
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign) else []


def _is_own(tree, owner):
    """Return whether a call's owner is one of our own models, named right there."""
    return any(f"env['{name}']" in owner for name in tree.homes)


def _is_adapter(node):
    """Return whether an expression is an adapter: a name, or the call that gets it."""
    if isinstance(node, ast.Name):
        return node.id == "adapter"
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "_get_adapter"
    )


def _get_fact_kinds(tree):
    """Return the kinds of the facts, each with where it is defined."""
    members = {
        target.id: part.value.value
        for source in tree.of("canonical")
        if source.path.name == "kinds.py"
        for node in source.classes
        for part in node.body
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant)
        for target in part.targets
    }
    kinds = {}
    for source in tree.of("canonical"):
        if source.path.parts[1] != "facts":
            continue
        for node in source.classes:
            for part in node.body:
                if isinstance(part, ast.Assign) and part.targets[0].id == "kind":
                    for text in get_attribute(node, "kind") or [
                        members.get(getattr(part.value, "attr", None))
                    ]:
                        if text:
                            kinds[text] = source.at(node, node.name)
    return kinds
