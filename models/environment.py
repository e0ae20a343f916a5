import logging

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical.actions import Action
from ..canonical.errors import Transient
from . import environment_parts, server_section

_logger = logging.getLogger(__name__)

#: Class of the advisory lock that lets one transaction alone record the environment.
_LOCK_CLASS = 0x5AA6
#: How long a job waits before it asks again whether somebody has confirmed, in seconds.
_PAUSE = 300


class SaasEnvironment(models.Model):
    """The environment that this database was set up for: one row, or none yet.

    A copy of the database (a restored dump, ``createdb -T``, a snapshot that a test
    server runs on) has the keys, the waiting events and the waiting jobs of the real
    one. If it went on with them, a customer's payment would be read twice and booked
    twice. So the row says what the database was set up as, and where that is not what
    it runs as now, nothing is drained, read, collected or sent until an integration
    manager confirms. An upgrade by dump and restore looks the same, and is confirmed
    once.

    What is compared:

    * the name that the server's administrator gives: ``environment = production`` in
      section ``[saas_billing_sync]`` of ``odoo.conf``, or the variable
      ``SAAS_BILLING_SYNC_ENVIRONMENT``. It alone can tell a copy of the disk;
    * ``database.uuid``, which Odoo changes when it duplicates or restores a copy;
    * the identifier that PostgreSQL gives a cluster at its birth, where its user may
      read it. Where it is not known on one side, it is not compared;
    * the numbers (oid) of the database and of one of our tables: ``createdb -T``
      changes the first one, restoring a dump both. A cluster gives them out anew, and
      the first database of two clusters often has the same number; tables hardly ever.

    **No row: nothing was used yet, so the first drain, cron, job or call to a source
    records what it finds.** An installation records nothing, so a template database
    that was installed and never used can be copied as often as one likes, as tests do.
    A neutralized database is never in that state: ``data/neutralize.sql`` leaves a row
    that is blocked, and where it found no table yet (an older version),
    ``database.is_neutralized`` has the same effect.

    Only code writes here: nobody has write access, and what confirms is
    :meth:`_confirm`, behind a button for integration managers.
    """

    _name = "saas.environment"
    _description = "SaaS environment"
    _log_access = False

    name = fields.Char(string="Environment", readonly=True)
    database = fields.Char(readonly=True, help="The database's name.")
    database_uuid = fields.Char(string="UUID", readonly=True)
    cluster = fields.Char(
        readonly=True,
        help="PostgreSQL's identifier of the server. It is empty if it could not "
        "be read.",
    )
    origin = fields.Char(
        readonly=True, help="Numbers that change when the database is copied."
    )
    state = fields.Selection(
        [("confirmed", "Confirmed"), ("blocked", "Blocked")],
        required=True,
        readonly=True,
        default="confirmed",
        help="A blocked database was neutralized.",
    )

    _single = models.UniqueIndex("((true))")

    # -- the gate -------------------------------------------------------------

    @api.model
    def _is_confirmed(self):
        """Return whether this database is the real one, as far as can be told, at the
        price of one query. Records what is found if nothing was recorded yet.
        """
        recorded, present = self._read()
        if not recorded:
            self._record_first(present)
            return True
        if not environment_parts.compare(recorded, present):
            return True
        _logger.info("held back: %s", self._describe_problem())
        return False

    @api.model
    def _check_confirmed(self):
        """Raise a UserError, for a person who asks for what a copy must not do.

        :raises UserError: with what differs, and who can confirm.
        """
        if not self._is_confirmed():
            raise UserError(self._describe_problem())

    @api.model
    def _hold_job(self):
        """Let a job wait as long as this database is taken for a copy. It goes on, and
        loses nothing, some minutes after somebody has confirmed.

        :raises RetryableJobError: not counted as a try.
        """
        if not self._is_confirmed():
            raise RetryableJobError(
                self._describe_problem(), seconds=_PAUSE, ignore_retry=True
            )

    @api.model
    def _hold_call(self):
        """Refuse a call to another system as long as this is taken for a copy.

        :raises Transient: it may pass, once somebody has confirmed.
        """
        if not self._is_confirmed():
            raise Transient(self._describe_problem())

    # -- what people see and do -----------------------------------------------

    @api.model
    def _describe_problem(self):
        """Return why this database is taken for a copy, and what to do, or "". Writes
        nothing, so a screen may ask.
        """
        recorded, present = self._read()
        differing = environment_parts.compare(recorded, present) if recorded else []
        if not differing:
            return ""
        if "state" in differing:
            return self.env._(
                "This database was neutralized: it is a copy for tests. Nothing is "
                "processed, read or sent until an integration manager confirms that "
                "it may."
            )
        labels = {
            "name": self.env._("the environment's name"),
            "database_uuid": self.env._("the database's UUID"),
            "cluster": self.env._("the PostgreSQL server"),
            "origin": self.env._("the database, which was copied or restored"),
        }
        return self.env._(
            "This database was set up as %(before)s and now runs as %(now)s. What "
            "differs: %(parts)s. Nothing is processed, read or sent until an "
            "integration manager confirms that this is the real one.",
            before=self._describe(recorded),
            now=self._describe(present),
            parts=", ".join(labels[part] for part in differing),
        )

    def _describe(self, values):
        """Return an environment as people call it."""
        if values["name"]:
            return self.env._(
                "%(name)s (database %(database)s)",
                name=values["name"],
                database=values["database"],
            )
        return self.env._("database %s", values["database"])

    @api.model
    def _confirm(self):
        """Record that this database is the real one as it runs now, with a row in the
        log of each source, and let the work go on. The caller has checked who asks.

        :raises UserError: if there is nothing to confirm.
        """
        if not (problem := self._describe_problem()):
            raise UserError(
                self.env._("This database is confirmed already: nothing is held back.")
            )
        _recorded, present = self._read()
        self._record(present)
        # All of them, of every company: there are few, and the database is one.
        sources = self.env["saas.source"].sudo().search(fields.Domain.TRUE)
        self.env["saas.sync.log"]._append(
            [
                {
                    "source_id": source.id,
                    "action": Action.ENVIRONMENT_CONFIRMED,
                    "res_model": source._name,
                    "res_id": source.id,
                    "detail": self.env._(
                        "Confirmed as %(now)s. Before: %(problem)s",
                        now=self._describe(present),
                        problem=problem,
                    ),
                }
                for source in sources
            ]
        )
        sources._enqueue_drain()

    # -- what is recorded -----------------------------------------------------

    @api.model
    def _record_after_upgrade(self):
        """Record the environment of a database that an older version was used in, for
        an upgrade script. One that was neutralized stays blocked, and what is recorded
        already stays as it is.
        """
        self._is_confirmed()

    def _record_first(self, present):
        """Record the environment where none is. Two that come at the same moment must
        neither wait for each other nor fail: both would record the same.
        """
        [[is_alone]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, 0)", _LOCK_CLASS)
        )
        if not is_alone:
            return
        try:
            with self.env.cr.savepoint():
                self._record(present)
        except SerializationFailure:
            # Somebody has recorded it since our snapshot was taken.
            return

    def _record(self, present):
        """Write what this database runs as now, instead of what is there."""
        columns = ("name", "database", "database_uuid", "cluster", "origin", "state")
        names = SQL(", ").join(map(SQL.identifier, columns))
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_environment (%s) VALUES %s
                   ON CONFLICT ((true)) DO UPDATE SET (%s) = ROW (%s)""",
                names,
                tuple(present[column] for column in columns),
                names,
                SQL(", ").join(
                    SQL("EXCLUDED.%s", SQL.identifier(column)) for column in columns
                ),
            ),
            log_exceptions=False,
        )
        self.invalidate_model()

    def _read(self):
        """Return what is recorded and what is there now, as dicts; what is recorded is
        None where nothing is.
        """
        row = environment_parts.read_row(self.env.cr)
        present = {
            "name": server_section.read("environment"),
            "database": row["now_database"],
            "database_uuid": row["now_uuid"] or "",
            "cluster": self._read_cluster(),
            "origin": f"{row['database_oid']}/{row['table_oid']}",
            "state": "confirmed",
        }
        if row["state"]:
            return {part: row[part] or "" for part in present}, present
        # A database of an older version was neutralized by a file that left no row.
        if row["neutralized"]:
            return {**present, "state": "blocked"}, present
        return None, present

    @ormcache()
    def _read_cluster(self):
        """Return the identifier of the cluster, or "" where PostgreSQL's user may not
        read it. A process stays with its server, so it asks once.
        """
        # The right is looked up first, because a refusal would break the transaction.
        [[may_read]] = self.env.execute_query(
            SQL("SELECT has_function_privilege('pg_control_system()', 'EXECUTE')")
        )
        if not may_read:
            return ""
        [[identifier]] = self.env.execute_query(
            SQL("SELECT system_identifier::text FROM pg_control_system()")
        )
        return identifier
