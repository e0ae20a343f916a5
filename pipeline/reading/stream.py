import random
from datetime import UTC, datetime, timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...canonical.display.texts import fit
from ...canonical.errors import Later, Quarantine, Transient
from ...canonical.reasons import Reason

#: After the first trouble a stream waits so long; then twice as long each time, up to
#: the most, and never all streams for equally long. In seconds.
_FIRST_PAUSE, _LONGEST_PAUSE = 60, 6 * 3600

_ACTIVITY = "mail_activity_stream_stalled"


class SaasReadingStream(models.AbstractModel):
    """Reads the streams of sources that don't push. What a page brought and how far the
    stream is read are one transaction: a worker that is killed has done both or
    nothing. Objects that are read twice are known the second time.
    """

    _name = "saas.reading.stream"
    _inherit = "saas.reading.fetch"
    _description = "SaaS reading of streams"

    # -- what is due ------------------------------------------------------------

    def _enqueue_due(self):
        """Have all streams read whose time it is, and show those that stand still."""
        if not self.env["saas.environment"]._is_confirmed():
            return
        now = fields.Datetime.now()
        sources = self.env["saas.source"].search([("state", "=", "active")])
        sources = sources.filtered(lambda source: source._get_streams())
        cursors = self._ensure_cursors(sources).filtered(
            lambda cursor: cursor.source_id._has_api_key()
        )
        cursors.filtered(lambda cursor: cursor.next_at <= now)._enqueue_read()
        self._watch(cursors, now)

    def _ensure_cursors(self, sources):
        """Return the cursors of all streams of these sources; new ones are created."""
        cursors = self.env["saas.cursor"].search([("source_id", "in", sources.ids)])
        known = {(cursor.source_id, cursor.stream): cursor for cursor in cursors}
        streams = {
            (source, name): stream
            for source in sources
            for name, stream in source._get_streams().items()
        }
        created = cursors.create(
            [
                {
                    "source_id": source.id,
                    "stream": name,
                    "label": stream.label or name,
                    "minutes": stream.minutes,
                }
                for (source, name), stream in streams.items()
                if (source, name) not in known
            ]
        )
        # What an adapter does not state any more is not read, and keeps its place.
        return created | cursors.browse(
            cursor.id for key, cursor in known.items() if key in streams
        )

    def _watch(self, cursors, now):
        """Show a person the streams that stand still, and take back what goes on."""
        stalled = cursors._get_stalled(now)
        (stalled - stalled.filtered("is_stalled")).is_stalled = True
        for source, own in stalled.grouped("source_id").items():
            self.env["saas.activities"]._ask_each(
                source, _ACTIVITY, source, dict(map(self._explain, own))
            )

    def _explain(self, cursor):
        summary = self.env._(
            "The stream %(stream)s stands still: see what is wrong under Import & "
            "Recovery, then press Read Now",
            stream=cursor.label,
        )
        return summary, cursor.last_error or self.env._(
            "No job has read it. See that the job runner is up."
        )

    # -- one page ---------------------------------------------------------------

    def _read_next(self, cursor):
        """Read and store the next page of a stream.

        :return: a sentence that says what came of it, shown on the job.
        :raises RetryableJobError: if this database may be a copy of the real one.
        """
        self.env["saas.environment"]._hold_job()
        source = cursor.source_id
        if source.state != "active":
            return self.env._("The source is paused.")
        if not self._lock(cursor):
            return self.env._("Another job reads this stream.")
        stream = source._get_streams().get(cursor.stream)
        if not stream:
            return self.env._("The source has no such stream any more.")
        try:
            with self.env.cr.savepoint():
                return self._read_page(cursor, stream)
        except Later as error:
            # Nobody's failure: it is known when to come back.
            until = fields.Datetime.now() + timedelta(seconds=error.seconds)
            cursor.write({"next_at": until, "last_error": str(error)})
            return str(error)
        except (Quarantine, Transient) as error:
            detail = getattr(error, "detail", None) or str(error)
            self._note_trouble(cursor, detail)
            return detail

    def _lock(self, cursor):
        """Return whether this transaction has got the cursor."""
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT id FROM saas_cursor WHERE id = %s
                       FOR NO KEY UPDATE SKIP LOCKED""",
                    cursor.id,
                )
            )
        )

    def _read_page(self, cursor, stream):
        source, place = cursor.source_id, self._get_place(cursor, stream)
        adapter = source._get_adapter()
        page = adapter._read_stream(source, stream, *place)
        reached = (page.watermark, page.last_id)
        if page.more and reached == place:
            raise Quarantine(
                Reason.SOURCE_REFUSED,
                self.env._(
                    "The system gave the same page again, so the reading would never "
                    "end."
                ),
            )
        new = self._store(source, page.objects)
        self._advance(cursor, page, new)
        return self._describe(page.objects, new)

    def _get_place(self, cursor, stream):
        """Return after which stamp (aware, or None) and which id to read."""
        watermark = _read_moment(cursor.watermark)
        if cursor.is_within or not watermark:
            return watermark, cursor.last_id or ""
        return watermark - stream.overlap, ""

    def _advance(self, cursor, page, new):
        """Note what a page brought, and go on at once or when it is time."""
        now = fields.Datetime.now()
        vals = {
            "is_within": page.more,
            "next_at": now if page.more else now + timedelta(minutes=cursor.minutes),
            "moved_at": now,
            "failures": 0,
            "last_error": False,
            "is_stalled": False,
            "read_count": cursor.read_count + len(page.objects),
            "new_count": cursor.new_count + new,
        }
        known = _read_moment(cursor.watermark)
        # The overlap is read again and again: its end is no way back.
        is_behind = not page.more and known and (page.watermark or known) < known
        if (page.watermark or page.last_id) and not is_behind:
            vals["watermark"] = _write_moment(page.watermark)
            vals["last_id"] = page.last_id or False
        if cursor.is_stalled:
            self._stop_asking(cursor)
        cursor.write(vals)
        if page.more:
            cursor._enqueue_read()

    # -- trouble ----------------------------------------------------------------

    def _note_trouble(self, cursor, detail):
        """Let a stream wait that could not be read, longer each time."""
        pause = min(_FIRST_PAUSE * 2 ** min(cursor.failures, 20), _LONGEST_PAUSE)
        cursor.write(
            {
                "failures": cursor.failures + 1,
                "last_error": fit(detail),
                "next_at": fields.Datetime.now()
                + timedelta(seconds=pause * random.uniform(0.75, 1.25)),
            }
        )

    def _stop_asking(self, cursor):
        """Take back what a person was asked because of a stream that goes on."""
        summary, _note = self._explain(cursor)
        asked = self.env["saas.activities"]._get_open(_ACTIVITY, cursor.source_id)
        asked.filtered(lambda activity: activity.summary == summary).unlink()


def _read_moment(text):
    return datetime.fromisoformat(text) if text else None


def _write_moment(moment):
    """Return an aware moment as a text, to the microsecond: a moment of Odoo's has
    whole seconds alone.
    """
    if not moment:
        return False
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
