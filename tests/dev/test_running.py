"""What runs stays: `make demo` beside a demonstration, and `make clean`."""

import os
import pty
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2

from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

from ..support.live import dev


@tagged("post_install", "-at_install")
class TestUnusedDatabase(BaseCase):
    """A demonstration never takes a database that somebody works in, whatever its
    port.
    """

    def setUp(self):
        super().setUp()
        self.workspace = dev("workspace")
        self.database = dev("machine.database")
        self.name = f"{get_db_name()}_claimed"
        self.database.drop(self.name)
        self.database.execute(f'CREATE DATABASE "{self.name}"')
        self.addCleanup(self.database.drop, self.name)

    def _claim(self):
        return self.workspace.unused_database(self.name)

    def test_the_second_gets_another_one(self):
        with self._claim() as first, self._claim() as second:
            with self._claim() as third:
                self.assertEqual(
                    [first, second, third],
                    [self.name, f"{self.name}_2", f"{self.name}_3"],
                )
        with self._claim() as again:
            self.assertEqual(again, self.name)

    def test_one_that_something_is_connected_to_is_left_alone(self):
        known = self.database.connection()
        link = psycopg2.connect(
            dbname=self.name,
            host=known.get("PGHOST"),
            port=known.get("PGPORT"),
            user=known.get("PGUSER"),
        )
        with closing(link), self._claim() as name:
            self.assertEqual(name, f"{self.name}_2")
            link.cursor().execute("SELECT 1")

    def test_it_says_so_when_there_are_too_many(self):
        self.patch(self.workspace, "MOST_AT_ONCE", 1)
        trouble = dev("console").Trouble
        with self._claim(), self.assertRaisesRegex(trouble, "are in use already"):
            with self._claim():
                self.fail("it must not be claimed twice")


@tagged("post_install", "-at_install")
class TestClean(BaseCase):
    """`make clean` stops nothing that runs unless a person says so. It is played in a
    checkout of its own, with a process that is called as Odoo is.
    """

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        ours = dev("settings").DEV
        left_out = shutil.ignore_patterns("node_modules", "__pycache__")
        shutil.copytree(ours, self.root / "dev", ignore=left_out)
        self.local = self.root / ".local"
        (self.local / "run").mkdir(parents=True)

    def _run_odoo(self):
        """Start what looks like Odoo; return its process."""
        code = "import time; time.sleep(120)"
        odoo = subprocess.Popen(
            [sys.executable, "-c", code, "-c", str(self.local / "odoo.conf")],
            start_new_session=True,
        )
        self.addCleanup(odoo.wait)
        self.addCleanup(odoo.kill)
        (self.local / "run" / "odoo-8070.pid").write_text(str(odoo.pid))
        return odoo

    def _clean(self, stdin=subprocess.DEVNULL, **variables):
        """Run the command; return its exit code and what it said."""
        known = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        done = subprocess.run(
            [sys.executable, "-m", "dev", "clean"],
            cwd=self.root,
            env={**known, "PYTHONDONTWRITEBYTECODE": "1", **variables},
            stdin=stdin,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    def _clean_and_answer(self, answer):
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        os.write(ours, f"{answer}\n".encode())
        return self._clean(stdin=theirs)

    def test_it_refuses_where_nobody_can_be_asked(self):
        odoo = self._run_odoo()
        code, said = self._clean()
        self.assertEqual(code, 1)
        self.assertIn(f"Odoo on http://127.0.0.1:8070 (process {odoo.pid})", said)
        self.assertIn("make clean FORCE=1", said)
        self.assertIsNone(odoo.poll())
        self.assertTrue(self.local.exists())

    def test_it_stops_nothing_when_the_answer_is_no(self):
        odoo = self._run_odoo()
        for answer in ("n", ""):
            code, said = self._clean_and_answer(answer)
            self.assertEqual((code, "Nothing was stopped" in said), (1, True))
            self.assertIsNone(odoo.poll())
        self.assertTrue(self.local.exists())

    def test_it_stops_all_when_the_answer_is_yes(self):
        odoo = self._run_odoo()
        code, said = self._clean_and_answer("y")
        self.assertEqual((code, self.local.exists()), (0, False), said)
        self.assertIsNotNone(odoo.wait(10))

    def test_force_answers_for_the_person(self):
        odoo = self._run_odoo()
        code, said = self._clean(FORCE="1")
        self.assertEqual((code, self.local.exists()), (0, False), said)
        self.assertIsNotNone(odoo.wait(10))

    def test_nothing_is_asked_when_nothing_runs(self):
        # A pid that another program has by now.
        (self.local / "run" / "odoo-8069.pid").write_text(str(os.getpid()))
        code, said = self._clean()
        self.assertEqual((code, self.local.exists()), (0, False), said)
