from odoo import api, fields, models
from odoo.tools import SQL


class SaasSyncLogChain(models.Model):
    """The head of a source's log chain.

    It is a row of its own, and not two columns of the source, because it is written
    with every batch, while each event's foreign key reads the source's row.
    """

    _name = "saas.sync.log.chain"
    _description = "SaaS sync log chain"
    _inherit = ["saas.guarded.mixin"]
    _log_access = False

    source_id = fields.Many2one("saas.source", required=True, ondelete="cascade")
    sequence = fields.Integer(required=True, default=0)
    hash = fields.Char()

    _source_unique = models.UniqueIndex("(source_id)")

    @api.model
    def _get(self, source):
        """Return the head of ``source``'s chain; it came with the source."""
        return self.search([("source_id", "=", source.id)])

    @api.model
    def _ensure(self, sources):
        """Create the heads of the chains of new sources, where they aren't there."""
        there = self.search([("source_id", "in", sources.ids)]).source_id
        self.create([{"source_id": source.id} for source in sources - there])

    @api.model
    def _lock(self, source):
        """Lock the source's head until the transaction ends. If somebody appended
        meanwhile this fails like any concurrent update, and Odoo and the job runner
        run such a transaction again.

        :return: the head, the number of the newest row, and its hash or None.
        """
        self.flush_model()
        head = self._read_locked(source)
        if not head:
            # What is created together with a source is logged before it is complete.
            self._ensure(source)
            head = self._read_locked(source)
        id_, sequence, newest = head
        return self.browse(id_), sequence, newest

    def _read_locked(self, source):
        # Losing such a race is nobody's error, so it is not logged as one.
        self.env.cr.execute(
            SQL(
                """SELECT id, sequence, hash FROM saas_sync_log_chain
                   WHERE source_id = %s FOR NO KEY UPDATE""",
                source.id,
            ),
            log_exceptions=False,
        )
        return self.env.cr.fetchone()
