from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...canonical.catalogue.errors import PlanProblem, UnusablePlan
from ...canonical.catalogue.terms import CODE


class SaasPlan(models.Model):
    """What is sold, under one name and one code, in versions. Other systems name it by
    its code. What it costs is in its versions, each of which stays as it was published.
    """

    _name = "saas.plan"
    _description = "SaaS plan"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True
    _order = "name, id"

    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="The name that other systems know the plan by: letters, digits, points, "
        "dashes and underscores.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    group_id = fields.Many2one(
        "saas.plan.group",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Which plans it is looked at with in reports. What tenants move between "
        "plans of one group, the group neither wins nor loses.",
    )
    active = fields.Boolean(default=True)
    description = fields.Text()
    version_ids = fields.One2many("saas.plan.version", "plan_id", string="Versions")
    current_version_id = fields.Many2one(
        "saas.plan.version",
        compute="_compute_versions",
        string="Sold Now",
        help="The version that new subscriptions get today.",
    )
    has_draft = fields.Boolean(compute="_compute_versions")

    _code_unique = models.UniqueIndex(
        "(company_id, code)",
        "There is a plan with this code already. Choose another code.",
    )

    @api.depends(
        *("version_ids.state", "version_ids.valid_from", "version_ids.retired_on"),
    )
    def _compute_versions(self):
        today = fields.Date.context_today(self)
        for plan in self:
            plan.current_version_id = plan._get_sold(today)
            plan.has_draft = "draft" in plan.version_ids.mapped("state")

    @api.constrains("code")
    def _check_code(self):
        check_codes(self)

    def write(self, vals):
        self.check_access("write")
        changed = self.filtered(lambda plan: plan.code != vals.get("code", plan.code))
        if set(changed.sudo().version_ids.mapped("state")) - {"draft"}:
            raise UserError(
                self.env._(
                    "The code can't be changed once a version is published: other "
                    "systems name the plan by it. Create another plan instead."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if set(self.sudo().version_ids.mapped("state")) - {"draft"}:
            raise UserError(
                self.env._(
                    "A plan with a published version can't be deleted: customers may "
                    "have it. Archive it instead."
                )
            )

    def action_new_version(self):
        """Open the plan's draft; where it has none, a copy of its newest version, and
        an empty one for a new plan.
        """
        self._check_may_act("manager")
        self.ensure_one()
        newest = self.version_ids.sorted("number")[-1:]
        if not newest:
            newest = self.env["saas.plan.version"].create({"plan_id": self.id})
        return newest.action_new_version()

    @api.model
    def _find_version(self, company, code, moment, number=None, currency=None):
        """Return the version that a subscription to a plan gets.

        :param code: the plan's code.
        :param moment: the day of the sale, in the customer's time zone, or an aware
            moment, whose own day counts.
        :param number: the version that is asked for by name; it may be retired, since a
            customer keeps what they have. Without one, it is the newest that was sold
            on that day.
        :param currency: a ``res.currency``: each component must have a price in it.
        :raises UnusablePlan: with the problem and a sentence for people.
        """
        plan = self.with_context(active_test=False).search(
            [("company_id", "=", company.id), ("code", "=", code)]
        )
        if not plan:
            raise UnusablePlan(
                PlanProblem.UNKNOWN_PLAN,
                self.env._(
                    "There is no plan with the code %s. Create it and publish a "
                    "version of it, or correct the code at the sender.",
                    code,
                ),
            )
        day = moment.date() if isinstance(moment, datetime) else moment
        version = plan._get_sold(day) if number is None else plan._get_numbered(number)
        if not version:
            raise UnusablePlan(
                PlanProblem.NOT_SOLD,
                self.env._(
                    "No version of the plan %(code)s is sold on %(day)s. Publish one "
                    "that is valid from that day or earlier.",
                    code=code,
                    day=day.isoformat(),
                ),
            )
        if currency:
            version._check_has_prices(currency)
        return version

    def _get_sold(self, day):
        """Return the newest version that is sold on a day, as it was known since: one
        that was retired later was sold then.
        """
        self.ensure_one()
        return self.version_ids.filtered(
            lambda version: (
                version.state != "draft"
                and version.valid_from <= day
                and (not version.retired_on or version.retired_on > day)
            )
        ).sorted(lambda version: (version.valid_from, version.number))[-1:]

    def _get_numbered(self, number):
        """Return a version by its number, if it was ever published.

        :raises UnusablePlan: if it was not.
        """
        version = self.version_ids.filtered(lambda each: each.number == number)
        if not version:
            raise UnusablePlan(
                PlanProblem.UNKNOWN_VERSION,
                self.env._(
                    "The plan %(code)s has no version %(number)s. Correct the number "
                    "at the sender, or leave it out.",
                    code=self.code,
                    number=number,
                ),
            )
        if version.state == "draft":
            raise UnusablePlan(
                PlanProblem.NOT_PUBLISHED,
                self.env._(
                    "Version %(number)s of the plan %(code)s is a draft. Publish it "
                    "first.",
                    code=self.code,
                    number=number,
                ),
            )
        return version

    def _get_log_source(self):
        """Return the source in whose log a change is noted: its company's first."""
        return self._get_log_of_company()


def check_codes(records):
    """Raise unless the codes of records are ones that other systems can name."""
    for record in records:
        if not CODE.fullmatch(record.code):
            raise ValidationError(
                record.env._(
                    "%s is no code. Write up to 64 letters, digits, points, dashes or "
                    "underscores, and begin with a letter or a digit.",
                    record.code,
                )
            )
