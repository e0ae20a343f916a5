import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...canonical.actions import LAGGED
from ...canonical.display.texts import fit
from ...canonical.marks import PIPELINE, Signed, Sink
from .actions import LABELS


class SaasSyncLog(models.Model):
    """Says who did what to which record, and why. Rows are only appended, and chained
    by hash.

    Each source has a chain: a row's hash covers its content and the hash before it, so
    no row can be changed, removed or slipped in without breaking it. A trigger refuses
    changes in the database, whoever asks.
    """

    _name = "saas.sync.log"
    _description = "SaaS sync log"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "action"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    sequence = fields.Integer(required=True, readonly=True)
    logged_at = fields.Datetime(string="Time", required=True, readonly=True)
    event_id = fields.Many2one(
        "saas.subscription.event",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    actor = fields.Char(required=True, readonly=True)
    approver = fields.Char(
        string="Signed By",
        readonly=True,
        help="The logins of those who signed what was decided.",
    )
    action = fields.Selection(
        [(action.value, label) for action, label in LABELS],
        required=True,
        readonly=True,
        index=True,
    )
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    detail = fields.Char(readonly=True)
    content_hash = fields.Char(
        string="Bytes",
        readonly=True,
        help="SHA-256 of the event's bytes, where this row tells of its state; after "
        "an @ that of the request which brought it among others.",
    )
    previous_hash = fields.Char(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _sequence_unique = models.UniqueIndex("(source_id, sequence)")
    _record_index = models.Index("(res_model, res_id)")
    # How long what was posted lately took is read from these rows alone.
    _lagged_index = models.Index(
        "(company_id, logged_at) WHERE action IN ({})".format(
            ", ".join(f"'{action}'" for action in LAGGED)
        )
    )

    #: What the first row of a chain has as the hash before it.
    _GENESIS = "0" * 64

    def init(self):
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION saas_sync_log_refuse_change()
            RETURNS trigger AS $$
            BEGIN
                RAISE EXCEPTION 'The sync log is append-only'
                    USING ERRCODE = 'insufficient_privilege';
            END;
            $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS saas_sync_log_refuse_change ON saas_sync_log;
            CREATE TRIGGER saas_sync_log_refuse_change
                BEFORE UPDATE OR DELETE OR TRUNCATE ON saas_sync_log
                FOR EACH STATEMENT EXECUTE FUNCTION saas_sync_log_refuse_change();
            """
        )

    def write(self, vals):  # pylint: disable=method-required-super
        # There is nothing to call: no change is ever right.
        raise AccessError(
            self.env._(
                "The sync log can't be changed: it is the proof of what was done."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Rows of the sync log can't be deleted: they are the proof of what "
                "was done."
            )
        )

    @api.model
    def _append(self, rows):
        """Append rows to their sources' chains, in the order given.

        :param rows: dicts with ``source_id``, ``action`` (a value of
            :class:`~...canonical.actions.Action`) and, where they apply, ``event_id``,
            ``res_model``, ``res_id`` and ``detail``.
        """
        if sink := Sink.get(self.env):
            # A preview must not lock the head of a chain: drains wait for it.
            sink.rows += rows
            return
        by_source = {}
        for row in rows:
            by_source.setdefault(row["source_id"], []).append(row)
        for source_id, source_rows in sorted(by_source.items()):
            self._append_chain(self.env["saas.source"].browse(source_id), source_rows)

    def _append_chain(self, source, rows):
        chain, sequence, newest = self.env["saas.sync.log.chain"].sudo()._lock(source)
        previous = newest or self._GENESIS
        now, signed = fields.Datetime.now(), Signed.get(self.env)
        vals_list = []
        for row in rows:
            sequence += 1
            vals = {
                "event_id": False,
                "res_model": False,
                "res_id": False,
                **row,
                # What others wrote may be of any length.
                "detail": fit(row.get("detail")) or False,
                "content_hash": row.get("content_hash") or False,
                "company_id": source.company_id.id,
                "sequence": sequence,
                "logged_at": now,
                "actor": self._get_actor(),
                "approver": ", ".join(signed.approvers) if signed else False,
                "previous_hash": previous,
            }
            previous = vals["hash"] = self._hash(vals)
            vals_list.append(vals)
        self.sudo().create(vals_list)
        chain.write({"sequence": sequence, "hash": previous})

    def _get_actor(self):
        """Return who is acting: a login, or the pipeline itself."""
        user = self.env["res.users"].browse(self.env.uid).sudo()
        if PIPELINE.is_in(self.env) or not user:
            return "pipeline"
        return user.login

    @api.model
    def _hash(self, vals):
        """Return the SHA-256 of a row's values and of the hash before it."""
        content = [
            vals["previous_hash"],
            vals["source_id"],
            vals["company_id"],
            vals["sequence"],
            fields.Datetime.to_string(vals["logged_at"]),
            vals["event_id"] or None,
            vals["actor"],
            vals["action"],
            vals["res_model"] or None,
            vals["res_id"] or None,
            vals["detail"] or None,
        ]
        # Rows from before there was one are hashed as they were.
        content += filter(None, [vals["content_hash"]])
        if vals["approver"]:
            content.append(["approver", vals["approver"]])
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @api.model
    def _verify_chain(self, source):
        """Check a source's chain from its first row to its head.

        :return: the number of the first row that is wrong or missing, or 0 if
            the chain is whole.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT source_id, company_id, sequence, logged_at, event_id, actor,
                      approver, action, res_model, res_id, detail, content_hash,
                      previous_hash, hash
               FROM saas_sync_log WHERE source_id = %s ORDER BY sequence""",
            (source.id,),
        )
        expected, previous = 1, self._GENESIS
        for row in self.env.cr.dictfetchall():
            if (
                row["sequence"] != expected
                or row["previous_hash"] != previous
                or row["hash"] != self._hash(row)
            ):
                return expected
            expected, previous = expected + 1, row["hash"]
        chain = self.env["saas.sync.log.chain"].sudo()._get(source)
        if (chain.sequence, chain.hash or self._GENESIS) != (expected - 1, previous):
            return expected
        return self._find_changed_bytes(source)

    def _find_changed_bytes(self, source):
        """Return the number of the first row whose event, or whose request, has other
        bytes now than when it was received, or 0.
        """
        self.env.cr.execute(
            """SELECT min(log.sequence)
                 FROM saas_sync_log log
                 JOIN saas_subscription_event event ON event.id = log.event_id
                 LEFT JOIN saas_delivery request
                   ON request.id = event.delivery_id AND request.body IS NOT NULL
                WHERE log.source_id = %s AND log.content_hash IS NOT NULL
                  AND log.content_hash <> encode(sha256(event.body), 'hex')
                      || coalesce('@' || encode(sha256(request.body), 'hex'), '')""",
            (source.id,),
        )
        return self.env.cr.fetchone()[0] or 0

    def action_open_record(self):
        """Open the record this row is about."""
        self.ensure_one()
        if not self.res_id:
            raise UserError(
                self.env._(
                    "This row of the log is about no record, so there is none to open."
                )
            )
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "res_model": self.res_model,
                "res_id": self.res_id,
                "view_mode": "form",
            }
        )
