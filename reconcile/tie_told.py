from odoo import models
from odoo.tools import SQL

from ..canonical.kinds import Kind

_DOCUMENTS = (Kind.INVOICE, Kind.CREDIT_NOTE)


class SaasReconcileTieTold(models.AbstractModel):
    """Reads what sources have stated of documents: by the newest event that the log
    names for each and that tells of it.
    """

    _name = "saas.reconcile.tie_told"
    _description = "SaaS documents as they were told"

    def _read(self, moves):
        """Return the facts of documents, by document. What Odoo issues has none, and
        neither has what is not kept any more.
        """
        mirrored = moves.filtered(lambda move: not move.saas_source_id.is_own)
        events_by_move = self._find_events(mirrored)
        ids = {id_ for ids in events_by_move.values() for id_ in ids}
        events = self.env["saas.subscription.event"].sudo().browse(sorted(ids))
        events.fetch(["body", "source_id"])
        read, found = {}, {}
        for move in mirrored:
            for id_ in events_by_move.get(move.id, ()):
                if id_ not in read:
                    event = events.browse(id_).with_prefetch(events.ids)
                    read[id_] = self._read_documents(event)
                fact = read[id_].get((move.saas_source_id, move.saas_external_id))
                if fact:
                    found[move] = fact
                    break
        return found

    def _find_events(self, moves):
        """Return the ids of the events that the log names for documents, the newest
        first.
        """
        if not moves:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT res_id, array_agg(DISTINCT event_id)
                     FROM saas_sync_log
                    WHERE res_model = 'account.move' AND res_id = ANY(%s)
                      AND event_id IS NOT NULL
                    GROUP BY res_id""",
                moves.ids,
            )
        )
        return {move_id: sorted(ids, reverse=True) for move_id, ids in rows}

    def _read_documents(self, event):
        return {
            (event.source_id, fact.external_id): fact
            for fact in event._read_facts()
            if fact.kind in _DOCUMENTS
        }
