"""Who uses whom in the addon: by import, and by the name of a model.

All is read from the files themselves: a room is a package at the addon's root, and a
model belongs to the room that first defines it.
"""

import ast
import itertools
from collections import Counter, defaultdict
from pathlib import Path

#: Packages at the root that no installed addon needs.
NOT_ROOMS = {"bench", "dev", "tests"}
OURS = "saas."


class Tree:
    """The Python files of an addon, parsed.

    `modules` are its files by dotted name (`handlers.payment`; a package goes by its
    own name, and the addon itself by the empty one).
    """

    def __init__(self, root, names):
        """In: the addon's folder, and the paths of its files below that."""
        self.modules = {}
        for name in names:
            path = Path(name)
            if path.suffix == ".py" and path.parts[0] not in NOT_ROOMS:
                dotted = ".".join(path.with_suffix("").parts)
                dotted = dotted.removesuffix("__init__").removesuffix(".")
                self.modules[dotted] = ast.parse((root / name).read_text())
        self._packages = {
            ".".join(Path(name).parent.parts) for name in names if "__init__" in name
        }
        self.rooms = sorted(
            name for name in self._packages - NOT_ROOMS if name and "." not in name
        )

    def get_imports(self, module):
        """Yield the modules of the addon that a module imports, one for each name."""
        parts = module.split(".") if module else []
        package = parts if module in self._packages or not module else parts[:-1]
        for node in ast.walk(self.modules[module]):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = package[: len(package) - node.level + 1]
                base += node.module.split(".") if node.module else []
                for alias in node.names:
                    inner = ".".join([*base, alias.name])
                    # A name is a module, or something that a module holds.
                    yield inner if inner in self.modules else ".".join(base)

    def find_circle(self):
        """Return the modules of an import circle, the first one again at the end, or
        an empty list if there is none.
        """
        graph = {name: sorted(set(self.get_imports(name))) for name in self.modules}
        done, path = set(), []

        def visit(name):
            if name in path:
                return [*path[path.index(name) :], name]
            if name in done or name not in graph:
                return []
            path.append(name)
            for target in graph[name]:
                if circle := visit(target):
                    return circle
            done.add(path.pop())
            return []

        for name in sorted(graph):
            if circle := visit(name):
                return circle
        return []

    def count_imports(self):
        """Return how many imports there are from room to room, by pair."""
        pairs = Counter()
        for module in self.modules:
            for target in self.get_imports(module):
                pairs[_get_room(module), _get_room(target)] += 1
        return self._between_rooms(pairs)

    def count_models(self):
        """Return how often a room names another's models in `env[...]` or `_inherit`,
        as counters of the models by pair of rooms.
        """
        homes = self._get_homes()
        pairs = defaultdict(Counter)
        for module, tree in self.modules.items():
            for name in _get_models(tree):
                # One that is built of parts may be any that begins like that.
                begin, star, _rest = name.partition("*")
                for home in {
                    home
                    for known, home in homes.items()
                    if known == name or (star and known.startswith(begin))
                }:
                    pairs[_get_room(module), home][name] += 1
        return self._between_rooms(pairs)

    def _between_rooms(self, pairs):
        return {
            pair: found
            for pair, found in sorted(pairs.items())
            if pair[0] != pair[1] and {*pair} <= {*self.rooms}
        }

    def _get_homes(self):
        """Return the room that defines each of our models, by name."""
        homes = {}
        for module, tree in sorted(self.modules.items()):
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    names = _get_attributes(node)
                    name = next(iter(names.get("_name", [])), None)
                    if name and name not in names.get("_inherit", []):
                        homes[name] = _get_room(module)
        return homes


def order(rooms, *counts):
    """Return the rooms so that they use, as far as that goes, only later ones: those
    that nobody uses first, and those that use nobody last (Eades, Lin and Smyth 1993).
    Then neighbours change places where that helps.
    """
    weights = Counter()
    for pairs in counts:
        for pair, found in pairs.items():
            weights[pair] += found if isinstance(found, int) else found.total()
    left, first, last = sorted(rooms), [], []
    while left:
        uses = {room: sum(weights[room, other] for other in left) for room in left}
        used = {room: sum(weights[other, room] for other in left) for room in left}
        if ends := [room for room in left if not uses[room]]:
            last.insert(0, ends[-1])
            left.remove(ends[-1])
            continue
        starts = [room for room in left if not used[room]]
        best = starts or sorted(left, key=lambda room: used[room] - uses[room])
        first.append(best[0])
        left.remove(best[0])
    return _swap_neighbours(first + last, weights)


def _swap_neighbours(rooms, weights):
    """Return the rooms with each pair of neighbours in its better order."""
    swapped = True
    while swapped:
        swapped = False
        for place, (room, after) in enumerate(itertools.pairwise(rooms)):
            if weights[after, room] > weights[room, after]:
                rooms[place : place + 2] = after, room
                swapped = True
                break
    return rooms


def _get_room(module):
    return module.partition(".")[0]


def _get_models(tree):
    """Yield our models that a module names, each time it does; a name that is built of
    parts ends with a star.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from filter(_is_ours, _get_attributes(node).get("_inherit", []))
        elif isinstance(node, ast.Subscript) and _is_env(node.value):
            if isinstance(node.slice, ast.Constant) and _is_ours(node.slice.value):
                yield node.slice.value
            elif isinstance(node.slice, ast.JoinedStr):
                start = node.slice.values[0]
                if isinstance(start, ast.Constant) and _is_ours(start.value):
                    yield f"{start.value}*"


def _is_env(node):
    """Return whether an expression is an environment: `env`, `self.env`, `env(...)`."""
    if isinstance(node, ast.Call):
        node = node.func
    name = getattr(node, "attr", None) or getattr(node, "id", "")
    return name.endswith("env")


def _is_ours(name):
    return isinstance(name, str) and name.startswith(OURS)


def _get_attributes(node):
    """Return the texts that a class sets `_name` and `_inherit` to."""
    found = {}
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            texts = [
                part.value
                for part in ast.walk(line.value)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            found[line.targets[0].id] = texts
    return found
