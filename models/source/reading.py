from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError


class SaasSource(models.Model):
    """The actions by which people start readings, and what they see of them."""

    _inherit = "saas.source"

    fetch_minutes = fields.Integer(
        string="Minutes before Fetching",
        default=10,
        required=True,
        help="How long an event waits for an object to arrive before the object is "
        "fetched from the source. This needs an API key.",
    )
    cursor_ids = fields.One2many("saas.cursor", "source_id", string="Streams")
    stalled_count = fields.Integer(
        compute="_compute_stalled_count", string="Streams Standing Still"
    )
    pull_run_ids = fields.One2many("saas.pull.run", "source_id", string="Readings")
    api_scopes = fields.Text(
        compute="_compute_api_scopes",
        string="It May Read",
        help="The permissions that a restricted key needs at the source: each to "
        "read, none to write.",
    )

    _fetch_minutes_positive = models.Constraint(
        "CHECK (fetch_minutes > 0)",
        "Enter a positive number of minutes before fetching.",
    )

    @api.depends("cursor_ids.is_stalled")
    def _compute_stalled_count(self):
        for source in self:
            source.stalled_count = len(source.cursor_ids.filtered("is_stalled"))

    @api.depends("adapter")
    def _compute_api_scopes(self):
        for source in self:
            source.api_scopes = source.adapter and "\n".join(
                source._get_adapter()._scopes
            )

    def _check_may_read(self):
        """Raise unless the user may have these sources read."""
        self._check_may_act("operator")

    def _get_reading_plan(self, kind, since):
        """Return which lists a reading of this source reads, in order; none if its
        system has no lists.

        :param kind: of ``saas.pull.run``.
        :param since: a naive UTC datetime.
        """
        self.ensure_one()
        since = since.replace(tzinfo=UTC)
        return self._get_adapter()._get_reading_plan(self, kind, since)

    def _start_reading(self, kind, since):
        """Begin a reading, unless one of its kind is running.

        :param kind: of ``saas.pull.run``.
        :param since: a naive UTC datetime.
        :raises UserError: if it can't be read.
        :return: the run.
        """
        self.ensure_one()
        self._check_may_read()
        self.env["saas.environment"]._check_confirmed()
        if not self._has_api_key():
            raise UserError(
                self.env._(
                    "Paste an API key under Connection first. Nothing can be read "
                    "without one."
                )
            )
        if not self._get_reading_plan(kind, since):
            raise UserError(
                self.env._(
                    "The system of %s has no lists to read. Its events come by "
                    "webhook, or by the streams under Connection.",
                    self.name,
                )
            )
        runs = self.env["saas.pull.run"].sudo()
        running = runs.search(
            [
                ("source_id", "=", self.id),
                ("kind", "=", kind),
                ("state", "=", "running"),
            ]
        )
        if running:
            return running
        run = runs.create({"source_id": self.id, "kind": kind, "since": since})
        run._enqueue_page()
        return run

    def action_recover(self):
        """Ask for the day from which missed events are to be read."""
        return self._action_start_reading(
            "recovery", self.env._("Recover Missed Events")
        )

    def action_first_import(self):
        """Ask for what the first import needs to know."""
        return self._action_start_reading("first_import", self.env._("First Import"))

    def _action_start_reading(self, kind, name):
        self.ensure_one()
        self._check_may_read()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": name,
                "res_model": "saas.pull.start",
                "view_mode": "form",
                "target": "new",
                "context": {"default_source_id": self.id, "default_kind": kind},
            }
        )
