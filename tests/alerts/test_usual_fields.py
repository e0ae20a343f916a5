"""A field that was always there and is missing is told once, and is over by itself;
what is personal is never learnt; and it costs the same however many events there are.

Covers models/alerts/usual_field.
"""

import json
import random
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.sql_db import Cursor
from odoo.tests import tagged

from ...canonical.review.alerts import AlertKind
from ..metrics.reading import ago
from ..support.common import SEED
from .alert_common import AlertCommon

_HOUR = timedelta(hours=1)
#: How a statement begins that writes nothing.
_READING = ("SELECT", "WITH")
_WHOLE = {
    "id": "evt_1",
    "data": {
        "object": {
            "total": 1900,
            "customer": "cus_1",
            "customer_address": {"country": "DE", "line1": "Domkloster 4"},
            "description": None,
            "metadata": {"nickname": "Nordlicht"},
        }
    },
}


def without(*names):
    """Return the body of an event whose object lacks some fields."""
    known = _WHOLE["data"]["object"]
    left = {name: value for name, value in known.items() if name not in names}
    return {**_WHOLE, "data": {"object": left}}


class UsualCommon(AlertCommon):
    def put(self, count, body=None, event_type="invoice.paid", source=None, **vals):
        """Put events with a body into the inbox, as they come in the next minute."""
        vals = {"event_type": f"'{event_type}'", **vals}
        self.put_events(count, source, body=_as_bytes(body or _WHOLE), **vals)

    def look(self, after=_HOUR):
        """Look at what changes within hours, some time later."""
        self.clock.tick(after)
        self.env.flush_all()
        self.env["saas.alert.watch"].with_user(SUPERUSER_ID)._cron_watch_slow()
        self.env.flush_all()
        self.env.invalidate_all()

    def learn(self, hours=26, body=None, count=5, **vals):
        """Have events come for so many hours, and look each hour."""
        for _hour in range(hours):
            self.put(count, body, **vals)
            self.look(timedelta(minutes=59))
            self.clock.tick(timedelta(minutes=1))

    def missing(self):
        return self.alerts(AlertKind.FIELD_MISSING)

    def remembered(self):
        """Return the paths that are remembered."""
        self.env.cr.execute(
            "SELECT path FROM saas_usual_field WHERE source_id = %s ORDER BY path",
            (self.source.id,),
        )
        return [path for [path] in self.env.cr.fetchall()]


@tagged("post_install", "-at_install")
class TestUsualFields(UsualCommon):
    """Events of one type come each hour, and after a day some lack a field."""

    def test_what_was_always_there_is_missing(self):
        """Told once; over when the field is back."""
        self.learn()
        self.assertFalse(self.missing())
        self.put(8)
        self.put(2, without("customer"))
        self.look(timedelta(minutes=30))
        alert = self.missing()
        self.assertEqual(alert.value, 20)
        self.assertEqual(
            alert.summary,
            f"{self.source.name} leaves out of 20 % of its events what was always "
            "there: invoice.paid: data.object.customer.",
        )
        # The next hours' events have it.
        self.learn(3)
        self.assertEqual(self.missing(), alert)
        self.assertEqual((alert.state, alert.times), ("cleared", 1))
        self.assertEqual(len(self.mails("manager")), 1)
        self.assertFalse(self.activities())

    def test_five_of_a_hundred_are_no_alert(self):
        self.learn()
        self.put(38)
        self.put(2, without("customer"))
        self.look(timedelta(minutes=30))
        self.assertFalse(self.missing(), "5 % is not over 5 %")
        self.put(37, received_at=ago(hours=-1))
        self.put(3, without("customer"), received_at=ago(hours=-1))
        self.look(timedelta(minutes=90))
        self.assertEqual(self.missing().value, 8)

    def test_empty_is_missing(self):
        """A field that is null, and an object with all that is in it, told once."""
        self.learn()
        empty = {"customer_address": None}
        body = {"id": "evt_2", "data": {"object": without("total")["data"]["object"]}}
        body["data"]["object"] |= empty
        self.put(10, body)
        self.look(timedelta(minutes=30))
        self.assertEqual(
            self.missing().about,
            "invoice.paid: data.object.customer_address, "
            "invoice.paid: data.object.total",
        )

    def test_what_was_not_always_there(self):
        """A field that one event lacked while it was learnt is none of these."""
        self.learn(10)
        self.put(1, without("customer"))
        self.learn(20)
        self.put(10, without("customer"))
        self.look(timedelta(minutes=30))
        self.assertFalse(self.missing())

    def test_too_few_or_too_new(self):
        """On the first day, and of four events, nobody can say what is usual."""
        self.learn(20)
        self.put(10, without("customer"))
        self.look(timedelta(minutes=30))
        self.assertFalse(self.missing())
        self.learn(30, event_type="payout.paid")
        self.put(4, without("customer"), event_type="payout.paid")
        self.look(timedelta(minutes=30))
        self.assertFalse(self.missing())

    def test_nothing_comes(self):
        """While no event of the type comes it is not over: nobody can tell."""
        self.learn()
        self.put(10, without("customer"))
        self.look(timedelta(minutes=30))
        for _hour in range(3):
            self.put(10, event_type="payout.paid")
            self.look()
        self.assertEqual(self.missing().state, "open")

    def test_a_change_for_good_is_learnt(self):
        """After a week the field is not expected any more."""
        self.learn()
        self.learn(24 * 8, without("customer"))
        self.assertEqual(self.missing().mapped("state"), ["cleared"])
        self.assertNotIn("data.object.customer", self.remembered())
        self.assertIn("data.object.total", self.remembered())

    def test_flapping(self):
        """At random, hour by hour: one alert and one mail in a day."""
        self.learn()
        rng = random.Random(SEED)
        for _hour in range(22):
            self.put(10, without("customer") if rng.random() < 0.5 else None)
            self.look(timedelta(minutes=59))
            self.clock.tick(timedelta(minutes=1))
        self.assertEqual(len(self.missing()), 1, SEED)
        self.assertEqual(len(self.mails("manager")), 1, SEED)
        self.learn(3)
        self.assertEqual(self.missing().state, "cleared")
        self.assertEqual(len(self.mails("manager")), 1)

    def test_nothing_personal_is_kept(self):
        """No value; no name of what somebody put into an open map, and no key that is
        an id, an address or a name.
        """
        keyed = {
            "cus_Nf4": {"a": 1},
            "nora@example.com": {"a": 1},
            "+4922": 1,
            "Nora Winter": 1,
            "Nora": 1,
            "550e8400-e29b-41d4-a716-446655440000": 1,
        }
        self.learn(3, {**_WHOLE, "by_customer": keyed, "custom_fields": keyed})
        self.assertEqual(
            self.remembered(),
            [
                *("by_customer", "custom_fields", "data", "data.object"),
                "data.object.customer",
                "data.object.customer_address",
                "data.object.customer_address.country",
                "data.object.customer_address.line1",
                *("data.object.metadata", "data.object.total", "id"),
            ],
        )
        self.env.cr.execute("SELECT u::text FROM saas_usual_field u")
        kept = str(self.env.cr.fetchall())
        for value in ("1900", "cus_1", "Domkloster", "Nordlicht", "nickname", "Nora"):
            self.assertNotIn(value, kept)

    def test_what_cannot_be_read(self):
        """Other bodies do not stop it, and do not count."""
        self.learn()
        self.put_events(10, event_type="'invoice.paid'", body="'no JSON'::bytea")
        self.put(10, {**_WHOLE, "data": {"long": "x" * 70_000}})
        self.put(10)
        self.look(timedelta(minutes=30))
        self.assertFalse(self.missing())


