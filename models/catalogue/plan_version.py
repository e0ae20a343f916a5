from odoo import Command, api, fields, models

from ...canonical.actions import Action
from ...canonical.catalogue.errors import PlanProblem, UnusablePlan


class SaasPlanVersion(models.Model):
    """A plan as it is sold from a day on: its components with their prices. A draft may
    be changed; once published, it stays as it is and can only be retired. Customers who
    have a version keep it, whatever comes after.
    """

    _name = "saas.plan.version"
    _description = "SaaS version of a plan"
    _inherit = ["saas.published.mixin"]
    _order = "plan_id, number desc"
    _rec_names_search = ["plan_id.name", "plan_id.code"]
    _part_of = "plan_id"

    plan_id = fields.Many2one("saas.plan", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    number = fields.Integer(
        string="Version", compute="_compute_number", store=True, precompute=True
    )
    name = fields.Char(compute="_compute_name")
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    valid_from = fields.Date(
        default=fields.Date.context_today,
        help="The first day on which this version is sold.",
    )
    retired_on = fields.Date(
        readonly=True,
        copy=False,
        help="From this day on, nobody gets this version. Who has it keeps it.",
    )
    component_ids = fields.One2many(
        "saas.plan.component", "version_id", string="Components"
    )
    feature_ids = fields.One2many("saas.plan.feature", "version_id", string="Features")
    own_price_count = fields.Integer(compute="_compute_own_price_count")

    _number_unique = models.UniqueIndex("(plan_id, number)")

    @api.depends("plan_id")
    def _compute_number(self):
        highest = dict(
            self.sudo()._read_group(
                [("plan_id", "in", self.plan_id.ids)], ["plan_id"], ["number:max"]
            )
        )
        for version in self:
            plan = version.plan_id
            version.number = highest[plan] = highest.get(plan, 0) + 1

    @api.depends("plan_id.name", "number")
    def _compute_name(self):
        for version in self:
            version.name = f"{version.plan_id.name or ''} {version.number}"

    @api.depends("name")
    def _compute_display_name(self):
        for version in self:
            version.display_name = version.name

    def _compute_own_price_count(self):
        counts = dict(
            self.env["saas.price"]._read_group(
                [("version_id", "in", self.ids), ("tenant_id", "!=", False)],
                ["version_id"],
                ["__count"],
            )
        )
        for version in self:
            version.own_price_count = counts.get(version, 0)

    def write(self, vals):
        if vals.get("state") == "published":
            self.check_access("write")
            self.sudo()._check_complete()
        return super().write(vals)

    # -- what is published ----------------------------------------------------------

    def _get_versions(self):
        return self

    def _get_closed(self, operation, vals):
        """A published version may be retired, and nothing else."""
        closed = super()._get_closed(operation, vals)
        if operation == "write" and vals.keys() == {"state", "retired_on"}:
            if vals["state"] == "retired":
                return self.filtered(lambda version: version.state != "published")
        return closed

    def action_publish(self):
        """Publish drafts that are complete: from then on they stay as they are."""
        self._check_may_act("manager")
        self.sudo().write({"state": "published"})
        self.env["saas.exception"]._free_plans(self.company_id)
        self._log_state("published")

    def action_retire(self):
        """Sell published versions no more from today on. Who has one keeps it."""
        self._check_may_act("manager")
        today = fields.Date.context_today(self)
        self.sudo().write({"state": "retired", "retired_on": today})
        self._log_state("retired")

    def action_new_version(self):
        """Open the plan's draft; where it has none, a copy of this version."""
        self._check_may_act("manager")
        self.ensure_one()
        drafts = self.plan_id.version_ids.filtered(lambda each: each.state == "draft")
        draft = drafts[:1] or self.create(self._prepare_copy_vals())
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Version of a Plan"),
                "res_model": self._name,
                "res_id": draft.id,
                "views": [[False, "form"]],
            }
        )

    def action_view_own_prices(self):
        """Show what tenants have agreed for themselves about this version."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_own_price_action"
        )
        own = [("version_id", "=", self.id), ("tenant_id", "!=", False)]
        return self._in_company({**action, "domain": own})

    def _prepare_copy_vals(self):
        """Return the values of a draft that is like this version. What tenants agreed
        for themselves stays with the version that it was agreed about.
        """
        return {
            "plan_id": self.plan_id.id,
            "component_ids": [
                Command.create(component._prepare_copy_vals())
                for component in self.component_ids
            ],
            "feature_ids": [
                Command.create(vals) for vals in self.feature_ids._prepare_copy_vals()
            ],
        }

    def _log_state(self, state):
        """Note in the log that a person brought versions to a state."""
        rows = self._prepare_log_rows(Action.CHANGED_BY_PERSON, f"state: {state}")
        self.env["saas.sync.log"].sudo()._append(rows)

    def _check_has_prices(self, currency):
        """Raise unless each component has a price for all customers of a currency.

        :raises UnusablePlan: with the names of those that have none.
        """
        self.ensure_one()
        lacking = self.component_ids.filtered(
            lambda component: currency not in component._get_currencies()
        )
        if lacking or not self.component_ids:
            raise UnusablePlan(
                PlanProblem.NO_PRICE,
                self.env._(
                    "%(version)s has no price in %(currency)s for %(components)s. "
                    "Publish a new version that has one, or sell it in another "
                    "currency.",
                    version=self.name,
                    currency=currency.name,
                    components=", ".join(lacking.mapped("name")),
                ),
            )
