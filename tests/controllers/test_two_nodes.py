import http.client
import itertools
import logging
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.live import LiveCase, dev
from .test_end_to_end import BALANCES, DOCUMENTS, STORY

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestTwoNodes(LiveCase):
    """Two Odoo processes on one database, behind nginx as docs/nginx.conf has it:
    events go to both, one job runner is active, and the books are as with one.
    """

    workers = 2

    @classmethod
    def get_options(cls):
        return ("--proxy-mode",)

    @classmethod
    def start_server(cls, **details):
        ports = [dev("machine.ports").free() for _node in range(2)]
        cls.nginx, cls.entrances = None, itertools.cycle(ports)
        if dev("machine.nginx").find():
            addresses = [f"127.0.0.1:{port}" for port in ports]
            cls.nginx = dev("machine.nginx").Nginx(addresses)
            cls.enterClassContext(cls.nginx)
            cls.entrances = itertools.repeat(cls.nginx.port)
            details["environment"] = {"ODOO_QUEUE_JOB_PORT": str(cls.nginx.job_port)}
        else:
            _logger.warning("there is no nginx: the client itself turns to both nodes")
        start = super().start_server
        cls.nodes = [start(http_port=port, **details) for port in ports]
        return cls.nodes[0]

    @classmethod
    def create_source(cls):
        source_id = super().create_source()
        cls.admin.add(
            "saas.tax.mapping",
            source_id=source_id,
            external_id="txr_vat19",
            tax_id=cls.create_vat(19),
        )
        return source_id

    def post_body(self, body, headers):
        return self._request("POST", f"/saas/webhook/{self.token}", body, headers)

    def read_log(self):
        return "".join(node.log.read_text() for node in self.nodes)

    def _request(self, *request, port=None):
        link = http.client.HTTPConnection("127.0.0.1", port or next(self.entrances), 30)
        try:
            link.request(*request)
            return link.getresponse().status
        finally:
            link.close()

    def _count_runners(self):
        """Return how many job runners have the database: they elect one."""
        [(count,)] = self.sql(
            """SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
               WHERE locktype = 'advisory' AND granted AND objsubid = 1
                 AND datname = current_database()
                 AND (classid::bigint << 32) | objid::bigint = 2293787760715711918"""
        )
        return count

    def test_slow_clients(self):
        """Clients that drip their bodies byte by byte, three for each worker of both
        nodes: nginx takes them in, no worker waits for one, and events pass.
        """
        if not self.nginx:
            self.skipTest("there is no nginx")
        with self._dripping(3 * self.workers * len(self.nodes)):
            for _event in range(5):
                begin = time.monotonic()
                status = self.post(stripe_fixtures.load("basil", STORY[0]))
                self.assertEqual(status, 200)
                self.assertLess(time.monotonic() - begin, 5)

    @contextmanager
    def _dripping(self, count):
        """Hold so many requests open while the block runs."""
        head = (
            f"POST /saas/webhook/{self.token} HTTP/1.1\r\nHost: localhost\r\n"
            "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
        )
        ended = threading.Event()
        with ExitStack() as stack:
            links = [
                stack.enter_context(
                    closing(socket.create_connection(("127.0.0.1", self.nginx.port)))
                )
                for _link in range(count)
            ]
            for link in links:
                link.sendall(head.encode())

            def drip():
                while not ended.wait(0.2):
                    for link in links:
                        link.sendall(b" ")

            dripper = threading.Thread(target=drip)
            dripper.start()
            try:
                # Long enough for a request to get to a worker, if it would.
                time.sleep(2)
                yield
                self.assertTrue(dripper.is_alive(), "they were held all the time")
            finally:
                ended.set()
                dripper.join()

    def test_story(self):
        """A month, sent over eight connections, some of it twice; then one node dies,
        and the other one takes over.
        """
        events = [stripe_fixtures.load("basil", name) for name in STORY]
        with ThreadPoolExecutor(8) as senders:
            statuses = list(senders.map(self.post, [*events, *events]))
        self.assertEqual(set(statuses), {200})
        self.wait_for_events(len(events))
        self.assertEqual(self._count_runners(), 1)
        states = self.read_events()
        for event in events:
            self.assertEqual(states[event["id"]], ("done", None, None), event["type"])
        self.assertBooks()
        self.assertHealthy()
        if self.nginx:
            self._check_nginx()
        self._check_fail_over(len(events))

    def assertBooks(self):
        documents = self.read_documents()
        for name, expected in DOCUMENTS.items():
            object_id = stripe_fixtures.object_id("basil", name)
            self.assertEqual(documents.pop(object_id), expected, name)
        self.assertEqual(documents, {})
        self.assertEqual(self.read_balances(), BALANCES)

    def _check_nginx(self):
        """Both nodes had events, and nobody outside may start jobs."""
        for had in self.nginx.count_requests():
            self.assertGreater(had, 4)
        self.assertEqual(self._request("GET", "/queue_job/runjob?job_uuid=x"), 404)
        self.assertEqual(
            self._request("GET", "/web/health", port=self.nginx.job_port), 404
        )

    def _check_fail_over(self, known):
        """The node with the active job runner dies; the other goes on alone."""
        ready = f"queue job runner ready for db {self.database}"
        active, other = sorted(self.nodes, key=lambda n: ready not in n.log.read_text())
        active.kill()
        if not self.nginx:
            type(self).entrances = itertools.repeat(other.http_port)
        event = stripe_fixtures.load("basil", "customer.updated")
        self.assertEqual(self.post(event), 200)
        self.wait_for_events(known + 1)
        self.assertEqual(self.read_events()[event["id"]], ("done", None, None))
        self.assertBooks()
