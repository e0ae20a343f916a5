from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.reference import Reference

#: What a comparison writes anew each time.
_TOLD = (
    *("area", "number", "day", "event_id", "result", "rule", "differs", "figures"),
    *("res_model", "res_id", "amount", "detail", "run_id", "seen_at"),
)

#: What stays as long as both sides stay what they were.
_KEPT = ("decision", "note", "decided_by_id", "is_open", "blocks")


class SaasObservation(models.Model):
    """Stores what comparisons find, and tells the pipeline what is settled."""

    _inherit = "saas.observation"

    # -- what the pipeline asks -------------------------------------------------

    @api.model
    def _find_settled(self, source, refs):
        """Return which of these objects were compared and settled, as references."""
        rows = self.search(
            [
                ("source_id", "=", source.id),
                ("kind", "in", sorted({ref.kind for ref in refs})),
                ("external_id", "in", sorted({ref.external_id for ref in refs})),
                ("settled", "!=", False),
            ]
        )
        return {Reference(row.kind, row.external_id) for row in rows}

    @api.model
    def _find_unexplained(self, source):
        """Return the areas in which people booked what no object explains."""
        groups = self._read_group(
            [
                ("source_id", "=", source.id),
                ("result", "=", "only_there"),
                ("settled", "=", False),
                ("decision", "=", False),
            ],
            ["area"],
        )
        return {area for (area,) in groups}

    # -- what a comparison writes -----------------------------------------------

    @api.model
    def _store(self, source, run, rows):
        """Store what was compared, in one statement, whatever was known before. A
        decision is void where one of both sides changed; what was settled stays so.

        :param rows: dicts with ``kind``, ``external_id`` and the fields that are told.
        """
        if not rows:
            return
        self.flush_model()
        now = fields.Datetime.now()
        for row in rows:
            row |= {"run_id": run.id, "seen_at": fields.Datetime.to_string(now)}
            row["is_open"] = row["result"] != "alike"
            row["blocks"] = row["result"] in ("likely", "different") or (
                row["result"] == "stopped" and bool(row.get("res_id"))
            )
        names = SQL(", ").join(map(SQL.identifier, (*_TOLD, "is_open", "blocks")))
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_observation
                          (source_id, company_id, kind, external_id, %(names)s,
                           create_uid, create_date, write_uid, write_date)
                   SELECT %(source)s, %(company)s, kind, external_id, %(names)s,
                          %(user)s, %(now)s, %(user)s, %(now)s
                     FROM jsonb_populate_recordset(NULL::saas_observation,
                                                   %(rows)s::jsonb)
              ON CONFLICT (source_id, kind, external_id)
            DO UPDATE SET %(changes)s, write_date = excluded.write_date
                    WHERE saas_observation.settled IS NULL""",
                names=names,
                source=source.id,
                company=source.company_id.id,
                user=self.env.uid,
                now=now,
                rows=Json(rows),
                changes=self._make_changes(),
            )
        )
        self.invalidate_model()

    def _make_changes(self):
        """Return what a newer comparison writes on a row that is there: all that it
        tells; and it takes a decision away where one of both sides is not what it was.
        """
        same = SQL(
            """saas_observation.figures IS NOT DISTINCT FROM excluded.figures
               AND saas_observation.result = excluded.result
               AND saas_observation.res_model IS NOT DISTINCT FROM excluded.res_model
               AND saas_observation.res_id IS NOT DISTINCT FROM excluded.res_id"""
        )
        told = [
            SQL("%s = %s", SQL.identifier(name), SQL.identifier("excluded", name))
            for name in _TOLD
        ]
        kept = [
            SQL(
                "%s = CASE WHEN %s THEN %s ELSE %s END",
                SQL.identifier(name),
                same,
                SQL.identifier("saas_observation", name),
                SQL.identifier("excluded", name),
            )
            for name in _KEPT
        ]
        return SQL(", ").join([*told, *kept])

    @api.model
    def _forget_unseen(self, source, run):
        """Delete what the last comparison has not seen any more: events that people
        decided about meanwhile, and entries that are explained now, or reversed.
        """
        self.search(
            [
                ("source_id", "=", source.id),
                ("settled", "=", False),
                ("run_id", "!=", run.id),
            ]
        ).unlink()
