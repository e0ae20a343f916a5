from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...canonical.kinds import Kind
from ...canonical.moments import get_begin_of_day


class SaasSource(models.Model):
    """Holds the cut-over: the day from which a source's facts are booked here. All that
    came before it is in the old books.
    """

    _inherit = "saas.source"

    cutover_date = fields.Date(
        string="Cut-Over",
        tracking=True,
        help="What was issued, paid or refunded before this day is not booked. "
        "What was open then is brought in as opening items. If it is empty, "
        "everything is booked.",
    )
    opening_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        help="The other side of opening items: open invoices and customer credit. "
        "The closing entry of the old books is booked against it.",
    )
    opening_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="The journal of opening items.",
    )

    @api.constrains("cutover_date")
    def _check_cutover_date(self):
        """Refuse another day once something is booked, because it was booked by this
        day.
        """
        for source in self:
            bound = (
                self.env["saas.binding"]
                .sudo()
                .search_count(
                    [
                        ("source_id", "=", source.id),
                        ("kind", "in", (Kind.INVOICE, Kind.PAYMENT)),
                    ],
                    limit=1,
                )
            )
            if bound:
                raise ValidationError(
                    self.env._(
                        "The cut-over of %s can't be changed any more: invoices or "
                        "payments were booked with it. Keep it, and book by hand "
                        "what it leaves out.",
                        source.name,
                    )
                )

    def _get_cutover_at(self):
        """Return the moment the cut-over's day begins, aware and in UTC, or None."""
        self.ensure_one()
        return get_begin_of_day(self.cutover_date, ZoneInfo(self.tz))

    def _is_before_cutover(self, moment):
        """Return whether an aware ``moment`` is one of the old books."""
        self.ensure_one()
        return bool(self.cutover_date) and moment < self._get_cutover_at()

    def _start_first_import(self):
        """Begin the first import; return its run.

        :raises UserError: if something is missing, each time with what it is.
        """
        self.ensure_one()
        for field in ("cutover_date", "opening_account_id", "opening_journal_id"):
            if not self[field]:
                label = self._fields[field].get_description(self.env)["string"]
                raise UserError(
                    self.env._("Set the %s under Import & Recovery first.", label)
                )
        since = self._get_cutover_at().replace(tzinfo=None)
        return self._start_reading("first_import", since)
