"""Covers pipeline/reading/budget, pipeline/reading/stream and models/reading/call_time,
by real processes.
"""

import os
import re
import tempfile
import threading
import time
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..support.live import create_database, dev, find_trouble, run_script
from .counted_api import CLIENT, CLIENT_SECRET, CountedApi

_WORKERS, _CALLS, _PER_SECOND = 4, 20, 12

_SETUP = """
env["ir.config_parameter"].set_param("saas_billing_sync.call_loopback", "1")
env.registry["saas.adapter.stripe"]._credential_kinds = ("oauth2_client",)
source = env["saas.source"].create({{"name": "Counted", "tz": "UTC"}})
env["saas.source.credential"].create({{
    "source_id": source.id, "kind": "oauth2_client", "address": "{url}",
    "client_id": "{client}", "new_secret": "{secret}", "calls_per_second": {rate},
}})
env["saas.environment"]._is_confirmed()
env.cr.commit()
"""
_WORK = """
import time
from pathlib import Path
from odoo.addons.saas_billing_sync.canonical.errors import Later

source = env["saas.source"].search([("name", "=", "Counted")])
env.cr.commit()
Path("{folder}", "ready-{number}").touch()
while not Path("{folder}", "go").exists():
    time.sleep(0.01)
done = 0
while done < {calls}:
    try:
        path = f"/things/{number}-{{done}}"
        assert source._request("GET", path).json()["id"] == path[8:]
        done += 1
        # As a job ends; one in three fails after it has called.
        env.cr.rollback() if done % 3 else env.cr.commit()
    except Later as error:
        env.cr.rollback()
        time.sleep(min(error.seconds, 1))
print("all done")
"""


@tagged("post_install", "-at_install")
class TestBudget(BaseCase):
    """Four processes share one credential: its budget, and its access token."""

    def test_four_processes(self):
        """In no second do more calls reach the system than it allows, though each
        answer takes its time; no call is lost; and one token is asked for. How long
        each took is counted, also where its job was rolled back.
        """
        api = CountedApi().start()
        self.addCleanup(api.stop)
        api.delay = 0.05
        for worker in range(_WORKERS):
            for number in range(_CALLS):
                api.put(f"{worker}-{number}", "2026-11-02T10:00:00+00:00")
        database = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        values = {"client": CLIENT, "secret": CLIENT_SECRET, "rate": _PER_SECOND}
        log = run_script(database, _SETUP.format(url=api.url, **values))
        self.assertEqual(find_trouble(log), [])
        logs = self._work(database)
        for log in logs:
            self.assertIn("all done", log)
            self.assertEqual(find_trouble(log), [])
        asked = [call.path for call in api.calls]
        self.assertEqual(asked.count("/oauth2/token"), 1)
        self.assertEqual(len(set(asked)), _WORKERS * _CALLS + 1)
        self.assertEqual(len(asked), _WORKERS * _CALLS + 1, "none was made twice")
        self.assertEqual({call.status for call in api.calls}, {200})
        self.assertLessEqual(api.most_in_a_second(), _PER_SECOND)
        self._check_times(run_script(database, _TIMES), len(asked))

    def _check_times(self, log, count):
        """Check what is told of the calls: each took as long as its answer, and in one
        row for each step and hour, however many there were.
        """
        [told] = re.findall(r"counted (\S+) (\S+) (\S+) (\d+)", log)
        everything, day, seconds, rows = (float(number) for number in told)
        self.assertEqual((everything, day), (count, count))
        self.assertGreater(seconds, 0.05 * count)
        self.assertLess(rows, count / 2)

    def _work(self, database):
        """Let four Odoo processes call at the same time; return their logs."""
        with tempfile.TemporaryDirectory() as name:
            folder, logs = Path(name), {}
            threads = [
                threading.Thread(target=self._run, args=(database, folder, n, logs))
                for n in range(_WORKERS)
            ]
            for thread in threads:
                thread.start()
            give_up = time.monotonic() + 240
            while len(list(folder.glob("ready-*"))) < _WORKERS:
                self.assertLess(time.monotonic(), give_up, "a worker did not start")
                time.sleep(0.05)
            (folder / "go").touch()
            for thread in threads:
                thread.join()
            return [logs[number] for number in range(_WORKERS)]

    def _run(self, database, folder, number, logs):
        settings, odoo_command = dev("settings"), dev("machine.odoo_command")
        script = _WORK.format(folder=folder, number=number, calls=_CALLS)
        log = f"{database}-worker-{number}"
        with (folder / f"script-{number}").open("w+b") as stdin:
            stdin.write(script.encode())
            stdin.seek(0)
            odoo_command.run(
                database, "--no-http", subcommand="shell", log=log, stdin=stdin
            )
        logs[number] = (settings.LOG / f"{log}.log").read_text()


