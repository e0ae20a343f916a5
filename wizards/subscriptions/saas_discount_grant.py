from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.review.duties import Decision
from ...models.notification import notify


class SaasDiscountGrant(models.TransientModel):
    """Lets a person give a discount on one subscription or on all of a tenant's, or end
    one that was given.
    """

    _name = "saas.discount.grant"
    _description = "Give a Discount"
    _inherit = ["saas.decision.mixin", "saas.guarded.mixin"]
    _decision = Decision.DISCOUNT
    _check_company_auto = True

    discount_id = fields.Many2one("saas.discount", check_company=True)
    subscription_id = fields.Many2one("saas.subscription", check_company=True)
    tenant_id = fields.Many2one("saas.tenant", check_company=True)
    company_id = fields.Many2one("res.company", compute="_compute_company")
    percent = fields.Char(help="What is taken off, such as 12.5.")
    component = fields.Char(
        help="The code of the one component that it is for. Empty: all of them."
    )
    valid_from = fields.Datetime(
        string="From", required=True, default=fields.Datetime.now
    )
    valid_until = fields.Datetime(
        string="Until",
        help="The first moment at which it counts no more. Empty: it stays.",
    )
    note = fields.Char(
        string="Why", help="Kept with the discount for good, so name no persons."
    )

    @api.depends("discount_id", "subscription_id", "tenant_id")
    def _compute_company(self):
        for wizard in self:
            wizard.company_id = wizard._get_subject().company_id

    def _get_subject(self):
        return self.discount_id or self.subscription_id or self.tenant_id

    # -- what it decides ------------------------------------------------------------

    def _check_decision(self):
        """Raise unless the user may do it, and all that it needs is chosen."""
        subject = self._get_subject()
        if not subject:
            raise UserError(self.env._("Choose a subscription or a tenant."))
        subject._check_may_act("reviewer")
        if self.discount_id:
            if not self.valid_until:
                raise UserError(self.env._("Say when the discount ends."))
            return
        if self.subscription_id and self.tenant_id:
            raise UserError(
                self.env._("Choose one subscription, or a tenant for all of its own.")
            )
        if self.valid_until and self.valid_until <= self.valid_from:
            raise UserError(self.env._("A discount can't end before it begins."))
        if not self.percent:
            raise UserError(self.env._("Say what is taken off, in percent."))
        if self.component:
            self._check_component()

    def _check_component(self):
        """Raise unless one of the plans that are meant has such a component."""
        held = self.subscription_id or self.tenant_id.subscription_ids
        codes = set(held.plan_version_id.component_ids.mapped("code"))
        if self.component not in codes:
            raise UserError(
                self.env._(
                    "No plan of it has a component %(code)s. It has: %(codes)s.",
                    code=self.component,
                    codes=", ".join(sorted(codes)) or "–",
                )
            )

    def _get_shown_events(self):
        """No event waits for a discount."""
        return self.env["saas.subscription.event"]

    def _read_subject(self):
        return [
            self.discount_id.id,
            str(self.discount_id.valid_until),
            self.subscription_id.id,
            self.tenant_id.id,
        ]

    def _get_decided_sources(self):
        return self._get_subject().sudo()._get_log_source()

    def _get_amount(self):
        """Nobody knows what it comes to: it counts for all that is billed then."""
        return None

    def _name_subject(self):
        return [self._get_subject().display_name]

    def _decide(self):
        """Give the discount, or end it."""
        if self.discount_id:
            self.discount_id._end(self.valid_until)
            return notify(self.env._("The discount ends then."), close=True)
        self.env["saas.discount"]._grant(
            {
                "company_id": self.company_id.id,
                "subscription_id": self.subscription_id.id,
                "tenant_id": self.tenant_id.id,
                "component": self.component or False,
                "percent": self.percent,
                "valid_from": self.valid_from,
                "valid_until": self.valid_until,
                "note": self.note or False,
            }
        )
        return notify(self.env._("The discount is given."), close=True)
