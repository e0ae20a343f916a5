from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.money import to_decimal
from ...canonical.revenue.plan import find_shares, write_parts
from ..big_integer import BigInteger
from ..revenue_methods import METHODS


class SaasRevenueSchedule(models.Model):
    """What is earned over time of one line of a document that was booked as deferred
    revenue. Amounts are in minor units of the document's currency (``amount``) and of
    the company's (``balance``), below zero for what is given back.

    What each month earns is in its versions: the newest one counts, and older ones tell
    what was known before. What is booked is in its entries. Neither ever changes, so
    what is booked next is always the difference.
    """

    _name = "saas.revenue.schedule"
    _description = "SaaS revenue schedule"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, index=True, ondelete="restrict"
    )
    tenant_id = fields.Many2one(
        "saas.tenant", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Document",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Document Line",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    number = fields.Char(
        string="Document's Number",
        readonly=True,
        help="Of a document that only old books have.",
    )
    line_ref = fields.Char(string="Document's Line", readonly=True)
    booked_before = BigInteger(
        string="Recognised in Old Books, in Minor Units",
        readonly=True,
        help="What the old books have recognised of it: no part of its amount here.",
    )
    charge_id = fields.Many2one(
        "saas.charge", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    origin_id = fields.Many2one(
        "saas.revenue.schedule",
        string="Gives Back From",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The schedule of the line that this one credits.",
    )
    date = fields.Date(
        string="Booked On", required=True, readonly=True, help="The document's day."
    )
    service_from = fields.Datetime(required=True, readonly=True)
    service_to = fields.Datetime(
        required=True, readonly=True, help="The first moment that is not served."
    )
    zone = fields.Char(
        string="Time Zone", required=True, readonly=True, help="Whose months count."
    )
    method = fields.Selection(METHODS, required=True, readonly=True)
    amount = BigInteger(string="Amount in Minor Units", required=True, readonly=True)
    balance = BigInteger(
        string="Company's Amount in Minor Units", required=True, readonly=True
    )
    exponent = fields.Integer(required=True, readonly=True)
    company_exponent = fields.Integer(required=True, readonly=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )
    deferred_account_id = fields.Many2one(
        "account.account", required=True, readonly=True, ondelete="restrict"
    )
    income_account_id = fields.Many2one(
        "account.account", required=True, readonly=True, ondelete="restrict"
    )
    analytic_distribution = fields.Json(
        readonly=True,
        help="Which analytic accounts get what is recognised. The document's line has "
        "none, or they would get it twice.",
    )
    state = fields.Selection(
        [("running", "Running"), ("served", "Served")],
        required=True,
        readonly=True,
        default="running",
        help="A schedule is served when all of it is recognised.",
    )
    version_id = fields.Many2one(
        "saas.revenue.version",
        string="Newest Version",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    last_month = fields.Date(
        readonly=True, help="The last month that earns anything, by its first day."
    )
    version_ids = fields.One2many("saas.revenue.version", "schedule_id", readonly=True)
    entry_ids = fields.One2many("saas.revenue.entry", "schedule_id", readonly=True)
    share_ids = fields.One2many(
        related="version_id.share_ids", string="What Each Month Earns"
    )
    amount_shown = fields.Monetary(string="Amount", compute="_compute_shown")
    recognized = fields.Monetary(
        string="Recognised",
        compute="_compute_shown",
        help="What is booked as income by now.",
    )
    unrecognized = fields.Monetary(string="Still Deferred", compute="_compute_shown")

    _line_unique = models.UniqueIndex("(move_line_id)")
    _number_unique = models.UniqueIndex(
        "(company_id, number, COALESCE(line_ref, '')) WHERE number IS NOT NULL"
    )
    _running_index = models.Index("(company_id) WHERE state = 'running'")

    @api.depends("amount", "exponent", "entry_ids.amount")
    def _compute_shown(self):
        groups = self.env["saas.revenue.entry"]._read_group(
            [("schedule_id", "in", self.ids)], ["schedule_id"], ["amount:sum"]
        )
        booked = {schedule.id: amount for schedule, amount in groups}
        for schedule in self:
            done = int(booked.get(schedule.id, 0))
            places = schedule.exponent
            schedule.amount_shown = to_decimal(schedule.amount, places)
            schedule.recognized = to_decimal(done, places)
            schedule.unrecognized = to_decimal(schedule.amount - done, places)

    @api.depends("move_id", "number", "service_from")
    def _compute_display_name(self):
        for schedule in self:
            schedule.display_name = self.env._(
                "Revenue of %(document)s, line %(line)s",
                document=schedule.move_id.name or schedule.number or "",
                line=schedule.move_line_id.id or schedule.line_ref or "",
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Revenue schedules can't be deleted: what is recognised next rests on "
                "them."
            )
        )

    # -- versions ----------------------------------------------------------------------

    @api.model
    def _open(self, rows, reason):
        """Create schedules with their first versions.

        :param rows: values of schedules, each with its ``parts`` as
            ``canonical/revenue/plan`` makes them.
        :param reason: one of :data:`~..revenue_methods.REASONS`.
        """
        parts = [row.pop("parts") for row in rows]
        schedules = self.create(rows)
        schedules._recut(dict(zip(schedules, parts, strict=True)), reason)
        return schedules

    @api.model
    def _recut(self, parts_by_schedule, reason, event=None, ended=None):
        """Give schedules a new version each; the ones before stay as they are.

        :param parts_by_schedule: what counts from now on, by schedule.
        :param event: because of which, where there is one.
        :param ended: when the service has ended because of which, by schedule.
        """
        now = fields.Datetime.now()
        versions = self.env["saas.revenue.version"].create(
            [
                {
                    "schedule_id": schedule.id,
                    "company_id": schedule.company_id.id,
                    "number": schedule.version_id.number + 1,
                    "reason": reason,
                    "known_at": now,
                    "event_id": event.id if event else False,
                    "ended_at": (ended or {}).get(schedule, False),
                    "parts": write_parts(parts),
                }
                for schedule, parts in parts_by_schedule.items()
            ]
        )
        shares = [find_shares(parts) for parts in parts_by_schedule.values()]
        for version, by_month in zip(versions, shares, strict=True):
            version.schedule_id.write(
                {
                    "version_id": version.id,
                    "last_month": max(by_month, default=False),
                    "state": "running",
                }
            )
        self.env["saas.revenue.share"]._insert(versions, shares)
        return versions

    @api.model
    def _link(self, charges):
        """Have schedules name the charges that their lines bill."""
        by_line = charges.grouped("move_line_id")
        lines = [line.id for line in by_line]
        for schedule in self.search([("move_line_id", "in", lines)]):
            schedule.charge_id = by_line[schedule.move_line_id][:1]

    def _get_parts(self):
        """Return the parts of the newest version."""
        self.ensure_one()
        return self.version_id._get_parts()

    # -- what a person opens -----------------------------------------------------------

    def action_view_entries(self):
        """Open what is recognised of these schedules, month by month."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_revenue_entry_action"
        )
        return self._in_company(
            {**action, "domain": [("schedule_id", "in", self.ids)], "context": {}}
        )
