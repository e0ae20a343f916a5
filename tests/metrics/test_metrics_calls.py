"""How long sources took to answer, as the page and machines tell it. Covers
metrics/sources/calls, models/reading/call_time, canonical/display/histogram.
"""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from odoo.fields import Datetime
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, tagged

from ...canonical.display.histogram import ENDS, Histogram, find_step
from ...canonical.errors import Transient
from ..reading.counted_api import CountedApi
from ..reading.test_streams import StreamCommon
from ..support.session import create_person
from ..support.webhook import SaasHttpCommon


@tagged("post_install", "-at_install")
class TestCallTimes(StreamCommon):
    """Calls over real HTTP are counted, those too whose job is rolled back."""

    def setUp(self):
        super().setUp()
        # They are of no test's transaction.
        self.env["saas.call.time"]._forget(self.source)

    def _read(self):
        """Return slot, step, count and seconds of what is counted of the source, as
        others see it.
        """
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(
                """SELECT slot, step, count, seconds FROM saas_call_time
                    WHERE source_id = %s ORDER BY slot, step""",
                (self.source.id,),
            )
            return cr.fetchall()

    def _ask(self, path="/things/cus_1"):
        with self.enter_registry_test_mode():
            self.source._request("GET", path)

    def test_each_call_is_in_its_step(self):
        self.put(1, "10:00:00.000000")
        for _time in range(3):
            self._ask()
        self.things.delay = 0.3
        self._ask()
        ever = [row for row in self._read() if row[0] < 0]
        self.assertEqual(sum(count for _slot, _step, count, _s in ever), 4)
        [slow] = [row for row in ever if row[1] == find_step(0.3)]
        self.assertEqual(slow[2], 1)
        self.assertGreaterEqual(slow[3], Decimal("0.3"))
        hours = {row[0] for row in self._read()} - {-1}
        self.assertTrue(hours <= set(range(24)) and len(hours) in (1, 2))
        self.assertEqual(
            sum(row[2] for row in self._read() if row[0] >= 0), 4, "of this hour, too"
        )

    def test_a_call_that_fails_counts(self):
        """Nobody listens at the address any more."""
        gone = CountedApi().start()
        gone.stop()
        self.patch(type(self), "things", gone)
        self.credential.address = gone.url
        with suppress(Transient):
            self._ask()
        self.assertEqual(sum(row[2] for row in self._read() if row[0] < 0), 1)

    def test_the_wait_for_a_turn_does_not_count(self):
        """A second call waits for a second, and takes a moment."""
        self.put(1, "10:00:00.000000")
        self.credential.calls_per_second = 1
        self._ask()
        self._ask()
        seconds = sum(row[3] for row in self._read() if row[0] < 0)
        self.assertLess(seconds, Decimal("0.9"))

    def test_an_hour_of_yesterday_is_begun_anew(self):
        """The rows of a source are as many after years as after a day."""
        self.put(1, "10:00:00.000000")
        self._ask()
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(
                """UPDATE saas_call_time SET count = 1000, seconds = 9,
                          began_at = began_at - CASE WHEN slot >= 0
                              THEN interval '24 hours' ELSE interval '0' END
                    WHERE source_id = %s""",
                (self.source.id,),
            )
        self._ask()
        told = {(row[0] < 0): row[2] for row in self._read()}
        self.assertEqual(told[True], 1001, "of all time")
        self.assertIn(told[False], (1, 1000))
        self.assertIn(1, [row[2] for row in self._read()], "of this hour")

    def test_who_is_deleted_is_forgotten(self):
        self.put(1, "10:00:00.000000")
        self._ask()
        self.assertTrue(self._read())
        self.env["saas.call.time"]._forget(self.source)
        self.assertFalse(self._read())


