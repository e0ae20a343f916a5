"""Odoo nodes on a database of their own, a sender, and what came of it."""

import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from .. import settings
from ..console import Trouble
from ..demo import files
from ..demo.api import Api
from ..machine import nginx, odoo_command, odoo_source
from ..machine.server import OdooServer
from .sender import PersistentSender

HERE = Path(__file__).parent
KILLER = settings.RUN / "faults-killer"
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
    wait (0: any), whether the events named in the file KILLER kill their workers, and
    a random generator.
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
        with_killer=False,
    ):
        self.postgres = postgres
        self.draw = draw
        self.connections = connections
        self.max_backlog = max_backlog
        self.nginx = None
        self._with_nginx = with_nginx
        options = (*postgres.odoo_options, *options)
        if with_nginx:
            # The nodes believe what nginx says of a request.
            options += ("--proxy-mode",)
        if with_killer:
            options += _load_killer()
        self._nodes = [
            OdooServer(DATABASE, workers=workers, options=options)
            for _node in range(nodes)
        ]
        for node in self._nodes:
            node.environment["SAAS_FAULTS_KILLER"] = str(KILLER)
        self._stack = ExitStack()
        self.sender = None
        self.restarts = 0
        self._nudge_at = self._sweep_at = 0
        self._wanted = set()
        self._is_over = threading.Event()

    def __enter__(self):
        self.postgres.create(DATABASE, TEMPLATE)
        self.sql("UPDATE saas_source SET max_backlog = %s", self.max_backlog)
        with self._stack as stack:
            stack.callback(KILLER.unlink, missing_ok=True)
            urls = [node.url for node in self._nodes]
            if self._with_nginx:
                addresses = [url.partition("//")[2] for url in urls]
                self.nginx = stack.enter_context(nginx.Nginx(addresses))
                urls = [self.nginx.url]
                for node in self._nodes:
                    node.environment["ODOO_QUEUE_JOB_PORT"] = str(self.nginx.job_port)
            for node in self._nodes:
                stack.callback(node.stop, 5)
                self.start(node)
            supervisor = threading.Thread(target=self._supervise)
            stack.callback(supervisor.join)
            stack.callback(self._is_over.set)
            supervisor.start()
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

    def start(self, node):
        """Start a node, and see to it that it runs from now on."""
        node.start()
        self._wanted.add(node)

    def stop(self, node):
        """Stop a node as for an update, until it is started again."""
        self._wanted.discard(node)
        node.stop()

    def kill(self, node):
        """End a node at once, with all its processes, until it is started again."""
        self._wanted.discard(node)
        node.kill()

    def _supervise(self):
        """Start nodes again that ended by themselves, as systemd or Docker does: with
        workers, Odoo ends when it can't reach its database.
        """
        while not self._is_over.wait(0.5):
            for node in list(self._wanted):
                if node.is_running():
                    continue
                self.restarts += 1
                # Its workers may have outlived it.
                node.stop()
                with suppress(Trouble):
                    node.start()

    def sql(self, query, *values):
        """Run one statement on the database; return its rows."""
        return self.postgres.execute(query, *values, database=DATABASE)

    def wait(self, is_so, what, timeout=60):
        """Wait until `is_so()` returns something true; return that."""
        give_up = time.monotonic() + timeout
        while True:
            found = is_so()
            if found:
                return found
            if time.monotonic() > give_up:
                raise Trouble(f"{what}: waited {timeout} s in vain")
            self.hurry()
            time.sleep(0.05)

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
        while True:
            [left] = self.sql(_LEFT)
            if left == (0, 0) or time.monotonic() > give_up:
                return left
            self.hurry()
            time.sleep(0.3)

    def count_failed_jobs(self):
        """Return how many jobs the job runner has given up: each has a successor."""
        [(count,)] = self.sql("SELECT COUNT(*) FROM queue_job WHERE state = 'failed'")
        return count

    def hurry(self):
        """Now and then, let the job runner look for dead jobs, and the sweep be due."""
        now = time.monotonic()
        if now > self._nudge_at:
            self._nudge_at = now + NUDGE_EVERY
            self.sql("SELECT pg_notify('queue_job', '')")
        if now > self._sweep_at:
            self._sweep_at = now + SWEEP_EVERY
            self.sql(_SWEEP)
            self.postgres.execute("SELECT pg_notify('cron_trigger', %s)", DATABASE)

    def call(self, model, method, **arguments):
        """Call a model's method as the administrator, over HTTP."""
        api = Api(self.running()[0].url, files.read(files.ACCESS)["api_key"])
        return api.call(model, method, **arguments)

    def read_books(self):
        """Return all that the database says, read in an Odoo shell."""
        files.BOOKS.unlink(missing_ok=True)
        script, options = HERE / "read_db.py", self.postgres.odoo_options
        odoo_command.run_script(DATABASE, script, *options, log="faults-books")
        return files.read(files.BOOKS)


def _load_killer():
    """Return the options that let Odoo load the addon that kills workers."""
    folders = [*odoo_source.addons_path(), HERE / "addons"]
    return (
        f"--addons-path={','.join(map(str, folders))}",
        "--load=base,rpc,web,queue_job,saas_faults_killer",
    )
