from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.revenue.plan import read_parts
from ..revenue_methods import REASONS


class SaasRevenueVersion(models.Model):
    """What was known of a schedule from a moment on: the parts that its revenue is made
    of, and why. A version never changes; another one takes its place.
    """

    _name = "saas.revenue.version"
    _description = "SaaS revenue version"
    _inherit = ["saas.guarded.mixin"]
    _order = "schedule_id, number desc"

    schedule_id = fields.Many2one(
        "saas.revenue.schedule", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    number = fields.Integer(required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    known_at = fields.Datetime(string="Known Since", required=True, readonly=True)
    event_id = fields.Many2one(
        "saas.subscription.event",
        string="Because Of",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    ended_at = fields.Datetime(
        string="Service Ended", readonly=True, help="What the version rests on."
    )
    parts = fields.Json(
        readonly=True,
        help="What its revenue is made of, exactly, as the rules take it.",
    )
    share_ids = fields.One2many(
        "saas.revenue.share", "version_id", string="What Each Month Earns"
    )

    _number_unique = models.UniqueIndex("(schedule_id, number)")

    @api.depends("schedule_id", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "Version %(number)s of %(schedule)s",
                number=version.number,
                schedule=version.schedule_id.display_name or "",
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Versions of a revenue schedule can't be deleted: they tell what was "
                "known when."
            )
        )

    def _get_parts(self):
        """Return its parts, as ``canonical/revenue/plan`` has them."""
        self.ensure_one()
        return read_parts(self.parts or [])
