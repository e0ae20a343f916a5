"""Odoo nodes on a database of their own, a sender, and what came of it."""

import time
from contextlib import ExitStack
from pathlib import Path

from .. import nginx, odoo_command
from ..console import Trouble
from ..demo import files
from ..server import OdooServer
from .sender import PersistentSender

HERE = Path(__file__).parent
TEMPLATE = "faults_template"
DATABASE = "faults_run"
#: How long accepted events may take, once all are sent and nothing is broken.
TIME_TO_SETTLE = 240
#: The job runner looks for dead jobs whenever something happens in the queue, or once
#: a minute; and the sweep runs once a minute. We let something happen more often.
NUDGE_EVERY, SWEEP_EVERY = 2, 8

_LEFT = """
    SELECT (SELECT COUNT(*) FROM saas_subscription_event WHERE state = 'received'),
           (SELECT COUNT(*) FROM queue_job
             WHERE state IN ('wait_dependencies', 'pending', 'enqueued', 'started'))"""

_SWEEP = """
    UPDATE ir_cron SET nextcall = (now() AT TIME ZONE 'UTC') - interval '1 s'
     WHERE id = (SELECT res_id FROM ir_model_data
                 WHERE module = 'saas_billing_sync' AND name = 'ir_cron_saas_sweep')"""


class Stage:
    """What a round happens on. `with Stage(postgres, ...) as stage: ...`

    In: how many nodes, whether nginx is before them, Odoo's workers (0: threads) and
    more of its options, how many connections the sender opens, how many events may
    wait (0: any), and a random generator.
    """

    def __init__(
        self,
        postgres,
        draw,
        *,
        nodes=1,
        with_nginx=False,
        workers=3,
        options=(),
        connections=4,
        max_backlog=0,
    ):
        self.postgres = postgres
        self.draw = draw
        self.connections = connections
        self.max_backlog = max_backlog
        self.nginx = None
        self._with_nginx = with_nginx
        self._nodes = [
            OdooServer(
                DATABASE, workers=workers, options=(*postgres.odoo_options, *options)
            )
            for _node in range(nodes)
        ]
        self._stack = ExitStack()
        self.sender = None

    def __enter__(self):
        self.postgres.create(DATABASE, TEMPLATE)
        self.sql("UPDATE saas_source SET max_backlog = %s", self.max_backlog)
        with self._stack as stack:
            urls = [node.url for node in self._nodes]
            if self._with_nginx:
                addresses = [url.partition("//")[2] for url in urls]
                self.nginx = stack.enter_context(nginx.Nginx(addresses))
                urls = [self.nginx.url]
                for node in self._nodes:
                    node.environment["ODOO_QUEUE_JOB_PORT"] = str(self.nginx.job_port)
            for node in self._nodes:
                stack.callback(node.stop, 5)
                node.start()
            sources = files.read(files.ACCESS)["sources"]
            self.sender = PersistentSender(urls, sources, self.connections)
            stack.callback(self.sender.stop)
            # All went well: what was begun ends later.
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception):
        self._stack.close()

    def running(self):
        """Return the nodes that run now."""
        return [node for node in self._nodes if node.is_running()]

    def sql(self, query, *values):
        """Run one statement on the database; return its rows."""
        return self.postgres.execute(query, *values, database=DATABASE)

    def wait(self, is_so, what, timeout=60, pause=0.1):
        """Wait until `is_so()` returns something true; return that."""
        give_up = time.monotonic() + timeout
        while True:
            found = is_so()
            if found:
                return found
            if time.monotonic() > give_up:
                raise Trouble(f"{what}: waited {timeout} s in vain")
            time.sleep(pause)

    def let(self, part, planned):
        """Let a part of all requests through, and wait until they are answered."""
        target = self.sender.count_answered() + int(part * len(planned))
        self.sender.tap.let(int(part * len(planned)))
        self.wait(lambda: self.sender.count_answered() >= target, "sending", 120)

    def settle(self):
        """Wait until everything accepted is processed, and no job is left.

        Out: how many events and jobs are left, when it takes too long.
        """
        give_up = time.monotonic() + TIME_TO_SETTLE
        nudge_at = sweep_at = time.monotonic() + NUDGE_EVERY
        while True:
            [left] = self.sql(_LEFT)
            now = time.monotonic()
            if left == (0, 0) or now > give_up:
                return left
            if now > nudge_at:
                self.sql("SELECT pg_notify('queue_job', '')")
                nudge_at = now + NUDGE_EVERY
            if now > sweep_at:
                self.sweep()
                sweep_at = now + SWEEP_EVERY
            time.sleep(0.3)

    def sweep(self):
        """Let the sweep be due now, and Odoo's cron look for it."""
        self.sql(_SWEEP)
        self.postgres.execute("SELECT pg_notify('cron_trigger', %s)", DATABASE)

    def read_books(self):
        """Return all that the database says, read in an Odoo shell."""
        files.BOOKS.unlink(missing_ok=True)
        with (HERE / "read_db.py").open("rb") as script:
            odoo_command.run(
                DATABASE,
                *self.postgres.odoo_options,
                "--no-http",
                subcommand="shell",
                log="faults-books",
                stdin=script,
            )
        return files.read(files.BOOKS)
