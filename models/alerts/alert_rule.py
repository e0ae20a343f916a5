from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...canonical.review.alerts import (
    COUNTED,
    DEFAULTS,
    LONGEST_WINDOW,
    AlertKind,
    Limits,
)
from ...canonical.review.severity import HIGH, LOW, MEDIUM
from ..big_integer import BigInteger
from . import texts


class SaasAlertRule(models.Model):
    """From where on a company is told that something goes wrong, and who is. Each
    company has one rule of each kind; an integration manager adjusts it.
    """

    _name = "saas.alert.rule"
    _description = "SaaS alert rule"
    _inherit = ["saas.guarded.mixin"]
    _order = "company_id, id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [(kind.value, label) for kind, label in texts.LABELS.items()],
        string="What",
        required=True,
        readonly=True,
    )
    unit = fields.Char(compute="_compute_texts", string="Measured In")
    meaning = fields.Char(compute="_compute_texts")
    threshold = BigInteger(
        string="Raised Beyond",
        required=True,
        help="An alert is raised when the value is beyond this one: above it, and "
        "below it where days are left.",
    )
    clear_threshold = BigInteger(
        string="Over At",
        required=True,
        help="All is well again when the value has come back to this one. Between the "
        "two an alert is neither raised nor over.",
    )
    calm_minutes = fields.Integer(
        string="Well For (minutes)",
        required=True,
        help="An alert is over when all was well for so long without a break.",
    )
    window_minutes = fields.Integer(
        string="Within (minutes)",
        help="Over how many minutes is counted what came.",
    )
    is_counted = fields.Boolean(compute="_compute_texts")
    severity = fields.Selection(
        [(LOW, "Low"), (MEDIUM, "Medium"), (HIGH, "High")], required=True
    )
    role = fields.Selection(
        [
            ("operator", "Operators"),
            ("manager", "Integration managers"),
            ("reviewer", "Finance reviewers"),
            ("approver", "Finance approvers"),
        ],
        string="Tells",
        required=True,
        help="Who of the company gets the mail.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Tells Only",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="If anybody is named here, they get the mail and nobody else.",
    )
    remind_hours = fields.Integer(
        string="Told Again After (hours)",
        required=True,
        help="An alert that is still raised is told again after so many hours, or when "
        "it is twice as bad as it was.",
    )
    active = fields.Boolean(default=True)

    _kind_unique = models.UniqueIndex(
        "(company_id, kind)", "A company has one rule of each kind. Change that one."
    )
    _times_positive = models.Constraint(
        "CHECK (threshold >= 0 AND clear_threshold >= 0 AND calm_minutes >= 0"
        " AND window_minutes >= 0 AND remind_hours > 0)",
        "The limits and times of a rule can't be negative, and an alert is told again "
        "after an hour at the earliest.",
    )

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for rule in self:
            rule.display_name = labels.get(rule.kind)

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_texts(self):
        units, meanings = texts.get_units(self.env), texts.get_meanings(self.env)
        for rule in self:
            kind = AlertKind(rule.kind) if rule.kind else None
            rule.unit, rule.meaning = units.get(kind), meanings.get(kind)
            rule.is_counted = kind in COUNTED

    @api.constrains("threshold", "clear_threshold")
    def _check_limits(self):
        for rule in self:
            if not rule._get_limits().are_in_order:
                raise ValidationError(
                    self.env._(
                        "With these limits an alert would be raised and over at the "
                        "same time. Let it be over on the good side of the value "
                        "beyond which it is raised."
                    )
                )

    @api.constrains("window_minutes")
    def _check_window(self):
        for rule in self.filtered("is_counted"):
            if not 0 < rule.window_minutes <= LONGEST_WINDOW:
                raise ValidationError(
                    self.env._(
                        "Count over a minute at least and a day at most: from 1 to %s "
                        "minutes.",
                        LONGEST_WINDOW,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            # Nobody looks any more, so nobody would see that it is over.
            self.env["saas.alert"].sudo().search(
                [("rule_id", "in", self.ids), ("state", "=", "open")]
            )._clear(fields.Datetime.now())
        return result

    def _get_limits(self):
        """Return from where on this rule raises an alert, and when it is over."""
        self.ensure_one()
        return Limits(AlertKind(self.kind), self.threshold, self.clear_threshold)

    @api.model
    def _ensure_all(self):
        """Create the rules that companies lack: at the installation, and after an
        upgrade that brings kinds of alerts.
        """
        self._ensure(self.env["res.company"].sudo().search(fields.Domain.TRUE))

    @api.model
    def _ensure(self, companies):
        """Create the rules that companies lack, as they are at first."""
        rules = self.sudo().with_context(active_test=False)
        there = {
            (rule.company_id.id, rule.kind)
            for rule in rules.search([("company_id", "in", companies.ids)])
        }
        rules.create(
            [
                {
                    "company_id": company.id,
                    "kind": kind.value,
                    "threshold": default.threshold,
                    "clear_threshold": default.clear,
                    "calm_minutes": default.calm,
                    "window_minutes": default.window,
                    "severity": default.severity,
                    "role": default.role,
                    "remind_hours": default.remind,
                }
                for company in companies
                for kind, default in DEFAULTS.items()
                if (company.id, kind.value) not in there
            ]
        )

    def _get_log_source(self):
        """Return the source in whose log a change of this rule is noted: the first one
        of its company.
        """
        self.ensure_one()
        return self._get_log_of_company()
