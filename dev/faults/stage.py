"""Odoo nodes, a sender, and what came of the events that it sent."""

import time

from .. import settings
from ..demo import files
from ..machine import odoo_command
from .nodes import DATABASE, HERE, Nodes
from .sender import PersistentSender

KILLER = settings.RUN / "faults-killer"
TEMPLATE = "faults_template"
#: How long accepted events may take, once all are sent and nothing is broken.
TIME_TO_SETTLE = 240

_LEFT = """
    SELECT (SELECT COUNT(*) FROM saas_subscription_event WHERE state = 'received'),
           (SELECT COUNT(*) FROM queue_job
             WHERE state IN ('wait_dependencies', 'pending', 'enqueued', 'started'))"""


class Stage(Nodes):
    """What a round of events happens on. `with Stage(postgres, ...) as stage: ...`

    In, beside what nodes need: how many connections the sender opens, how many events
    may wait (0: any), and whether the events named in the file KILLER kill their
    workers.
    """

    clock = "ir_cron_saas_sweep"

    def __init__(
        self,
        postgres,
        draw,
        *,
        connections=4,
        max_backlog=0,
        with_killer=False,
        **nodes,
    ):
        addons = ("saas_faults_killer",) if with_killer else ()
        super().__init__(postgres, draw, TEMPLATE, addons=addons, **nodes)
        self.connections = connections
        self.max_backlog = max_backlog
        self.sender = None
        for node in self._nodes:
            node.environment["SAAS_FAULTS_KILLER"] = str(KILLER)

    def _begin(self, stack):
        self.sql("UPDATE saas_source SET max_backlog = %s", self.max_backlog)
        stack.callback(KILLER.unlink, missing_ok=True)
        super()._begin(stack)
        sources = files.read(files.ACCESS)["sources"]
        self.sender = PersistentSender(self.get_urls(), sources, self.connections)
        stack.callback(self.sender.stop)

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

    def read_books(self):
        """Return all that the database says, read in an Odoo shell."""
        files.BOOKS.unlink(missing_ok=True)
        script, options = HERE / "read_db.py", self.postgres.odoo_options
        odoo_command.run_script(DATABASE, script, *options, log="faults-books")
        return files.read(files.BOOKS)
