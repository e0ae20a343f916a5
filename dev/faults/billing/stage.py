"""Two Odoo nodes on tenants that are due, and those who begin billing runs."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg2
import requests

from ...console import Trouble
from ...demo import files
from ...demo.api import Api
from ..nodes import Nodes
from . import company

TEMPLATE = "faults_billing"
#: How long the rest may take, once nothing is broken any more.
TIME_TO_SETTLE = 240
RUN = "saas.billing.run"
#: Two jobs of one run at once, if there are two, and each on either node.
CHANNELS = "root:4,root.saas.batch:2"

_LEFT = """
    SELECT (SELECT COUNT(*) FROM saas_billing_run WHERE state = 'running')
         + (SELECT COUNT(*) FROM queue_job WHERE state NOT IN ('done', 'cancelled'))"""

_WAITING = "SELECT COUNT(*) FROM saas_billing_item WHERE state = 'waiting'"

_RUNNING = "SELECT id FROM saas_billing_run WHERE state = 'running'"

_TIME = """
    SELECT COALESCE(percentile_cont(0.8) WITHIN GROUP (
               ORDER BY EXTRACT(EPOCH FROM date_done - date_started)), 1)
      FROM queue_job
     WHERE method_name = '_job_chunk' AND state = 'done'"""

_DONE = """
    SELECT id FROM queue_job WHERE method_name = '_job_chunk' AND state = 'done'"""


class BillingStage(Nodes):
    """What a billing run happens on. `with BillingStage(postgres, draw) as stage: ...`

    In, beside what nodes need: for how many seconds a chunk is at work after it has
    written all.

    ``begun`` says how often each that begins a run, or has one go on, was let do so;
    ``refused`` how often not.
    """

    clock = "ir_cron_saas_bill"

    def __init__(self, postgres, draw, pause=0):
        super().__init__(
            postgres,
            draw,
            TEMPLATE,
            nodes=2,
            workers=2,
            with_nginx=True,
            channels=CHANNELS,
            addons=("saas_faults_chunks",),
        )
        self.begun, self.refused = 0, 0
        for node in self._nodes:
            node.environment["SAAS_FAULTS_CHUNK"] = str(company.CHUNK)
            node.environment["SAAS_FAULTS_PAUSE"] = str(pause)

    def begin(self, by_hand=2):
        """Begin a run by the clock and by so many people at once, on both nodes."""
        key = files.read(files.ACCESS)["api_key"]
        with self._ask():
            self.be_due()
        nodes = self.running() or self._nodes
        with ThreadPoolExecutor(by_hand) as pool:
            for number in range(by_hand):
                node = nodes[number % len(nodes)]
                pool.submit(self._begin_by_hand, Api(node.url, key))

    def _begin_by_hand(self, api):
        """Begin a run as a person does, which may be refused, or find nobody."""
        with self._ask():
            [run_id] = api.call(RUN, "create", vals_list=[{}])
            api.call(RUN, "action_start", ids=[run_id])

    def push(self):
        """Have the run go on that is at work already, and do again what is done."""
        with self._ask():
            for (run_id,) in self.sql(_RUNNING):
                self.call(RUN, "action_resume", ids=[run_id])
        with self._ask():
            done = [job_id for (job_id,) in self.sql(_DONE)]
            if done:
                self.call("queue.job", "requeue", ids=[self.draw.choice(done)])

    @contextmanager
    def _ask(self):
        """Count whether what somebody asks for is done, or refused."""
        try:
            yield
        except (Trouble, requests.RequestException, psycopg2.Error):
            self.refused += 1
        else:
            self.begun += 1

    def count_chunks_left(self):
        """Return how many whole chunks are still to be billed."""
        [(count,)] = self.sql(_WAITING)
        return count // company.CHUNK

    def get_time(self):
        """Return how long a chunk takes, in seconds."""
        [(seconds,)] = self.sql(_TIME)
        return float(seconds)

    def settle(self):
        """Wait until no run is at work, and no job is left; return how many are, when
        it takes too long.
        """
        give_up = time.monotonic() + TIME_TO_SETTLE
        while True:
            [(left,)] = self.sql(_LEFT)
            if not left or time.monotonic() > give_up:
                return left
            self.hurry()
            time.sleep(0.3)
