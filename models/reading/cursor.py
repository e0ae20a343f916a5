from datetime import timedelta

from odoo import SUPERUSER_ID, fields, models

from ...canonical.display.texts import fit
from ..source.reading_jobs import MAX_TRIES

#: A stream that was not read for so many of its intervals stands still.
STALLED_AFTER = 5


class SaasCursor(models.Model):
    """How far a stream of a source is read. It moves in the transaction that stores
    what a page brought. ``pipeline/reading/stream.py`` reads.
    """

    _name = "saas.cursor"
    _description = "SaaS stream"
    _inherit = ["saas.guarded.mixin"]
    _order = "source_id, id"
    _rec_name = "label"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    stream = fields.Char(
        string="Stream at the Adapter",
        required=True,
        readonly=True,
        help="The stream's name, as the adapter has it.",
    )
    label = fields.Char(string="Stream", readonly=True)
    minutes = fields.Integer(
        string="Every (minutes)",
        required=True,
        help="How long to wait, after all of the stream was read, until it is read "
        "again.",
    )
    watermark = fields.Char(
        string="Read Up To",
        readonly=True,
        help="The stamp of the last object that was read, at the source.",
    )
    last_id = fields.Char(
        string="Last ID",
        readonly=True,
        help="The last object with that stamp that was read.",
    )
    is_within = fields.Boolean(
        readonly=True, help="Whether the next page goes on where the last one ended."
    )
    next_at = fields.Datetime(
        string="Next Reading", readonly=True, default=fields.Datetime.now
    )
    moved_at = fields.Datetime(
        string="Last Read",
        readonly=True,
        default=fields.Datetime.now,
        help="When a page was last read without trouble.",
    )
    failures = fields.Integer(
        readonly=True, help="How often in a row the stream could not be read."
    )
    last_error = fields.Char(readonly=True)
    is_stalled = fields.Boolean(
        string="Stands Still",
        readonly=True,
        help="Whether the stream was not read for longer than five of its intervals.",
    )
    read_count = fields.Integer(string="Read", readonly=True)
    new_count = fields.Integer(string="New", readonly=True)

    _stream_unique = models.UniqueIndex("(source_id, stream)")
    _next_index = models.Index("(next_at)")
    _minutes_positive = models.Constraint(
        "CHECK (minutes > 0)", "Enter a positive number of minutes between readings."
    )

    def _enqueue_read(self):
        """See to it that a job reads the next page of each of these streams."""
        for cursor in self:
            cursor.with_user(SUPERUSER_ID).with_delay(
                identity_key=f"saas_cursor:{cursor.id}",
                description=self.env._(
                    "Read %(stream)s from %(name)s",
                    stream=cursor.label or cursor.stream,
                    name=cursor.source_id.name,
                ),
                max_retries=MAX_TRIES,
            )._job_read()

    def _job_read(self):
        """Read and store one page, and leave the next one to another job.

        :return: a sentence that says what came of it, shown on the job.
        :raises RetryableJobError: if this database may be a copy of the real one.
        """
        self.ensure_one()
        return self.env["saas.reading.stream"]._read_next(self)

    def _on_read_failed(self, exc_message="", **_failure):
        """Let a stream wait whose job has failed for what nobody foresaw."""
        self.env["saas.reading.stream"]._note_trouble(self, fit(exc_message))

    def _get_stalled(self, now):
        """Return those of these streams that stand still at a moment."""
        return self.filtered(
            lambda cursor: (
                cursor.moved_at + timedelta(minutes=STALLED_AFTER * cursor.minutes)
                < now
            )
        )

    def _restart(self):
        """Have these streams read at once, as if there had been no trouble."""
        now = fields.Datetime.now()
        self.write(
            {"next_at": now, "moved_at": now, "failures": 0, "is_stalled": False}
        )

    def action_read_now(self):
        """Read these streams now, and not when it is their time."""
        self._check_may_act("operator")
        self.env["saas.environment"]._check_confirmed()
        self.sudo().next_at = fields.Datetime.now()
        self.sudo()._enqueue_read()
        return True

    def action_read_all_again(self):
        """Read these streams from their beginning; what is here is known again."""
        self._check_may_act("manager")
        self.sudo().write({"watermark": False, "last_id": False, "is_within": False})
        return self.action_read_now()
