from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ...canonical.review.alerts import AlertKind
from ...canonical.review.severity import HIGH, LOW, MEDIUM
from ..big_integer import BigInteger
from . import texts


class SaasAlert(models.Model):
    """Something goes wrong at a source, or has gone wrong and is over. There is one
    that is open for each rule and source at most. Only code writes it.
    """

    _name = "saas.alert"
    _description = "SaaS alert"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"

    rule_id = fields.Many2one(
        "saas.alert.rule", required=True, readonly=True, ondelete="cascade"
    )
    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    kind = fields.Selection(related="rule_id.kind", string="What", store=True)
    severity = fields.Selection(
        [(LOW, "Low"), (MEDIUM, "Medium"), (HIGH, "High")],
        required=True,
        readonly=True,
        default=MEDIUM,
    )
    state = fields.Selection(
        [("open", "Open"), ("cleared", "Over")],
        required=True,
        readonly=True,
        default="open",
    )
    value = BigInteger(readonly=True, help="What was found when it was last looked at.")
    worst = BigInteger(
        string="Worst Value", readonly=True, help="The worst value that was found."
    )
    about = fields.Char(readonly=True)
    times = fields.Integer(
        string="Raised",
        readonly=True,
        default=1,
        help="How often it was raised: what comes back soon after it was over is the "
        "same alert.",
    )
    opened_at = fields.Datetime(
        string="Since", required=True, readonly=True, default=fields.Datetime.now
    )
    calm_since = fields.Datetime(
        string="Well Since",
        readonly=True,
        help="Since when all is well; it is over when this holds for as long as the "
        "rule says.",
    )
    cleared_at = fields.Datetime(string="Over Since", readonly=True)
    told_at = fields.Datetime(
        string="Mailed", readonly=True, help="When a mail last told of it."
    )
    told_value = BigInteger(string="Value in the Mail", readonly=True)
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")
    summary = fields.Char(compute="_compute_texts")
    next_step = fields.Text(compute="_compute_texts")

    _open_unique = models.UniqueIndex("(rule_id, source_id) WHERE state = 'open'")
    _told_index = models.Index("(rule_id, told_at)")
    _company_index = models.Index("(company_id) WHERE state = 'open'")

    @api.depends("kind", "value", "about", "source_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        sentences = texts.get_sentences(self.env)
        steps = texts.get_next_steps(self.env)
        for alert in self:
            kind = AlertKind(alert.kind) if alert.kind else None
            alert.next_step = steps.get(kind)
            alert.summary = sentences.get(kind, "") % {
                "source": alert.source_id.name,
                "value": formatLang(self.env, alert.value, digits=0),
                "about": alert.about or "",
            }

    @api.depends("summary")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for alert in self:
            alert.display_name = alert.summary

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Alerts can't be deleted: they say what went wrong and when. Mend what "
                "it is about, and it is over by itself."
            )
        )
