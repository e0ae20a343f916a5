from odoo import fields, models
from odoo.tools import SQL

from ...canonical.reasons import Reason

#: How far back events are looked at each time, in hours: more than the pause between
#: two times, so that what is processed late is looked at, too.
_LOOK_BACK = 3
#: For so many hours after a source was first heard all is new, and nothing drifts.
_LEARNING = 24
#: How many new words an alert names.
_NAMED = 5


class SaasSeen(models.AbstractModel):
    """Remembers which versions of its interface a source has sent, and which types of
    events that are not handled, each with the moment of its first event.

    It is a table of its own because no index of the inbox leads to a version that came
    once: to find it is new would be to read all of a source's events.
    """

    _name = "saas.seen"
    _description = "SaaS words that sources have sent"

    def init(self):
        """Create the table, which nobody reads through the ORM."""
        self.env.cr.execute(
            """CREATE TABLE IF NOT EXISTS saas_seen (
                   source_id integer NOT NULL
                       REFERENCES saas_source (id) ON DELETE CASCADE,
                   what varchar NOT NULL,
                   name varchar NOT NULL,
                   first_at timestamp NOT NULL,
                   PRIMARY KEY (source_id, what, name)
               )"""
        )

    def _note(self, since=None):
        """Note what came lately.

        :param since: the moment from which on events are looked at; by default some
            hours ago.
        """
        self.env["saas.subscription.event"].flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_seen (source_id, what, name, first_at)
                   SELECT source_id, what, name, min(received_at)
                     FROM (
                       SELECT event.source_id, 'version' AS what,
                              event.api_version AS name, event.received_at
                         FROM saas_source source
                         JOIN saas_subscription_event event
                           ON event.source_id = source.id
                          AND event.received_at > %(since)s
                        WHERE event.api_version IS NOT NULL
                    UNION ALL
                       SELECT event.source_id, 'type', event.event_type,
                              event.received_at
                         FROM saas_source source
                         JOIN saas_subscription_event event
                           ON event.source_id = source.id
                          AND event.received_at > %(since)s
                        WHERE event.reason = %(unknown)s
                     ) told
                 GROUP BY source_id, what, name
              ON CONFLICT DO NOTHING""",
                since=since or _hours_ago(_LOOK_BACK),
                unknown=Reason.UNSUPPORTED_TYPE.value,
            )
        )

    def _read(self, rules):
        """Return what is new of each source within the window of its company's rule, as
        how many words and the names of the first of them, by the source's id.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT seen.source_id, count(*),
                          (array_agg(seen.name ORDER BY seen.first_at, seen.name))[:%s]
                     FROM (SELECT *, min(first_at) OVER (
                                      PARTITION BY source_id) AS began
                             FROM saas_seen) seen
                     JOIN saas_source source ON source.id = seen.source_id
                     JOIN saas_alert_rule rule ON rule.company_id = source.company_id
                    WHERE rule.id = ANY(%s)
                      AND seen.first_at
                          > %s::timestamp - make_interval(mins => rule.window_minutes)
                      AND seen.first_at > seen.began + make_interval(hours => %s)
                 GROUP BY seen.source_id""",
                *(_NAMED, rules.ids, fields.Datetime.now(), _LEARNING),
            )
        )
        return {
            source_id: (count, ", ".join(names)) for source_id, count, names in rows
        }


def _hours_ago(hours):
    return fields.Datetime.subtract(fields.Datetime.now(), hours=hours)
