import json
from collections import Counter
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...canonical.errors import Malformed
from ...canonical.review.alerts import round_up
from ...canonical.review.field_paths import find_paths, find_topmost

#: Events of one type that are looked at each time, spread evenly over the window; and
#: how many of all sources together, and of how many types.
_OF_TYPE, _OF_ALL, _TYPES = 40, 2000, 500
#: A longer body is not read, in bytes.
_LONGEST = 65536
#: Of fewer events of a type nobody can say what is usual.
_LEAST = 5
#: A field is always there when so many events had it, over so long, and none was
#: without it.
_LEARNT, _LEARNING = 100, timedelta(hours=24)
#: A field that events lack for so long, though it be now and then, is not always there
#: any more.
_FORGOTTEN = timedelta(days=7)
#: How many fields an alert names.
_NAMED = 3


class SaasUsualField(models.AbstractModel):
    """Remembers which fields the events of a source always have, and tells which are
    missing now.

    The schedule looks at a sample of what came lately, so a drain does nothing for it,
    and it costs the same whatever came. What is kept are names of fields, in a table of
    their own; when all is as usual nothing is written.
    """

    _name = "saas.usual.field"
    _description = "SaaS fields that events always have"

    def init(self):
        """Create the table, which nobody reads through the ORM."""
        self.env.cr.execute(
            """CREATE TABLE IF NOT EXISTS saas_usual_field (
                   source_id integer NOT NULL
                       REFERENCES saas_source (id) ON DELETE CASCADE,
                   event_type varchar NOT NULL,
                   path varchar NOT NULL,
                   first_at timestamp NOT NULL,
                   seen integer NOT NULL,
                   missing_since timestamp,
                   PRIMARY KEY (source_id, event_type, path)
               )"""
        )

    def _look(self, rules):
        """Look at a sample of what came within the rules' windows, and learn from it.

        :return: by the source's id, in how many events of a hundred that field is
            missing that is missing most, and words for which fields are; None for the
            number where events that lacked a field before did not come.
        """
        now = fields.Datetime.now()
        events, have = self._count_paths(self._sample(rules, now))
        known = self._read_known(rules)
        self._learn(events, have, known, now)
        return self._find_missing(events, have, known, now)

    def _sample(self, rules, now):
        """Return the ids of events of each source and type, spread over the window of
        the source's rule. Each is one look-up in an index of a type's ids, however many
        events there are.
        """
        self.env["saas.subscription.event"].flush_model()
        rows = self.env.execute_query(
            SQL(
                _SAMPLE,
                rules=rules.ids,
                now=now,
                types=_TYPES,
                last=_OF_TYPE - 1,
                most=_OF_ALL,
            )
        )
        return [event_id for [event_id] in rows]

    def _count_paths(self, event_ids):
        """Return how many events of each source and type were read, and how many of
        them have each path.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT source_id, event_type, body FROM saas_subscription_event
                    WHERE id = ANY(%s) AND octet_length(body) <= %s""",
                *(event_ids, _LONGEST),
            )
        )
        sources = self.env["saas.source"].browse({row[0] for row in rows})
        adapters = {source.id: source._get_adapter() for source in sources}
        events, have = Counter(), Counter()
        for source_id, event_type, body in rows:
            try:
                paths = find_paths(adapters[source_id]._parse(bytes(body)))
            except Malformed:
                continue
            if paths:
                events[source_id, event_type] += 1
                have.update((source_id, event_type, path) for path in paths)
        return events, have

    def _read_known(self, rules):
        """Return what is remembered of the sources of the rules' companies, by source,
        type and path: when it was first seen, in how many events, and since when it is
        missing.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT usual.source_id, usual.event_type, usual.path, usual.first_at,
                          usual.seen, usual.missing_since
                     FROM saas_usual_field usual
                     JOIN saas_source source ON source.id = usual.source_id
                    WHERE source.company_id = ANY(%s)""",
                rules.company_id.ids,
            )
        )
        return {tuple(row[:3]): tuple(row[3:]) for row in rows}

    def _learn(self, events, have, known, now):
        """Write what is new, what is missing since now, and what is back; forget what
        is not always there.
        """
        put, drop = [], []
        for key, (first_at, seen, since) in known.items():
            count = events[key[:2]]
            is_usual = _is_usual(first_at, seen, now)
            if since and since <= now - _FORGOTTEN:
                drop.append(key)
            elif count < _LEAST:
                continue
            elif have[key] < count and not is_usual:
                drop.append(key)
            elif have[key] < count:
                put += [] if since else [(*key, first_at, seen, now)]
            elif since or seen < _LEARNT:
                put.append((*key, first_at, min(seen + count, _LEARNT), None))
        for key, count in have.items():
            if key not in known and _LEAST <= count == events[key[:2]]:
                put.append((*key, now, min(count, _LEARNT), None))
        if drop:
            self._forget(drop)
        if put:
            self._remember(put)

    def _forget(self, keys):
        self.env.cr.execute(
            SQL(
                """DELETE FROM saas_usual_field usual
                    USING jsonb_to_recordset(%s::jsonb)
                          gone(source_id integer, event_type varchar, path varchar)
                    WHERE usual.source_id = gone.source_id
                      AND usual.event_type = gone.event_type
                      AND usual.path = gone.path""",
                _to_json(keys),
            )
        )

    def _remember(self, rows):
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_usual_field (source_id, event_type, path, first_at,
                                                 seen, missing_since)
                   SELECT * FROM jsonb_to_recordset(%s::jsonb)
                          told(source_id integer, event_type varchar, path varchar,
                               first_at timestamp, seen integer,
                               missing_since timestamp)
                       ON CONFLICT (source_id, event_type, path) DO UPDATE SET
                          seen = EXCLUDED.seen,
                          missing_since = EXCLUDED.missing_since""",
                _to_json(rows),
            )
        )

    def _find_missing(self, events, have, known, now):
        """Return what :meth:`_look` does."""
        missing, unheard = {}, set()
        for key, (first_at, seen, since) in known.items():
            source_id, event_type, path = key
            count = events[key[:2]]
            if not _is_usual(first_at, seen, now):
                continue
            if count < _LEAST:
                if since and since > now - _FORGOTTEN:
                    unheard.add(source_id)
            elif have[key] < count:
                share = round_up(100 * (count - have[key]) / count)
                missing.setdefault(source_id, {})[event_type, path] = share
        found = dict.fromkeys(unheard, (None, ""))
        for source_id, shares in missing.items():
            worst = max(shares.values())
            found[source_id] = (worst, _name(shares, worst))
        return found


def _is_usual(first_at, seen, now):
    """Return whether a field was long enough in every event."""
    return seen >= _LEARNT and first_at <= now - _LEARNING


def _name(shares, worst):
    """Return the first of the fields that are missing most, with their types."""
    by_type = {}
    for (event_type, path), share in shares.items():
        if share == worst:
            by_type.setdefault(event_type, set()).add(path)
    named = [
        f"{event_type}: {path}"
        for event_type, paths in sorted(by_type.items())
        for path in find_topmost(paths)
    ]
    return ", ".join(named[:_NAMED]) + (", …" if len(named) > _NAMED else "")


def _to_json(rows):
    names = ("source_id", "event_type", "path", "first_at", "seen", "missing_since")
    return json.dumps(
        [dict(zip(names, row, strict=False)) for row in rows],
        default=fields.Datetime.to_string,
    )


#: An index leads from one type of a source to the next, and between the first and the
#: last event of the window to as many places as are looked at.
_SAMPLE = """
    WITH RECURSIVE type AS (
        (SELECT event_type, source_id FROM saas_subscription_event
          ORDER BY event_type, source_id LIMIT 1)
         UNION ALL
        SELECT next.event_type, next.source_id
          FROM type CROSS JOIN LATERAL (
               SELECT event_type, source_id FROM saas_subscription_event
                WHERE (event_type, source_id) > (type.event_type, type.source_id)
             ORDER BY event_type, source_id LIMIT 1) next
    ), spread AS (
        SELECT type.event_type, type.source_id, lately.since, oldest.id AS first_id,
               newest.id AS last_id
          FROM (SELECT * FROM type LIMIT %(types)s) type
          JOIN saas_source source ON source.id = type.source_id
          JOIN saas_alert_rule rule
            ON rule.company_id = source.company_id AND rule.id = ANY(%(rules)s)
         CROSS JOIN LATERAL (
               SELECT %(now)s::timestamp
                      - make_interval(mins => rule.window_minutes) AS since) lately
         CROSS JOIN LATERAL (
               SELECT id FROM saas_subscription_event
                WHERE source_id = type.source_id AND received_at > lately.since
             ORDER BY received_at LIMIT 1) begun
         CROSS JOIN LATERAL (
               SELECT id FROM saas_subscription_event
                WHERE event_type = type.event_type AND source_id = type.source_id
                  AND id >= begun.id
             ORDER BY id LIMIT 1) oldest
         CROSS JOIN LATERAL (
               SELECT id FROM saas_subscription_event
                WHERE event_type = type.event_type AND source_id = type.source_id
             ORDER BY id DESC LIMIT 1) newest
    )
    SELECT id
      FROM (
        SELECT DISTINCT ON (hit.id) hit.id, place
          FROM spread
         CROSS JOIN generate_series(0, %(last)s) place
         CROSS JOIN LATERAL (
               SELECT id, received_at FROM saas_subscription_event
                WHERE event_type = spread.event_type AND source_id = spread.source_id
                  AND id >= spread.first_id
                            + (spread.last_id - spread.first_id) * place / %(last)s
             ORDER BY id LIMIT 1) hit
         WHERE hit.received_at > spread.since
      ORDER BY hit.id, place) found
  ORDER BY place, id LIMIT %(most)s
"""