_TIMES = """
times = env["saas.call.time"]
companies = env["res.company"].search([])
[ever], [day] = (times._read(companies, is_day).values() for is_day in (False, True))
env.cr.execute("SELECT count(*) FROM saas_call_time")
print("counted", ever.count, day.count, ever.seconds, env.cr.fetchone()[0])
"""
_STREAM = """
import os
from datetime import datetime
from odoo.addons.saas_billing_sync.canonical.page import Stream, StreamPage

def get_streams(adapter, source):
    return (Stream("things", "Things"),)

def read_stream(adapter, source, stream, watermark, last_id):
    stamp = watermark and watermark.isoformat(timespec="microseconds") or ""
    answer = source._request(
        "GET", "/things", params={{"limit": 2, "stamp": stamp, "id": last_id}}
    ).json()
    last = answer["things"][-1]
    moment = datetime.fromisoformat(last["stamp"])
    things = tuple(thing["data"] for thing in answer["things"])
    return StreamPage(things, moment, last["id"], answer["more"])

adapter = env.registry["saas.adapter.stripe"]
adapter._get_streams, adapter._read_stream = get_streams, read_stream
source = env["saas.source"].search([("name", "=", "Counted")])
pages, limit = 0, {pages}
advance = env.registry["saas.reading.stream"]._advance

def die(model, cursor, page, new):
    global pages
    pages += 1
    advance(model, cursor, page, new)
    env.flush_all()
    if pages == limit:
        os._exit(9)

env.registry["saas.reading.stream"]._advance = die
env["saas.source"]._cron_read_streams()
env.cr.commit()
cursor = env["saas.cursor"].search([])
while True:
    cursor.with_user(1)._job_read()
    env.cr.commit()
    if not cursor.is_within:
        break
print("all read")
"""


@tagged("post_install", "-at_install")
class TestKilled(BaseCase):
    """A worker that is killed has stored a page and moved the cursor, or neither."""

    def test_killed_between_page_and_cursor(self):
        """Killed on the second of three pages, with both written and nothing committed:
        the next worker goes on, nothing is lost and nothing comes twice.
        """
        api = CountedApi().start()
        self.addCleanup(api.stop)
        for number in range(6):
            data = {"object": "customer", "id": f"cus_{number}", "livemode": False}
            api.put(f"cus_{number}", "2026-11-02T10:00:00.000000+00:00", data=data)
        database = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        values = {"client": CLIENT, "secret": CLIENT_SECRET, "rate": 0}
        run_script(database, _SETUP.format(url=api.url, **values))
        with self.assertRaises(dev("console").Trouble):
            run_script(database, _STREAM.format(pages=2))
        self.assertEqual(self._count(database), [(2, 2)])
        log = run_script(database, _STREAM.format(pages=0))
        self.assertIn("all read", log)
        self.assertEqual(self._count(database), [(6, 6)])

    def _count(self, database):
        """Return how many events are there, and of how many objects."""
        return dev("machine.database").execute(
            """SELECT count(*), count(DISTINCT customer_ref)
               FROM saas_subscription_event""",
            database=database,
        )
