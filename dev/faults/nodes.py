"""Odoo nodes on a database of their own, which start again when they end."""

import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from ..console import Trouble
from ..demo import files
from ..demo.api import Api
from ..machine import nginx, odoo_command, odoo_source
from ..machine.server import OdooServer

HERE = Path(__file__).parent
DATABASE = "faults_run"
#: The job runner looks for dead jobs whenever something happens in the queue, or once
#: a minute; and the clock is due seldom. We let both happen more often.
NUDGE_EVERY, CLOCK_EVERY = 2, 8

_DUE = """
    UPDATE ir_cron SET nextcall = (now() AT TIME ZONE 'UTC') - interval '1 s'
     WHERE id = (SELECT res_id FROM ir_model_data
                 WHERE module = 'saas_billing_sync' AND name = %s)"""


class Nodes:
    """What a round happens on. `with Nodes(postgres, ...) as nodes: ...`

    In: a random generator, the database to begin with, how many nodes, whether nginx is
    before them, Odoo's workers (0: threads), the job runner's channels and more of
    Odoo's options, and which of the addons in `addons/` they load. `clock` is the
    XML id of the cron that is due again and again while somebody waits.
    """

    clock = ""

    def __init__(
        self,
        postgres,
        draw,
        template,
        *,
        nodes=1,
        with_nginx=False,
        workers=3,
        channels=odoo_command.CHANNELS,
        options=(),
        addons=(),
    ):
        self.postgres = postgres
        self.draw = draw
        self.nginx = None
        self.restarts = 0
        self._template = template
        self._with_nginx = with_nginx
        options = (*postgres.odoo_options, *options)
        if with_nginx:
            # The nodes believe what nginx says of a request.
            options += ("--proxy-mode",)
        if addons:
            options += _load(addons)
        self._nodes = [
            OdooServer(DATABASE, workers=workers, channels=channels, options=options)
            for _node in range(nodes)
        ]
        self._stack = ExitStack()
        self._nudge_at = self._clock_at = 0
        self._wanted = set()
        self._is_over = threading.Event()

    def __enter__(self):
        self.postgres.create(DATABASE, self._template)
        with self._stack as stack:
            self._begin(stack)
            # All went well: what was begun ends later.
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception):
        self._stack.close()

    def _begin(self, stack):
        """Start all there is, and leave to `stack` what ends it."""
        if self._with_nginx:
            addresses = [node.url.partition("//")[2] for node in self._nodes]
            self.nginx = stack.enter_context(nginx.Nginx(addresses))
            for node in self._nodes:
                node.environment["ODOO_QUEUE_JOB_PORT"] = str(self.nginx.job_port)
        for node in self._nodes:
            stack.callback(node.stop, 5)
            self.start(node)
        supervisor = threading.Thread(target=self._supervise)
        stack.callback(supervisor.join)
        stack.callback(self._is_over.set)
        supervisor.start()

    def get_urls(self):
        """Return the addresses to send to."""
        return [self.nginx.url] if self.nginx else [node.url for node in self._nodes]

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

    def count_failed_jobs(self):
        """Return how many jobs the job runner has given up."""
        [(count,)] = self.sql("SELECT COUNT(*) FROM queue_job WHERE state = 'failed'")
        return count

    def hurry(self):
        """Now and then, let the job runner look for dead jobs, and the clock be due."""
        now = time.monotonic()
        if now > self._nudge_at:
            self._nudge_at = now + NUDGE_EVERY
            self.sql("SELECT pg_notify('queue_job', '')")
        if now > self._clock_at:
            self._clock_at = now + CLOCK_EVERY
            self.be_due()

    def be_due(self):
        """Let the clock strike now."""
        self.sql(_DUE, self.clock)
        self.postgres.execute("SELECT pg_notify('cron_trigger', %s)", DATABASE)

    def call(self, model, method, **arguments):
        """Call a model's method as the administrator, over HTTP."""
        api = Api(self.running()[0].url, files.read(files.ACCESS)["api_key"])
        return api.call(model, method, **arguments)


def _load(addons):
    """Return the options that let Odoo load addons that are never installed."""
    folders = [*odoo_source.addons_path(), HERE / "addons"]
    return (
        f"--addons-path={','.join(map(str, folders))}",
        f"--load={','.join(('base', 'rpc', 'web', 'queue_job', *addons))}",
    )
