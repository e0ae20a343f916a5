"""Figures as a person or a machine reads them, to be compared with a story."""

from odoo.fields import Datetime
from odoo.tools import SQL

from ...canonical.display.metric import Board


class ReadingMixin:
    """Reads figures, and puts events into the inbox by SQL."""

    def read_figures(self, *boards, env=None):
        """Return the values of all figures as a dict, by the figure's name and the
        values of its own labels, such as ``("saas_events_waiting", "realtime")``. The
        sum of all sources' is taken.
        """
        env = (env or self.env)(
            context={"allowed_company_ids": self.company.ids, "lang": "en_US"}
        )
        env.flush_all()
        values = {}
        for sample in env["saas.metrics.figures"]._read(*(boards or Board)):
            self.assertEqual(set(sample.labels), set(sample.metric.labels))
            own = (sample.labels[name] for name in sample.metric.labels)
            key = (sample.metric.name, *own)
            value = sample.value.count if sample.metric.is_histogram else sample.value
            values[key] = values.get(key, 0) + value
        return values

    def put_events(self, count, source=None, **vals):
        """Put events into the inbox, each with an id of its own.

        :param vals: SQL expressions by column, which may use ``n``, the number.
        """
        source = source or self.source
        columns = {
            "source_id": str(source.id),
            "company_id": str(source.company_id.id),
            "external_id": "md5(random()::text)",
            "event_type": "'invoice.paid'",
            "state": "'done'",
            "lane": "'realtime'",
            "attempts": "0",
            "body": "'{}'::bytea",
            "received_at": f"'{Datetime.now()}'::timestamp",
            "occurred_at": f"'{Datetime.now()}'::timestamp",
            **vals,
        }
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_subscription_event (%s) SELECT %s
                   FROM generate_series(1, %s) n""",
                SQL(", ").join(map(SQL.identifier, columns)),
                # Expressions of a test's own.
                SQL(", ".join(columns.values()).replace("%", "%%")),
                count,
            )
        )
        self.env.invalidate_all()


def ago(**units):
    """Return an SQL expression for a moment before now, such as ``ago(minutes=5)``."""
    text = " ".join(f"{number} {unit}" for unit, number in units.items()) or "0 days"
    return f"'{Datetime.now()}'::timestamp - interval '{text}'"
