from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.review.severity import HIGH, LOW, MEDIUM


class SaasException(models.Model):
    """A case: one cause that events wait for, with all events that it stops. Who
    settles it frees them all.

    It is opened and closed with the states of its events. People can change only who
    owns it, until when it sleeps and its tags.
    """

    _name = "saas.exception"
    _description = "SaaS case"
    _inherit = ["saas.guarded.mixin", "mail.thread"]
    _order = "date_due, amount_known, amount desc, id"
    _rec_name = "cause_label"
    # Who may read a case may write about it.
    _mail_post_access = "read"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    reason = fields.Selection(
        lambda self: self.env["saas.subscription.event"]._fields["reason"].selection,
        required=True,
        readonly=True,
    )
    cause_key = fields.Char(
        string="Cause",
        required=True,
        readonly=True,
        help="What exactly the events wait for: an id of the source, a code, a month "
        "or a field of the set-up.",
    )
    cause_label = fields.Char(string="What Happened", readonly=True)
    tenant_id = fields.Many2one("saas.tenant", readonly=True, index="btree_not_null")
    state = fields.Selection(
        [("open", "Open"), ("resolved", "Resolved"), ("ignored", "Ignored")],
        required=True,
        readonly=True,
        default="open",
    )
    severity = fields.Selection(
        [(LOW, "Low"), (MEDIUM, "Medium"), (HIGH, "High")],
        required=True,
        readonly=True,
        default=MEDIUM,
    )
    is_closing = fields.Boolean(
        string="Its Month Closes",
        readonly=True,
        help="What waits belongs to a month whose books are about to be closed, so it "
        "is of high severity.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        tracking=True,
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    date_due = fields.Datetime(string="Due", readonly=True)
    snoozed_until = fields.Datetime(tracking=True)
    closed_at = fields.Datetime(readonly=True)
    previous_id = fields.Many2one(
        "saas.exception",
        string="Happened Before",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The case of the same cause that was closed before this one began.",
    )
    amount = fields.Monetary(
        string="At Stake",
        currency_field="company_currency_id",
        readonly=True,
        help="What waits with the events, each document or payment once, in the "
        "company's currency.",
    )
    amount_known = fields.Boolean(
        string="Amount Is Known",
        readonly=True,
        help="All events could be read, and their amounts be converted. Where not, "
        "more may be at stake than is shown.",
    )
    tag_ids = fields.Many2many("saas.exception.tag", string="Tags", check_company=True)
    link_ids = fields.One2many("saas.exception.event", "case_id", readonly=True)

    _open_unique = models.UniqueIndex(
        "(source_id, reason, cause_key) WHERE state = 'open'"
    )
    _cause_index = models.Index("(source_id, reason, cause_key, id)")
    _queue_index = models.Index("(company_id, date_due) WHERE state = 'open'")

    @api.depends("reason", "cause_key")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for case in self:
            case.display_name = f"{labels.get(case.reason)}: {case.cause_key}"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Cases can't be deleted: they say what events waited for. Settle what "
                "it is about, or ignore its events."
            )
        )
