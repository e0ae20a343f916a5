import random
import time
import uuid

from odoo import models

from ...canonical.errors import Later
from ...models.concurrency import own_transaction

#: So long a call waits for its turn, in seconds; a job that would have to wait for
#: longer comes back later, and its worker is free.
PATIENCE = 5
#: A place is free again a second after its call has ended. What a worker took that was
#: killed in a call is free after this, in seconds: longer than any call takes.
_LONGEST_CALL = 120
#: The part of a day's calls that is for lists; the rest is for what somebody waits for.
_FOR_LISTS = 0.8

_TODAY = "(clock_timestamp() AT TIME ZONE 'UTC')::date"
_NOW = "extract(epoch FROM clock_timestamp())"
_CALLS = f"CASE WHEN budget.day = {_TODAY} THEN budget.calls ELSE 0 END"
_TAKEN = f"""FROM jsonb_each(budget.places) place
             WHERE place.value::float8 > {_NOW}"""
_TAKE = f"""
    INSERT INTO saas_call_budget AS budget (source_id, places, day, calls)
    VALUES (%(source)s, jsonb_build_object(%(place)s, {_NOW} + %(longest)s),
            {_TODAY}, 1)
    ON CONFLICT (source_id) DO UPDATE SET
        places = (SELECT COALESCE(jsonb_object_agg(place.key, place.value), '{{}}')
                  {_TAKEN}) || EXCLUDED.places,
        day = {_TODAY},
        calls = {_CALLS} + 1
    WHERE (budget.held_until IS NULL OR budget.held_until <= clock_timestamp())
      AND (%(second)s = 0 OR (SELECT count(*) {_TAKEN}) < %(second)s)
      AND (%(day)s = 0 OR {_CALLS} < %(day)s)
    RETURNING calls
"""
_WHY = f"""
    SELECT GREATEST(extract(epoch FROM held_until - clock_timestamp()), 0)::int,
           %(day)s > 0 AND {_CALLS} >= %(day)s,
           extract(epoch FROM ({_TODAY} + 1)::timestamp
                              - clock_timestamp() AT TIME ZONE 'UTC')::int
      FROM saas_call_budget budget WHERE source_id = %(source)s
"""


class SaasReadingBudget(models.AbstractModel):
    """Counts the calls that are made with one credential, over all workers and nodes,
    so that there are never more than its system allows.

    A call takes a place, and gives it back when it is answered; a place is free again
    a second later. So in no second do more calls reach the system than there are
    places, however long each is on its way. All is one row, which is locked for one
    statement, in a transaction of its own: a job that is rolled back has called.
    """

    _name = "saas.reading.budget"
    _description = "SaaS budget of calls"

    def init(self):
        """Create the table, which nobody reads through the ORM."""
        self.env.cr.execute(
            """CREATE TABLE IF NOT EXISTS saas_call_budget (
                   source_id integer PRIMARY KEY,
                   places jsonb NOT NULL DEFAULT '{}',
                   day date,
                   calls integer NOT NULL DEFAULT 0,
                   held_until timestamptz
               )"""
        )

    def _take(self, source, limits, is_urgent):
        """Take a place for one call; wait for it for some seconds.

        :param limits: how many calls are allowed in a second, and in a day; 0: any.
        :param is_urgent: whether somebody waits for what the call brings.
        :return: what to give to :meth:`_give_back`.
        :raises Later: if there is none soon.
        """
        second, day = limits
        if day and not is_urgent:
            day = max(1, int(day * _FOR_LISTS))
        values = {
            "source": source.id,
            "place": uuid.uuid4().hex,
            "longest": _LONGEST_CALL,
            "second": second,
            "day": day,
        }
        give_up = time.monotonic() + PATIENCE
        while not self._execute(_TAKE, values):
            held, is_spent, rest_of_day = self._execute(_WHY, values)
            if is_spent:
                raise Later(self._explain_spent(is_urgent), rest_of_day + 1)
            if time.monotonic() + held > give_up:
                raise Later(
                    self.env._(
                        "The source is called by others as often as it allows, so this "
                        "goes on later."
                    ),
                    held or random.randint(1, PATIENCE),
                )
            # Others wait too, and are not to come all at once.
            time.sleep(held or random.uniform(0.02, 0.1))
        return values["place"]

    def _explain_spent(self, is_urgent):
        if is_urgent:
            return self.env._(
                "The calls that the source allows in a day are used up. It is called "
                "again after midnight UTC; allow more on the source's credential if "
                "the system does."
            )
        return self.env._(
            "80 % of the calls that the source allows in a day are used up. Lists are "
            "read again after midnight UTC; allow more on the source's credential if "
            "the system does."
        )

    def _give_back(self, source, place):
        """Say that a call has ended. Its place is free a second from now."""
        self._execute(
            f"""UPDATE saas_call_budget
                SET places = places || jsonb_build_object(%(place)s, {_NOW} + 1.01)
                WHERE source_id = %(source)s AND places ? %(place)s
                RETURNING 1""",
            {"source": source.id, "place": place},
        )

    def _hold(self, source, seconds):
        """Let nobody call for some seconds: the system asks for it."""
        self._execute(
            """INSERT INTO saas_call_budget AS budget (source_id, held_until)
               VALUES (%(source)s,
                       clock_timestamp() + make_interval(secs => %(seconds)s))
               ON CONFLICT (source_id) DO UPDATE SET held_until =
                   GREATEST(budget.held_until, EXCLUDED.held_until)
               RETURNING 1""",
            {"source": source.id, "seconds": seconds},
        )

    def _count_today(self, source):
        """Return how many calls were made today."""
        row = self._execute(
            f"""SELECT {_CALLS} FROM saas_call_budget budget
                WHERE source_id = %(source)s""",
            {"source": source.id},
        )
        return row[0] if row else 0

    def _forget(self, sources):
        """Forget what was called of sources that are deleted."""
        self._execute(
            """DELETE FROM saas_call_budget WHERE source_id = ANY(%(sources)s)
               RETURNING 1""",
            {"sources": sources.ids},
        )

    def _execute(self, query, values):
        """Return the only row of a statement, or None, in a transaction of its own."""
        with own_transaction(self.env) as cr:
            cr.execute(query, values)
            return cr.fetchone()