@tagged("post_install", "-at_install")
class TestCostOfFields(UsualCommon):
    """As many queries, and as many bodies read, for 1,000 events as for 100."""

    def test_it_costs_the_same(self):
        few, read_few = self._count(100)
        many, read_many = self._count(900)
        self.assertEqual(many, few)
        self.assertLess(few.total(), 8)
        for read in (read_few, read_many):
            self.assertLessEqual(read, 80, "two types, forty of each")
            self.assertGreater(read, 70)

    def test_the_sample_is_spread(self):
        """Not the newest events are looked at, but some of all the hour."""
        self.put(1000, received_at=f"{ago(minutes=50)} + n * interval '3 seconds'")
        rule = self.rule(AlertKind.FIELD_MISSING)
        ids = self.env["saas.usual.field"]._sample(rule, self.clock())
        first = self.env["saas.subscription.event"].search([], order="id", limit=1).id
        parts = range(0, 1000, 100)
        places = [sum(n <= i - first < n + 100 for i in ids) for n in parts]
        self.assertEqual(sum(places), 40)
        self.assertGreaterEqual(min(places), 3, places)

    def test_all_is_as_usual(self):
        """Then nothing is written."""
        self.learn()
        self.put(40)
        queries, _read = self._look(self.rule(AlertKind.FIELD_MISSING))
        self.assertFalse([q for q in queries if not q.strip().startswith(_READING)])

    def _count(self, count):
        """Have so many more events of each of two types come; return the queries of a
        look, and how many bodies it read.
        """
        types = "(ARRAY['invoice.paid', 'payout.paid'])[1 + n % 2]"
        self.put_events(2 * count, event_type=types, body=_as_bytes(_WHOLE))
        self.analyze()
        self.env.cr.execute("DELETE FROM saas_usual_field")
        return self._look(self.rule(AlertKind.FIELD_MISSING))

    def _look(self, rule):
        queries, original = Counter(), Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            queries[str(getattr(query, "code", query))[:200]] += 1
            return original(cursor, query, *args, **kwargs)

        usual = self.env["saas.usual.field"]
        rule.company_id.ensure_one()  # what any watch has read before
        read = []
        parse = type(self.source._get_adapter())._parse

        def count_parse(adapter, body):
            read.append(body)
            return parse(adapter, body)

        with (
            patch.object(Cursor, "execute", execute),
            patch.object(type(self.source._get_adapter()), "_parse", count_parse),
        ):
            usual._look(rule)
        return queries, len(read)


def _as_bytes(body):
    """Return an SQL expression for the bytes of a body."""
    text = json.dumps(body).replace("'", "''")
    return f"convert_to('{text}', 'UTF8')"
