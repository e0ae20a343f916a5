"""What the measurements share: the main database with its tenants, the server on it
and its external API.
"""

from contextlib import contextmanager
from itertools import islice

from dev.console import Trouble
from dev.demo.api import Api
from dev.machine.server import OdooServer

from .. import database
from .world import World

WORKERS = 2


class Stage:
    """The main database, and what is needed to act on it."""

    def __init__(self, sizes, name, access):
        self.sizes = sizes
        self.database = name
        self.sources = access["sources"]
        self.server = None
        self.world = World(sizes.tenants, sizes.copies).live_on()
        self._api_key = access["api_key"]
        self._recordings = 0
        self._unpaid = {}

    def record(self, *kinds):
        """Return a block that yields a list for what happens inside, as events of
        these kinds.
        """
        self._recordings += 1
        return self.world.recording(f"r{self._recordings}", *kinds)

    def choose(self, count, *entities):
        """Return tenants, of all entities in turn if none is named, and each of them
        once before one is there twice.
        """
        lists = [self.world.tenants[key] for key in entities or self.world.tenants]
        everybody = [tenant for turn in zip(*lists, strict=True) for tenant in turn]
        return [everybody[number % len(everybody)] for number in range(count)]

    def bill(self, count, *entities):
        """Let tenants get another invoice.

        :return: pairs of a tenant and its invoice, and the events that tell of them.
        """
        with self.record("invoice.finalized") as events:
            bills = [(t, t.bill()) for t in self.choose(count, *entities)]
        return bills, events

    def take_unpaid(self, entity, count):
        """Return pairs of a tenant and an invoice of its history that is open, and
        that nobody took before.
        """
        if entity not in self._unpaid:
            self._unpaid[entity] = (
                (tenant, invoice)
                for tenant in self.world.tenants[entity]
                for invoice in tenant.unpaid
            )
        taken = list(islice(self._unpaid[entity], count))
        if len(taken) < count:
            raise Trouble("All invoices are paid.", "Raise `copies` in bench/sizes.py.")
        return taken

    @contextmanager
    def serving(self):
        """Have Odoo run on the database, with workers and a job runner."""
        with OdooServer(self.database, workers=WORKERS) as self.server:
            self.server.wait_for_job_runner()
            yield
        self.server = None

    def connect(self):
        """Return a block that yields a cursor on the database."""
        return database.connect(self.database)

    def get_api(self):
        """Return a new connection to the external API."""
        return Api(self.server.url, self._api_key)

    def switch(self, state):
        """Let both sources be ``active`` or ``paused``."""
        ids = [source["id"] for source in self.sources.values()]
        self.get_api().call("saas.source", "write", ids=ids, vals={"state": state})
