"""Words that are the same everywhere: kinds, actions, vendors' names, the contract."""

import ast
import io
import re
import tempfile
import tokenize
from pathlib import Path

from odoo.tests import BaseCase, TransactionCase, tagged

from ...canonical import actions, facts
from ...canonical.actions import Action
from ...canonical.kinds import REVERSALS, Kind
from ...canonical.reasons import Reason, State
from ...canonical.reference import Reference
from ...models.log.actions import LABELS

ROOT = Path(__file__).parents[2]
#: Rooms in which kinds and actions come from the closed lists, and no vendor is named.
ROOMS = ("canonical", "controllers", "models", "pipeline", "reconcile", "wizards")
#: Whoever calls adapters.
CALLERS = (*ROOMS, "handlers", "ledger")
#: Calls that take a kind, and at which place.
_TAKE_KIND = {
    "_bind": 1,
    "_can_fetch": 0,
    "_enqueue_fetch": 0,
    "_enqueue_read": 0,
    "_get_bindings": 1,
    "_get_settled": 1,
    "_undo": 1,
    "park": 0,
}
#: What only one system says: its name, its paths, its objects and its ids.
_VENDOR = re.compile(
    r"(?i:stripe|/v[12]/|payment_?intent)"
    r"|\b(?:acct|ch|cn|cus|dp|du|evt|il|in|pi|po|price|prod|py|re|sub|txn|txr)_"
    r"(?:[0-9…]|[A-Z][0-9A-Za-z])"
)


@tagged("post_install", "-at_install")
class TestClosedLists(BaseCase):
    """Each list is closed, and what depends on it knows all of it."""

    def test_facts_have_kinds(self):
        for name in dir(facts):
            fact = getattr(facts, name)
            if isinstance(fact, type) and isinstance(getattr(fact, "kind", None), str):
                self.assertIsInstance(fact.kind, Kind, name)

    def test_states_have_actions(self):
        for ranks, known in (
            (facts.DRAFT_RANK, actions.DRAFT_STATES),
            (facts.REFUND_RANK, actions.REFUND_STATES),
            (facts.DISPUTE_RANK, actions.DISPUTE_STATES),
            (facts.PAYOUT_RANK, actions.PAYOUT_STATES),
            (dict.fromkeys(State), actions.EVENT_STATES),
        ):
            self.assertEqual(set(ranks), set(known))
        # A draft is the lowest state, and no invoice gets to it.
        rest = set(facts.INVOICE_RANK) - set(actions.INVOICE_STATES)
        self.assertEqual(rest, {"draft"})

    def test_reversals_have_actions(self):
        self.assertLessEqual(set(REVERSALS.values()), set(actions.REVERSED))
        self.assertLessEqual(set(REVERSALS), set(actions.POSTED))

    def test_actions_have_sentences(self):
        labelled = [action for action, _label in LABELS]
        self.assertEqual(labelled, sorted(labelled, key=list(Action).index))
        self.assertEqual(set(labelled), set(Action))
        self.assertEqual(len({label for _action, label in LABELS}), len(LABELS))

    def test_references(self):
        """A reference survives being written, whatever its id holds."""
        for external_id in ("in_1", "a:b", ""):
            reference = Reference(Kind.INVOICE, external_id)
            self.assertEqual(Reference.parse(str(reference)), reference)
            self.assertEqual(reference, ("invoice", external_id))
        with self.assertRaises(ValueError):
            Reference.parse("invoice")


@tagged("post_install", "-at_install")
class TestLogLabels(TransactionCase):
    def test_people_read_sentences(self):
        """The log shows a sentence, and is searched and grouped by what is stored."""
        field = self.env["saas.sync.log"]._fields["action"]
        labels = dict(field._description_selection(self.env))
        self.assertEqual(labels[Action.PAYOUT_FAILED], "The payout failed")
        self.assertEqual({type(value) for value in labels}, {str})


