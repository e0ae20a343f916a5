from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.display.texts import fit


class SaasChunkedMixin(models.AbstractModel):
    """Work on many records that jobs do in chunks, each in a transaction of its own:
    how far it is, for whom, and whether it still runs. A chunk that was killed left
    nothing behind, and is done again.
    """

    _name = "saas.chunked.mixin"
    _description = "SaaS work in chunks"

    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Started By",
        required=True,
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        help="Jobs act for this user, with the rights that they have then.",
    )
    started_at = fields.Datetime(readonly=True)
    ended_at = fields.Datetime(readonly=True)
    step = fields.Integer(readonly=True, help="How many chunks are done.")
    total_count = fields.Integer(string="Chosen", readonly=True)
    done_count = fields.Integer(string="Acted On", readonly=True)
    progress = fields.Float(
        compute="_compute_progress", help="How much is done, in percent."
    )
    last_error = fields.Char(
        readonly=True, help="Why it stands still, or why it was ended."
    )

    @api.depends(lambda self: ["total_count", "state", *self._get_seen_fields()])
    def _compute_progress(self):
        for record in self:
            seen = record._count_seen()
            total = record.total_count
            record.progress = 100 * seen / total if total else 0

    @api.model
    def _get_seen_fields(self):
        """Return the names of the numbers that add up to what is done with."""
        return ["done_count"]

    def _count_seen(self):
        """Return how many of the chosen are done with."""
        self.ensure_one()
        return sum(self[name] for name in self._get_seen_fields())

    def _lock_running(self):
        """Return whether this work is running, and keep it so until the transaction
        ends: whoever cancels it waits for that.
        """
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT state FROM %s WHERE id = %s FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                self.id,
            ),
            log_exceptions=False,
        )
        return self.env.cr.fetchone() == ("running",)

    def _find_others_running(self):
        """Return other work of this kind that runs in the company, one record at most.
        Of two that begin at once, the later one fails as any concurrent update does,
        and sees the first when it is tried again.
        """
        self.ensure_one()
        self.company_id._hold_saas()
        running = [("company_id", "=", self.company_id.id), ("state", "=", "running")]
        return self.search([*running, ("id", "!=", self.id)], limit=1)

    def _on_chunk_failed(self, exc_message="", **_failure):
        """Say that it stands still, where a person looks for it."""
        self.last_error = fit(exc_message)
        self._tell_progress()

    def _tell_progress(self):
        """Tell the screens of whoever started this how far it is."""
        self.user_id._bus_send(
            "saas_progress",
            {
                "model": self._name,
                "id": self.id,
                "state": self.state,
                "progress": self.progress,
            },
        )
