import json
import random

from odoo.tests import tagged

from ...canonical.errors import Ignore, Malformed, Quarantine
from ..support import stripe_fixtures
from ..support.common import SaasCommon
from ..support.mutants import LONG, VALUES, Mutant, fixtures, paths

#: How many events go through the whole pipeline: of those that a handler gets to
#: see, and of those that end before.
_ODD, _REFUSED = 250, 20
_GULP = 50
_SEED = 19


@tagged("post_install", "-at_install")
class TestHostile(SaasCommon):
    """Authentic events with one field that is not what it should be."""

    def test_every_field(self):
        """Every field of every type of event, with every wrong value: the adapter
        ends with facts or with a stated reason. Those that the facts show go on
        through the pipeline.
        """
        odd, refused = self._sweep_all(VALUES)
        self.assertGreater(len(odd), 1000)
        self.assertGreater(len(refused), 1000)
        sample = random.Random(_SEED).sample
        kinds = self._choose_kinds(odd)
        kinds = sample(kinds, min(len(kinds), _ODD))
        self._check_pipeline(kinds + sample(refused, _REFUSED), 150)

    def test_every_text_too_long(self):
        """A text that no index of the database holds: what is found by it is refused as
        such, and of what is only shown a part is kept.
        """
        odd, _refused = self._sweep_all([LONG])
        kinds = self._choose_kinds(odd)
        self.assertGreater(len(kinds), 50)
        self._check_pipeline(kinds, 100)

    def _choose_kinds(self, mutants):
        """Return one mutant of each kind: five events of an invoice have the same
        fields, in two shapes.
        """
        return list({mutant.kind: mutant for mutant in mutants}.values())

    def _sweep_all(self, values):
        """Sweep over the events of all fixtures."""
        odd, refused = [], []
        for shape, name in fixtures():
            found = self._sweep(shape, name, values)
            odd += found[0]
            refused += found[1]
        return odd, refused

    def _sweep(self, shape, name, values):
        """Return the mutants whose facts differ, and those that are quarantined."""
        adapter = self.env["saas.adapter.stripe"]
        event = stripe_fixtures.load(shape, name)
        facts = adapter._normalise(event)
        odd, refused = [], []
        for path in list(paths(event)):
            *way, last = path
            owner = event
            for key in way:
                owner = owner[key]
            original = owner[last]
            for value in values:
                mutant = Mutant(shape, name, path, value)
                owner[last] = value
                try:
                    adapter._identify(event)
                    if adapter._normalise(event) != facts:
                        odd.append(mutant)
                except Malformed:
                    continue  # answered with 400, so it never gets in
                except Ignore:
                    odd.append(mutant)
                except Quarantine as error:
                    self.assertTrue(error.detail, mutant)
                    self.assertNotIn("Nordlicht", error.detail)
                    refused.append(mutant)
                except Exception as error:
                    self.fail(f"{mutant}: {error!r}")
            owner[last] = original
        return odd, refused

    def _check_pipeline(self, mutants, least):
        """Check that mutants end, in stories of which ``least`` events are booked."""
        stories = [mutant.build_story(n) for n, mutant in enumerate(mutants)]
        # Or a story whose customer has another id would be the first of that name, and
        # all others would wait for a person to tell the two apart.
        for shape in stripe_fixtures.SHAPES:
            self.deliver(stripe_fixtures.load(shape, "customer.created"))
        events = self.env["saas.subscription.event"]
        for start in range(0, len(stories), _GULP):
            gulp = stories[start : start + _GULP]
            events |= self.deliver(*(event for story in gulp for event in story))
            self.analyze()
        by_id = {event.external_id: event for event in events}
        for mutant, story in zip(mutants, stories, strict=True):
            with self.subTest(mutant=str(mutant)):
                for part in story:
                    self._check_ended(by_id[part["id"]])
        done = events.filtered(lambda event: event.state == "done")
        self.assertGreater(len(done), least)
        self.assertWhole()
        self._check_totals(events, least // 3)

    def _check_ended(self, event):
        """Each event is in a state that says all, and no code was surprised."""
        self.assertFalse(event.trace)
        self.assertIn(event.state, ("done", "ignored", "parked", "quarantined"))
        # What it waited for is kept, so that it is freed however late.
        if event.state == "parked":
            self.assertTrue(event.waiting_for)
        if event.state == "quarantined":
            self.assertTrue(event.reason and event.detail and event.next_step)

    def _check_totals(self, events, least):
        """What is posted is what the source stated, and no line of it is lost."""
        totals = {}
        for event in events:
            if event.state == "done" and event.event_type.startswith(
                ("invoice.", "credit_note.")
            ):
                obj = json.loads(event._get_body())["data"]["object"]
                totals.setdefault(obj["id"], set()).add(abs(obj["total"]))
        moves = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id), ("saas_external_id", "!=", False)]
        )
        self.assertGreater(len(moves), least)
        for move in moves:
            places = 0 if move.currency_id == self.jpy else 2
            booked = round(move.amount_total * 10**places)
            if move.is_invoice() and move.saas_external_id in totals:
                self.assertIn(booked, totals[move.saas_external_id])
            self.assertEqual(
                sum(move.line_ids.mapped("debit")), sum(move.line_ids.mapped("credit"))
            )