@tagged("post_install", "-at_install")
class TestCallFigures(SaasHttpCommon):
    """The page tells percentiles of a day, and machines get the histogram."""

    def _put(self, counts, slot=-1, age=timedelta()):
        epoch = Datetime.to_datetime("1970-01-01")
        began = Datetime.now() - age if slot >= 0 else epoch
        for step, count in counts.items():
            self.env.cr.execute(
                "INSERT INTO saas_call_time VALUES (%s, %s, %s, %s, %s, %s)",
                (self.source.id, slot, step, began, count, count * Decimal("0.2")),
            )

    def _open_page(self):
        person = create_person(self, "calls_operator", "operator")
        page = self.env["saas.metrics.board"].with_user(person).get_operations()
        [section] = [part for part in page["sections"] if part["name"] == "calls"]
        return [row["cells"] for row in section["table"]["rows"]]

    def test_the_page_tells_of_the_last_day(self):
        """90 calls of up to 50 ms and 10 of up to a second, in two hours of the day."""
        self._put({0: 40, 4: 10}, slot=3, age=timedelta(hours=2))
        self._put({0: 50}, slot=4, age=timedelta(hours=1))
        self._put({9: 500}, slot=5, age=timedelta(hours=25))
        self._put({9: 9000})
        [row] = self._open_page()
        self.assertEqual(row, [self.source.name, "100", "28 ms", "750 ms", "950 ms"])

    def test_longer_than_the_last_step(self):
        self._put({0: 1, 9: 1}, slot=3)
        self.assertEqual(self._open_page()[0][2:], ["50 ms", "over 30 s", "over 30 s"])

    def test_no_call(self):
        self._put({9: 9000})
        self.assertEqual(self._open_page(), [])

    def test_machines_get_a_histogram(self):
        self._put({0: 90, 4: 9, 9: 1})
        self._put({0: 40}, slot=3)
        token = self.env["saas.metrics.token"].create({"name": "site"})
        token.company_id = self.company
        person = create_person(self, "calls_manager", "manager")
        message = token.with_user(person).action_make_token()["params"]["message"]
        answer = self.url_open(
            "/saas/metrics",
            headers={"Authorization": f"Bearer {message.rpartition(': ')[2]}"},
        )
        families = {f.name: f for f in text_string_to_metric_families(answer.text)}
        family = families["saas_source_call_seconds"]
        self.assertEqual((family.type, family.unit), ("histogram", "seconds"))
        place = {
            "company_id": str(self.company.id),
            "source_id": str(self.source.id),
            "source": self.source.name,
        }
        told = {}
        for sample in family.samples:
            labels = dict(sample.labels)
            told[sample.name.rpartition("_")[2], labels.pop("le", None)] = sample.value
            self.assertEqual(labels, place)
        self.assertEqual(told["bucket", "0.05"], 90)
        self.assertEqual(told["bucket", "0.5"], 90)
        self.assertEqual(told["bucket", "1.0"], 99)
        self.assertEqual((told["bucket", "+Inf"], told["count", None]), (100, 100))
        self.assertEqual(told["sum", None], 20)
        self.assertEqual(len(told), len(ENDS) + 3)


@tagged("post_install", "-at_install")
class TestHistogram(BaseCase):
    """What a step holds, and what is estimated of it."""

    def test_an_end_is_of_its_step(self):
        found = [find_step(seconds) for seconds in (0, ENDS[0], 0.051, 30, 31)]
        self.assertEqual(found, [0, 0, 1, 8, 9])

    def test_estimates(self):
        def estimate(share, **counts):
            steps = [counts.get(f"s{number}", 0) for number in range(len(ENDS) + 1)]
            return Histogram(tuple(steps), Decimal(0)).estimate(Decimal(share))

        self.assertEqual(estimate("0.5", s0=10), Decimal("0.025"))
        self.assertEqual(estimate("0.95", s0=90, s4=10), Decimal("0.75"))
        self.assertEqual(estimate("1", s0=1), ENDS[0])
        self.assertEqual(estimate("0.5", s2=1), Decimal("0.175"))
        self.assertIsNone(estimate("0.99", s0=1, s9=1))
