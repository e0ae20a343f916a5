"""What gateways say of their own tries: while they go on, nobody is asked.

Covers models/odoo/payments/account_move_dunning.
"""

import itertools
from datetime import UTC, datetime

from odoo.tests import tagged

from ...canonical.payments.collecting import CollectionReason
from ..outbound.collecting_common import CollectingCommon
from ..support import stripe_fixtures
from ..support.books import Undo
from ..support.common import SaasCommon

#: When the invoice of the fixture was finalised.
_BEGIN = stripe_fixtures.load("basil", "invoice.finalized")["created"]
_DAY = 86400


def _load(name, later, attempt, number=0):
    """Return an event so many days later, with the day of the next try."""
    moment = attempt and _BEGIN + attempt * _DAY
    event = stripe_fixtures.load("basil", name, next_payment_attempt=moment)
    event["id"] += f"x{later}x{number}"
    event["created"] = _BEGIN + later * _DAY
    event["type"] = "invoice.payment_failed" if later else "invoice.finalized"
    return event


@tagged("post_install", "-at_install")
class TestSourcesThatTry(SaasCommon):
    def test_the_newest_word_counts(self):
        """In whatever order it is told, and however often."""
        name = "invoice.finalized"
        told = [_load(name, 0, 1), _load(name, 1, 4), _load(name, 4, 9)]
        for order in itertools.permutations(told):
            self.assertEqual(self._tell(*order, order[0]), 9)
            self.assertEqual(self._tell(*order, _load(name, 9, None)), None)

    def test_two_words_of_one_moment(self):
        name = "invoice.finalized"
        told = [_load(name, 1, 4), _load(name, 1, None, 1), _load(name, 1, 5, 2)]
        for order in itertools.permutations(told):
            self.assertEqual(self._tell(*order), 5)

    def _tell(self, *events):
        """Return on which day the source will try again, once all of it was told."""
        try:
            with self.env.cr.savepoint():
                for event in events:
                    self.assertState(self.deliver(event), "done")
                [move] = self.env["account.move"].search(
                    [("saas_external_id", "!=", False)]
                )
                moment = move.saas_next_attempt
                raise Undo
        except Undo:
            self.env.invalidate_all()
        if not moment:
            return None
        return int(moment.replace(tzinfo=UTC).timestamp() - _BEGIN) // _DAY


@tagged("post_install", "-at_install")
class TestGatewaysThatTry(CollectingCommon):
    def test_a_gateway_says_that_it_tries_again(self):
        """Until it has: then its newest word counts."""
        command = self.collect()
        for day, state, will_retry in (
            (1, "failed", True),
            (3, "pending", False),
            (5, "failed", False),
        ):
            outcome = self.outcome(
                command,
                state,
                day=day,
                will_retry=will_retry,
                reason=CollectionReason.FUNDS if state == "failed" else None,
            )
            self.tell(self.gateway, outcome)
            self.assertEqual((command.state, command.is_retried), (state, will_retry))
        self.assertLess(command.told_at, datetime.now())
