from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.schema.versions import TYPES
from ..big_integer import BigInteger

_ACTIVITY = "mail_activity_sequence_gap"
#: How long a number may be missing before a person is told: a sender's own retries come
#: in that time.
_PATIENCE = timedelta(minutes=10)
#: How many gaps are named; a sender that misses more has one trouble, not many.
_MOST_GAPS = 20


class SaasSender(models.Model):
    """One sender behind a source, as CloudEvents' ``source`` names it, that numbers its
    events. It can't be asked for what is missing, so a number that does not come is
    shown to a person.
    """

    _name = "saas.sender"
    _description = "SaaS sender"
    _inherit = ["saas.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "source_id, name"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    name = fields.Char(string="Sender", required=True, readonly=True)
    sequence = BigInteger(
        string="Complete Up To",
        readonly=True,
        help="The number up to which each of the sender's events has come.",
    )
    missing = fields.Char(
        string="Numbers Missing",
        readonly=True,
        help="Numbers of events that did not come though later ones did, for more than "
        "ten minutes.",
    )
    missing_since = fields.Datetime(readonly=True)

    _name_unique = models.UniqueIndex("(source_id, name)")

    @api.model
    def _cron_find_gaps(self):
        """Look at what numbered events came, note how far each sender's are complete,
        and ask a person about numbers that are missing.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        self.env["saas.subscription.event"].flush_model(["received_at"])
        self._create_new()
        for sender_id, complete, gaps, since in self._read_gaps():
            self.browse(sender_id)._note(complete, gaps, since)

    def _create_new(self):
        """Create the records of senders that told a number for the first time."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT event.source_id, event.sender, min(event.sequence)
                   FROM saas_subscription_event event
                   WHERE event.sequence IS NOT NULL AND NOT EXISTS (
                       SELECT FROM saas_sender sender
                       WHERE sender.source_id = event.source_id
                         AND sender.name = event.sender)
                   GROUP BY event.source_id, event.sender"""
            )
        )
        self.create(
            [
                {"source_id": source_id, "name": name, "sequence": first - 1}
                for source_id, name, first in rows
            ]
        )

    def _read_gaps(self):
        """Return for each sender of which numbers came beyond those known to be
        complete: its id, the last number without a gap before it, the gaps as texts,
        and since when the first of them is one.
        """
        self.flush_model()
        return self.env.execute_query(
            SQL(
                """WITH told AS (
                       SELECT sender.id, event.sequence, event.received_at,
                              lag(event.sequence, 1, sender.sequence) OVER (
                                  PARTITION BY sender.id ORDER BY event.sequence
                              ) AS previous
                       FROM saas_sender sender
                       JOIN saas_subscription_event event
                         ON event.source_id = sender.source_id
                        AND event.sender = sender.name
                        AND event.sequence > sender.sequence
                   )
                   SELECT id,
                          COALESCE(min(previous) FILTER (WHERE sequence > previous + 1),
                                   max(sequence)),
                          (array_agg(
                               CASE WHEN sequence = previous + 2
                                    THEN (previous + 1)::text
                                    ELSE (previous + 1) || '-' || (sequence - 1) END
                               ORDER BY sequence
                           ) FILTER (WHERE sequence > previous + 1))[:%s],
                          min(received_at) FILTER (WHERE sequence > previous + 1)
                   FROM told GROUP BY id""",
                _MOST_GAPS,
            )
        )

    def _note(self, complete, gaps, since):
        """Note up to which number all came, and what is missing beyond it."""
        self.ensure_one()
        is_late = bool(gaps) and since <= fields.Datetime.now() - _PATIENCE
        vals = {
            "sequence": complete,
            "missing": ", ".join(gaps) if is_late else False,
            "missing_since": since if is_late else False,
        }
        if any(self[name] != value for name, value in vals.items()):
            self.write(vals)
        activities = self.env["saas.activities"]
        if is_late:
            activities._ask(
                self.source_id,
                _ACTIVITY,
                self,
                self.env._(
                    "Events of this sender did not come: have it send them again, or "
                    "press Missing for Good"
                ),
            )
        else:
            activities._stop_asking(_ACTIVITY, self)

    def action_give_up(self):
        """Take the numbers that are missing as never sent: the sender has said so."""
        self.check_access("read")
        self.env["saas.source"].check_access("write")
        for sender in self.sudo():
            rows = (
                self.env["saas.subscription.event"]
                .sudo()
                ._read_group(
                    [
                        ("source_id", "=", sender.source_id.id),
                        ("sender", "=", sender.name),
                    ],
                    aggregates=["sequence:max"],
                )
            )
            sender._note(rows[0][0], [], False)


class SaasSenderVersion(models.Model):
    """One old version of a type that a sender still uses, though it should not be used
    any more or isn't taken at all: whom to write to before it ends.
    """

    _name = "saas.sender.version"
    _description = "SaaS old version in use"
    _inherit = ["saas.guarded.mixin"]
    _order = "last_at desc, id desc"
    _rec_name = "sender"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    sender = fields.Char(required=True, readonly=True)
    event_type = fields.Char(string="Type", required=True, readonly=True)
    version = fields.Char(required=True, readonly=True)
    last_at = fields.Datetime(
        string="Last Sent", required=True, readonly=True, default=fields.Datetime.now
    )
    is_refused = fields.Boolean(
        string="Refused", readonly=True, help="It is not taken any more."
    )
    sunset_on = fields.Date(
        string="Last Day", compute="_compute_sunset_on", help="It is taken until then."
    )

    _version_unique = models.UniqueIndex("(source_id, sender, event_type, version)")

    @api.depends("event_type", "version")
    def _compute_sunset_on(self):
        for record in self:
            known = TYPES.get(record.event_type, {}).get(record.version)
            record.sunset_on = known and known.sunset_on or False

    @api.model
    def _note(self, source, used):
        """Note old versions that a request used. A row is written anew once an hour at
        most: requests must not wait for one another because of it.

        :param dict used: whether it is refused, by a sender, a type and a version.
        """
        now = fields.Datetime.now()
        for (sender, event_type, version), is_refused in sorted(used.items()):
            self.env.cr.execute(
                SQL(
                    """INSERT INTO saas_sender_version
                              (source_id, company_id, sender, event_type, version,
                               last_at, is_refused, create_date, write_date)
                       VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
                       ON CONFLICT (source_id, sender, event_type, version)
                       DO UPDATE SET last_at = EXCLUDED.last_at,
                                     is_refused = EXCLUDED.is_refused
                       WHERE saas_sender_version.last_at < %s
                          OR saas_sender_version.is_refused != EXCLUDED.is_refused""",
                    *(source.id, source.company_id.id, sender, event_type, version),
                    *(now, is_refused, now, now),
                    now - timedelta(hours=1),
                )
            )
