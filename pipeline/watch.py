from contextlib import contextmanager
from itertools import count
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ..canonical.reasons import Reason, State
from ..models.concurrency import is_lost_race

#: A mark is stored as one number, which has room for so many deaths.
_MOST_DEATHS = 255


class Mark(NamedTuple):
    """The mark that drains leave which never ended: how many there are, and the last
    event of the last one's batch. The event to blame is that one, or one before it.
    """

    until: int
    deaths: int


_CLEAR = Mark(0, 0)


class SaasWatch(models.AbstractModel):
    """Isolates an event that ends whoever works on it.

    An exception is isolated by the drain. A worker that is killed (out of memory, out
    of time) can tell nobody: its transaction is gone, its job begins anew, and dies
    with the same batch. So a drain leaves a mark before it begins, and takes it away
    at its end. A mark that is there at the beginning tells of one that never ended:
    then fewer events are taken, until the one to blame is alone. It has some more
    tries, for a worker may be killed by chance, and then it is given up as dead.

    The mark has to outlive its transaction. It is a sequence's value, which
    PostgreSQL never rolls back; no second transaction is needed.
    """

    _name = "saas.watch"
    _description = "SaaS watch over drains"

    #: How many bytes the events of a batch have at most, unless it is a single one:
    #: some 20,000 records of usage.
    _most_bytes = 8 * 1024 * 1024

    def _read(self, source):
        """Return the mark that is there."""
        [[value]] = self.env.execute_query(
            SQL(
                "SELECT last_value FROM %s", SQL.identifier(self._get_mark_name(source))
            )
        )
        return Mark(*divmod(value, _MOST_DEATHS + 1))

    def _write(self, source, mark):
        value = mark.until * (_MOST_DEATHS + 1) + min(mark.deaths, _MOST_DEATHS)
        self.env.execute_query(
            SQL("SELECT setval(%s, %s)", self._get_mark_name(source), value)
        )

    def _get_size(self, mark):
        """Return how many events to take at once: a quarter for each drain that never
        ended.
        """
        return max(1, self.env["saas.drain"]._batch_size >> 2 * mark.deaths)

    def _fit(self, ids):
        """Return of claimed events the first ones that one transaction processes: a
        request with a thousand records of usage is one event, and 200 of them are more
        than a worker has time and memory for.
        """
        events = self.env["saas.subscription.event"]
        if len(ids) < 2:
            return events.browse(ids)
        rows = self.env.execute_query(
            SQL(
                """SELECT id, sum(octet_length(body)) OVER (ORDER BY id)
                     FROM saas_subscription_event WHERE id = ANY(%s)""",
                ids,
            )
        )
        taken = sorted(id_ for id_, size in rows if size <= self._most_bytes)
        return events.browse(taken or ids[:1])

    def _get_deaths_alone(self):
        """Return after how many deaths an event is alone."""
        return next(n for n in count() if self._get_size(Mark(0, n)) == 1)

    def _is_hopeless(self, source, mark, events):
        """Return whether ``events`` is the one to blame, and was tried often enough."""
        if len(events) != 1 or events.id > mark.until:
            return False
        return mark.deaths >= max(source.max_attempts, self._get_deaths_alone() + 1)

    def _give_up(self, source, mark, event):
        """Leave the event to blame to a person, as dead."""
        event._set_state(
            State.DEAD,
            Reason.RETRIES_EXHAUSTED,
            self.env._(
                "The process that worked on the event was ended, each time. The "
                "server's log may say why."
            ),
            attempts=mark.deaths,
        )
        self._write(source, _CLEAR)

    @contextmanager
    def _guard(self, source, mark, events):
        """Leave a mark while ``events`` are worked on in the block."""
        if not events:
            yield
            return
        last = max(events.ids)
        self._write(source, Mark(last, mark.deaths + 1))
        try:
            # A transaction that failed could not take the mark away.
            with self.env.cr.savepoint():
                yield
        except Exception as error:
            if is_lost_race(error):
                # The failure tells nothing about the events.
                self._write(source, mark)
            raise
        if last < mark.until:
            # The one to blame is still to come, and has all its tries when it is alone.
            deaths = min(mark.deaths, self._get_deaths_alone())
            self._write(source, Mark(mark.until, deaths))
        else:
            self._write(source, _CLEAR)

    def _create_marks(self, sources):
        """Create the sequences that hold the marks of ``sources``. They go with the
        table of sources.
        """
        for source in sources:
            self.env.cr.execute(
                SQL(
                    "CREATE SEQUENCE IF NOT EXISTS %s MINVALUE 0 START 0"
                    " OWNED BY saas_source.id",
                    SQL.identifier(self._get_mark_name(source)),
                )
            )

    def _drop_marks(self, sources):
        """Drop the sequences of sources that are deleted."""
        for source in sources:
            name = SQL.identifier(self._get_mark_name(source))
            self.env.cr.execute(SQL("DROP SEQUENCE IF EXISTS %s", name))

    def _get_mark_name(self, source):
        """Return the name of the sequence that holds the mark of ``source``."""
        return f"saas_source_mark_{source.id}"
