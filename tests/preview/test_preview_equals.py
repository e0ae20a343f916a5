"""What a preview shows is what then comes, over every fixture of every system.

Covers review/preview, review/preview_books and review/preview_told.
"""

import json

from odoo.tests import tagged

from ...dev.make_believe.stripe.shapes.notice import make_notice
from ..golden.parts import CASES
from ..payments.gocardless_common import GoCardlessCommon
from ..standard.cases import CASES as STANDARD
from ..standard.common import BATCH, StandardCommon, write_example
from ..support import copies, stripe_fixtures
from ..support.common import FULL, SaasCommon
from ..support.pulling import PullCommon
from ..support.taxes import set_up_taxes
from .previewing import PreviewedDrains, PreviewingMixin

#: Events of one preview: so few that there is room for what they free.
_MOST = 120


@tagged("post_install", "-at_install")
class TestPreviewEquals(PreviewingMixin, SaasCommon):
    """Golden stories in both shapes, many side by side as customers of their own, with
    every fixture.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_up_taxes(cls)

    def test_stories(self):
        seen = set()
        for (tz, setup), stories in _group_stories().items():
            for batch in _split(stories):
                seen.update(*batch)
                with self.subTest(first=batch[0], setup=setup), self.undone():
                    self.source.write({"tz": tz, **dict(setup)})
                    copies.map_taxes(self.source, range(len(batch)))
                    for number, story in enumerate(batch):
                        events = (stripe_fixtures.load(*name) for name in story)
                        self.store(*copies.mark(list(events), number))
                    self.assertForetold()
        rest = [(shape, name) for shape, name, _event in stripe_fixtures.every()]
        rest = [name for name in rest if name not in seen]
        for batch in _split([(name,) for name in rest]):
            with self.subTest(rest=batch[0]), self.undone():
                self.store(*(stripe_fixtures.load(*name) for [name] in batch))
                self.assertForetold()


def _group_stories():
    """Return stories of golden cases by how the source is set up, each as the shapes
    and names of its events: those that have a fixture which none before has, or a
    set-up of their own; all of them if everything is to be tried.
    """
    stories = [
        (case.tz, case.setup, tuple((shape, name) for name in case.fixtures(shape)))
        for case in CASES.values()
        for shape in reversed(case.shapes)
    ]
    groups, seen = {}, set()
    # The long ones first: they have the most fixtures.
    for tz, setup, story in sorted(stories, key=lambda story: -len(story[2])):
        if FULL or setup or tz != "UTC" or not seen.issuperset(story):
            groups.setdefault((tz, setup), []).append(story)
            seen.update(story)
    return groups


def _split(stories):
    """Return stories in lists that one preview takes at once."""
    batches, room = [], 0
    for story in stories:
        if len(story) > room:
            batches.append([])
            room = _MOST
        batches[-1].append(story)
        room -= len(story)
    return batches


@tagged("post_install", "-at_install")
class TestPreviewStandard(PreviewingMixin, StandardCommon):
    """The published interface: each golden story in one request."""

    def test_stories(self):
        for name, (told, _books) in STANDARD.items():
            with self.subTest(name=name), self.undone():
                events = [write_example(each, **changes) for each, changes in told]
                self.send(json.dumps(events).encode(), {"Content-Type": BATCH})
                self.assertForetold()


@tagged("post_install", "-at_install")
class TestPreviewNotices(PreviewedDrains, PullCommon):
    """Notices without content: the preview says what would be fetched."""

    def test_notices(self):
        names = ("invoice.finalized", "invoice_payment.paid", "invoice.paid")
        events = [stripe_fixtures.load("basil", name) for name in names]
        self.api.put(*events)
        notices = [make_notice(e, e["id"].replace("evt_", "evt_thin_")) for e in events]
        stored = self.deliver(*notices)
        self.assertEqual(
            [job["method"] for job in self.shown[0]["jobs"]], ["_job_fetch"] * 3
        )
        self.run_jobs()
        self.assertState(stored, "done")
        self.assertEqual(len(self.shown), 2)


@tagged("post_install", "-at_install")
class TestPreviewGoCardless(PreviewedDrains, GoCardlessCommon):
    """Money at GoCardless, with all that a payment can meet."""

    def test_stories(self):
        mandate = self.add_customer()
        for scenario in (
            "payment_paid_out",
            "payment_failed",
            "payment_late_failure_settled",
            "payment_chargeback_settled",
        ):
            ref = self.account.add_payment(mandate, 11900, "USD")
            self.play(scenario, ref)
            self.send()
        refund = self.account.add_refund(ref, 1900)
        self.play("refund_settled", refund)
        self.send()
        self.assertSettled()
        self.assertGreater(len(self.shown), 5)
        self.assertTrue(any(shown["moves"] for shown in self.shown))
