"""A platform that tells of customers, subscriptions and what they used."""

import random
from datetime import UTC, datetime, timedelta

from ...canonical import facts
from ..customers.facts_common import FactsCommon

#: The moment that usage is of, where a test does not say.
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class UsageCommon(FactsCommon):
    """Tells of usage, and reads what was counted."""

    def record(self, ref="U-1", quantity="1", at=NOON, **vals):
        """Return one metered fact."""
        vals = {"customer": "C-1", "meter": "calls", "subscription": "S-1", **vals}
        return facts.UsageRecord(
            external_id=ref, quantity=quantity, occurred_at=at, **vals
        )

    def correction(self, ref, corrects, quantity="1", **vals):
        """Return one that takes the place of another."""
        return self.record(ref, quantity, corrects=corrects, **vals)

    def bundle(self, *records):
        """Return what one request tells."""
        return facts.Usage(
            external_id=f"R-{'-'.join(r.external_id for r in records)}"[:255],
            records=records,
        )

    def use(self, *records, source=None):
        """Let a source tell records in one event, and process it."""
        return self.tell(source or self.platform, self.bundle(*records))

    def store_told(self, *told, source=None):
        """Let a source tell facts in one event, and leave it in the inbox."""
        number = next(self._numbers)
        self._told[number] = list(told)
        return self.store({"told": number}, source=source or self.platform)

    def subscription(self, ref="S-1", customer="C-1", version="1", **vals):
        """Return the fact of a subscription that has run for years."""
        return facts.Subscription(
            **{
                "external_id": ref,
                "customer": customer,
                "version": version,
                "state": "active",
                "currency": "USD",
                "started_at": datetime(2020, 1, 1, tzinfo=UTC),
                **vals,
            }
        )

    def set_up(self, *aggregations):
        """Make a customer with a subscription, and a meter of each aggregation."""
        self.tell(self.platform, self.customer(), self.subscription())
        return [self.meter(code=each, aggregation=each) for each in aggregations]

    def meter(self, code="calls", aggregation="sum", **vals):
        """Make a meter."""
        if aggregation == "unique":
            vals = {"unique_key": "user", **vals}
        return self.env["saas.meter"].create(
            {
                "name": code,
                "code": code,
                "aggregation": aggregation,
                "company_id": self.company.id,
                **vals,
            }
        )

    # -- what came of it ----------------------------------------------------------

    @property
    def records(self):
        """Return all records, by their references."""
        return self.env["saas.usage.record"].search([], order="external_id, id")

    @property
    def buckets(self):
        """Return all buckets."""
        return self.env["saas.usage.bucket"].search([], order="day, id")

    def states(self):
        """Return of each record its reference, its state and why, as one text."""
        return [
            " ".join(filter(None, (r.external_id, r.state, r.why or None)))
            for r in self.records
        ]

    def find(self, ref="S-1"):
        """Return the mirror of a subscription."""
        return self.env["saas.subscription"].search([("external_id", "=", ref)])

    def used(self, meter, start, end, ref="S-1"):
        """Return what rating reads of a window."""
        window = (self.find(ref).id, meter.id, start, end)
        return self.env["saas.usage.rating"]._read([window])[window].quantity

    def check_whole(self):
        """Check that the nightly check finds nothing."""
        self.env["saas.usage.check"]._check()
        self.assertFalse(self.buckets.filtered("differs"))
        self.assertEqual(set(self.platform.mapped("usage_missing")), {0})

    def make_chance(self, number):
        """Return a source of chance that a failing test can be repeated with."""
        return random.Random(f"usage {number}")
