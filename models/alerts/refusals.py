import logging
import threading
import time

import psycopg2

from odoo import fields, models
from odoo.tools import SQL

from ...canonical.review.alerts import LONGEST_WINDOW

_logger = logging.getLogger(__name__)

#: Class of the advisory lock that lets one process at a time write a source's count.
_LOCK_CLASS = 0x5AA8
#: Over how many minutes one row counts, and how many rows a source has at most.
_MINUTES = 10
_SLOTS = LONGEST_WINDOW // _MINUTES
#: What a process has counted is written after so many seconds at the latest.
_PATIENCE = 60

#: What this process has counted and not written, and what it has written last.
_tallies, _guard = {}, threading.Lock()


class _Tally:
    """How many refused requests of a source one process has seen."""

    def __init__(self):
        self.slot = None
        self.pending = self.written = 0
        self.written_at = 0.0

    def add(self, slot, seconds):
        """Count one request; return how many to write now.

        The first one is written at once, and then when as many wait as were written, or
        some time has gone: of n requests in one slot, only log2(n) cost a statement.
        """
        if slot != self.slot:
            self.slot, self.written = slot, 0
        self.pending += 1
        is_due = self.pending >= self.written or seconds - self.written_at >= _PATIENCE
        if not is_due:
            return 0
        count, self.pending = self.pending, 0
        self.written += count
        self.written_at = seconds
        return count


class SaasRefusals(models.AbstractModel):
    """Counts requests that were refused because their signature was wrong.

    Anybody can send such requests, as many as they like, so they must neither fill the
    database nor slow the answer. A source has a ring of 144 rows of ten minutes each,
    whatever comes. A process keeps its own count and writes it the more seldom the more
    comes; it never waits for another one, and a failure to write changes no answer.
    """

    _name = "saas.refusals"
    _description = "SaaS count of refused requests"

    def init(self):
        """Create the table, which nobody reads through the ORM."""
        self.env.cr.execute(
            """CREATE TABLE IF NOT EXISTS saas_refusal (
                   source_id integer NOT NULL
                       REFERENCES saas_source (id) ON DELETE CASCADE,
                   slot smallint NOT NULL,
                   began_at timestamp NOT NULL,
                   count bigint NOT NULL,
                   PRIMARY KEY (source_id, slot)
               )"""
        )

    def _count(self, source):
        """Count a refused request of a source, and commit if there is something to
        write. The caller has written nothing that is not committed.
        """
        now = int(time.time())
        slot = now // (60 * _MINUTES)
        key = (self.env.cr.dbname, source.id)
        with _guard:
            tally = _tallies.setdefault(key, _Tally())
            count = tally.add(slot, time.monotonic())
        if count and not self._try_to_write(source.id, slot, count):
            with _guard:
                tally.pending += count

    def _try_to_write(self, source_id, slot, count):
        """Return whether a count is written: not if another process writes just now,
        or has written since this transaction began.
        """
        cr = self.env.cr
        try:
            [[is_alone]] = self.env.execute_query(
                SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", _LOCK_CLASS, source_id)
            )
            if is_alone:
                cr.execute(self._get_statement(source_id, slot, count), **_QUIETLY)
            cr.commit()  # pylint: disable=invalid-commit
        except psycopg2.Error as error:
            cr.rollback()
            _logger.debug("refused requests were not counted: %s", error.pgcode)
            return False
        return is_alone

    def _get_statement(self, source_id, slot, count):
        """Return the statement that adds to a slot of the ring, and empties it before
        if it still has what came a day ago.
        """
        return SQL(
            """INSERT INTO saas_refusal AS refusal (source_id, slot, began_at, count)
               VALUES (%s, %s, to_timestamp(%s) AT TIME ZONE 'UTC', %s)
               ON CONFLICT (source_id, slot) DO UPDATE SET
                   count = EXCLUDED.count + CASE
                       WHEN refusal.began_at = EXCLUDED.began_at THEN refusal.count
                       ELSE 0 END,
                   began_at = EXCLUDED.began_at""",
            *(source_id, slot % _SLOTS, slot * 60 * _MINUTES, count),
        )

    def _read(self, rules):
        """Return how many requests of each source were refused within the window of its
        company's rule, by the source's id.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT refusal.source_id, sum(refusal.count)::bigint
                     FROM saas_refusal refusal
                     JOIN saas_source source ON source.id = refusal.source_id
                     JOIN saas_alert_rule rule ON rule.company_id = source.company_id
                    WHERE rule.id = ANY(%s)
                      AND refusal.began_at
                          > %s::timestamp - make_interval(mins => rule.window_minutes)
                 GROUP BY refusal.source_id""",
                rules.ids,
                fields.Datetime.now(),
            )
        )
        return dict(rows)


#: Odoo would log each lost race as an error.
_QUIETLY = {"log_exceptions": False}
