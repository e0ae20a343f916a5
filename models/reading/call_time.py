from odoo import models
from odoo.tools import SQL

from ...canonical.display.histogram import ENDS, Histogram, find_step
from ..concurrency import own_transaction

#: Counts of all time are in this slot; those of the last day in a ring of an hour each.
_ALL_TIME = -1
_HOUR = "date_trunc('hour', clock_timestamp() AT TIME ZONE 'UTC')"


class SaasCallTime(models.AbstractModel):
    """Counts how long other systems took to answer: for each source 25 times ten rows
    at most, however often it is called.

    A call is counted in a transaction of its own: a job that is rolled back has called,
    and calls that fail are those that take long. It does not wait for the disk.
    """

    _name = "saas.call.time"
    _description = "SaaS times of calls"

    def init(self):
        """Create the table, which nobody reads through the ORM. It refers to no source,
        since one that nobody has committed may be called.
        """
        self.env.cr.execute(
            """CREATE TABLE IF NOT EXISTS saas_call_time (
                   source_id integer NOT NULL,
                   slot smallint NOT NULL,
                   step smallint NOT NULL,
                   began_at timestamp NOT NULL,
                   count bigint NOT NULL,
                   seconds numeric NOT NULL,
                   PRIMARY KEY (source_id, slot, step)
               )"""
        )

    def _note(self, source, seconds):
        """Count a call.

        :param seconds: from the request to the end of its answer, or until it failed.
        """
        self._execute(
            f"""INSERT INTO saas_call_time AS known
                       (source_id, slot, step, began_at, count, seconds)
                SELECT %(source)s, slot, %(step)s, began_at, 1, %(seconds)s
                  FROM (VALUES (%(all)s, timestamp 'epoch'),
                               (extract(hour FROM {_HOUR})::int, {_HOUR}))
                       place (slot, began_at)
                ON CONFLICT (source_id, slot, step) DO UPDATE SET
                    began_at = EXCLUDED.began_at,
                    count = 1 + CASE WHEN known.began_at = EXCLUDED.began_at
                                     THEN known.count ELSE 0 END,
                    seconds = EXCLUDED.seconds
                              + CASE WHEN known.began_at = EXCLUDED.began_at
                                     THEN known.seconds ELSE 0 END""",
            {
                "source": source.id,
                "all": _ALL_TIME,
                "step": find_step(seconds),
                "seconds": round(seconds, 6),
            },
        )

    def _forget(self, sources):
        """Forget the calls of sources that are deleted."""
        self._execute(
            "DELETE FROM saas_call_time WHERE source_id = ANY(%(sources)s)",
            {"sources": sources.ids},
        )

    def _read(self, companies, is_day):
        """Return the :class:`~...canonical.display.histogram.Histogram` of each source
        of some companies that was called, by the ids of its company and its own.

        :param is_day: of the last 24 hours, in whole ones, instead of all time.
        """
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT source.company_id, source.id, step,
                          sum(count)::bigint AS count, sum(seconds) AS seconds
                     FROM saas_call_time JOIN saas_source source
                       ON source.id = source_id
                    WHERE source.company_id = ANY(%s)
                      AND CASE WHEN %s THEN slot >= 0 AND began_at >
                              clock_timestamp() AT TIME ZONE 'UTC' - interval '24 hours'
                          ELSE slot = %s END
                 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
                *(companies.ids, is_day, _ALL_TIME),
            )
        )
        found = {}
        for row in rows:
            counts, seconds = found.setdefault(
                (row["company_id"], row["id"]), ([0] * (len(ENDS) + 1), [])
            )
            counts[row["step"]] = row["count"]
            seconds.append(row["seconds"])
        return {
            place: Histogram(tuple(counts), sum(seconds))
            for place, (counts, seconds) in found.items()
        }

    def _execute(self, query, values):
        """Execute a statement in a transaction of its own, which nobody waits for."""
        with own_transaction(self.env) as cr:
            cr.execute("SET LOCAL synchronous_commit TO off")
            cr.execute(query, values)
