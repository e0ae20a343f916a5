"""The closed lists of kinds, actions and reasons, and what people read of each.
That the code takes its words from them is a rule of the house: ``tests/rooms``.
"""

from odoo.tests import BaseCase, TransactionCase, tagged

from ...canonical import actions, facts
from ...canonical.actions import Action
from ...canonical.kinds import REVERSALS, Kind
from ...canonical.reasons import State
from ...canonical.reference import Reference
from ...models.log.actions import LABELS


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
