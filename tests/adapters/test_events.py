"""The one list of event types that are understood. Covers adapters/stripe/events."""

import typing

from stripe.params import WebhookEndpointCreateParams

from odoo.tests import BaseCase, tagged

from ...adapters.stripe.event import StripeEvent
from ...adapters.stripe.events import EVENT_TYPES, NORMALISERS, WRAPPED
from ...canonical.errors import Ignore, Quarantine
from ...canonical.kinds import Kind
from ..support import stripe_fixtures


@tagged("post_install", "-at_install")
class TestEvents(BaseCase):
    def test_stripe_sends_all_of_them(self):
        """Its library lists what an endpoint can be subscribed to."""
        listed = WebhookEndpointCreateParams.__annotations__["enabled_events"]
        [each] = typing.get_args(listed)
        self.assertLessEqual(set(EVENT_TYPES), set(typing.get_args(each)))

    def test_each_reader_reads_a_fixture(self):
        """But openings, which are worked out, and notices: they have tests of their
        own.
        """
        readers = {**NORMALISERS, **WRAPPED}
        read = set()
        for shape, name, event in stripe_fixtures.every():
            reader = readers.get(event["type"])
            with self.subTest(shape=shape, fixture=name):
                self.assertTrue(reader, "nothing reads it")
                try:
                    facts = reader(StripeEvent(event)) or ()
                except (Ignore, Quarantine):
                    continue
                for fact in facts:
                    self.assertIn(fact.kind, [*Kind])
                if facts or event["type"] not in EVENT_TYPES:
                    read.add(reader)
        left = {name for name, reader in readers.items() if reader not in read}
        self.assertEqual(
            left,
            {
                "pulled.opening_invoice",
                "pulled.opening_balance",
                "pulled.v2.core.event",
            },
        )