@tagged("post_install", "-at_install")
class TestWords(BaseCase):
    """Rules for every room, each with an offender that it names."""

    def test_kinds_actions_and_reasons_come_from_the_lists(self):
        self.assertEqual(find_literals(ROOT, ROOMS), [])
        self._check_found(
            find_literals,
            "item.park('invoice', ref)",
            "item.log('invoice_posted', move)",
            "item.log(f'invoice_{state}', move)",
            "rows = [{'action': f'event_{state}'}]",
            "domain = [('kind', '=', 'payment')]",
            "found = fact.kind == 'payment'",
            "found = self.reason == 'unmapped_tax'",
            "class A:\n    _kind = 'refund'",
        )

    def test_no_vendor_outside_its_adapter(self):
        self.assertEqual(find_vendors(ROOT, ROOMS), [])
        self._check_found(
            find_vendors,
            "PATH = '/v1/charges'",
            "# as Stripe does it",
            "def stripe_exponent(): pass",
            "def f():\n    '''Of an id such as pi_1.'''",
            "key = data['payment_intent']",
        )
        self._check_found(find_vendors, "f = fields.Char(help='such as acct_…')", no=1)

    def test_contract_is_declared(self):
        self.assertEqual(find_undeclared(ROOT, CALLERS), [])
        self._check_found(
            find_undeclared,
            "adapter._list(self)",
            "source._get_adapter()._read_page_of(1)",
        )

    def _check_found(self, find, *texts, no=0):
        """Check that each text, as a file of a room, is found; ``no``: that none is."""
        for text in texts:
            with tempfile.TemporaryDirectory() as folder, self.subTest(text=text):
                root = Path(folder)
                (root / "models").mkdir()
                (root / "models" / "offender.py").write_text(text)
                (root / "adapters").mkdir()
                contract = (ROOT / "adapters" / "adapter.py").read_text()
                (root / "adapters" / "adapter.py").write_text(contract)
                found = find(root, ("models",))
                self.assertEqual(len(found), 1 - no)


def _files(root, rooms):
    """Yield (name, text, tree) of each file of some rooms."""
    for room in rooms:
        for path in sorted((root / room).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            yield str(path.relative_to(root)), text, ast.parse(text)


def find_literals(root, rooms):
    """Return where a kind, an action or a reason is written as a text, instead of being
    named.
    """
    return [
        f"{name}:{node.lineno} {ast.unparse(node)}"
        for name, _text, tree in _files(root, rooms)
        if name != "canonical/kinds.py"
        for node in ast.walk(tree)
        for text in _get_named(node)
        if isinstance(text, ast.JoinedStr)
        or isinstance(text, ast.Constant)
        and text.value in {*Kind, *Action, *Reason}
    ]


def _get_named(node):
    """Yield what stands in ``node`` at the place of a kind, an action or a reason."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "log":
            yield from node.args[:1]
        place = _TAKE_KIND.get(node.func.attr)
        if place is not None:
            yield from node.args[place : place + 1]
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "action":
                yield value
    elif isinstance(node, ast.Tuple) and len(node.elts) == 3:
        first = node.elts[0]
        if isinstance(first, ast.Constant) and str(first.value).endswith(
            ("kind", "reason")
        ):
            last = node.elts[2]
            yield from last.elts if isinstance(last, ast.Tuple | ast.List) else [last]
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        if any(ast.unparse(side).endswith(("kind", "reason")) for side in sides):
            yield from sides
    elif isinstance(node, ast.Assign):
        if ast.unparse(node.targets[0]).endswith("kind"):
            yield node.value


def find_vendors(root, rooms):
    """Return where a vendor's word stands, but in a field's label and help."""
    found = []
    for name, text, tree in _files(root, rooms):
        labels = {
            line
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func).startswith("fields.")
            for part in ast.walk(node)
            if isinstance(part, ast.Constant)
            for line in range(part.lineno, part.end_lineno + 1)
        }
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            is_label = token.type == tokenize.STRING and token.start[0] in labels
            if not is_label and _VENDOR.search(token.string):
                found.append(f"{name}:{token.start[0]} {token.string[:60]}")
    return found


def find_undeclared(root, rooms):
    """Return what is called on an adapter and not declared in its contract."""
    tree = ast.parse((root / "adapters" / "adapter.py").read_text(encoding="utf-8"))
    contract = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    declared = {part.name for part in contract.body if hasattr(part, "name")} | {
        part.targets[0].id for part in contract.body if isinstance(part, ast.Assign)
    }
    return [
        f"{name}:{node.lineno} {ast.unparse(node)}"
        for name, _text, tree in _files(root, rooms)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (
            ast.unparse(node.value).endswith("_get_adapter()")
            or isinstance(node.value, ast.Name)
            and node.value.id == "adapter"
        )
        and node.attr not in declared
    ]
