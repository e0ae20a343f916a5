from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...canonical.actions import Action
from ...canonical.catalogue.decimals import InvalidPrice, read_decimal
from ...canonical.marks import RELINKING
from ...canonical.subscriptions.discount import Discount
from .change import aware

#: Digits of a percentage before and after the point.
_DIGITS = (3, 6)


class SaasDiscount(models.Model):
    """What is taken off the prices of one subscription, or of all that a tenant has,
    for a time. Of several that count at once, the highest does.

    What was given stays: only its end is set later. Whoever changes it changes what the
    periods since then should cost, and the billing run books the difference.
    """

    _name = "saas.discount"
    _description = "SaaS discount"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True
    _order = "valid_from desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    tenant_id = fields.Many2one(
        "saas.tenant",
        readonly=True,
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        help="Who has it for all subscriptions.",
    )
    subscription_id = fields.Many2one(
        "saas.subscription",
        readonly=True,
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        help="What it is for alone.",
    )
    component = fields.Char(
        readonly=True,
        help="The code of the one component that it is for. Empty: all of them.",
    )
    percent = fields.Char(
        required=True, readonly=True, help="What is taken off, such as 12.5."
    )
    valid_from = fields.Datetime(required=True, readonly=True)
    valid_until = fields.Datetime(
        readonly=True, help="The first moment at which it counts no more."
    )
    note = fields.Char(readonly=True, help="Why it was given.")
    user_id = fields.Many2one(
        "res.users", string="Given By", readonly=True, ondelete="restrict"
    )
    is_current = fields.Boolean(
        string="Counts Now", compute="_compute_is_current", search="_search_is_current"
    )

    _target_check = models.Constraint(
        "CHECK ((tenant_id IS NULL) <> (subscription_id IS NULL))",
        "A discount is for one subscription, or for all of a tenant's.",
    )
    _dates_check = models.Constraint(
        "CHECK (valid_until IS NULL OR valid_until >= valid_from)",
        "A discount can't end before it begins.",
    )

    @api.constrains("percent")
    def _check_percent(self):
        for discount in self:
            try:
                percent = read_decimal(discount.percent, "percent", _DIGITS)
            except InvalidPrice:
                percent = None
            if percent is None or not 0 < percent <= 100:
                raise ValidationError(
                    self.env._(
                        "%s is no percentage above 0 and up to 100, such as 12.5.",
                        discount.percent,
                    )
                )

    @api.depends("percent", "component")
    def _compute_display_name(self):
        for discount in self:
            parts = [f"{discount.percent} %", discount.component or ""]
            discount.display_name = " ".join(filter(None, parts))

    @api.depends("valid_from", "valid_until")
    def _compute_is_current(self):
        now = fields.Datetime.now()
        for discount in self:
            discount.is_current = discount.valid_from <= now and (
                not discount.valid_until or now < discount.valid_until
            )

    @api.model
    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        current = Domain("valid_from", "<=", now) & (
            Domain("valid_until", "=", False) | Domain("valid_until", ">", now)
        )
        return current if True in value else ~current

    # -- what was given stays ------------------------------------------------------

    def write(self, vals):
        allowed = {"valid_until"}
        if RELINKING.is_in(self.env):
            # Two tenants turned out to be one.
            allowed |= {"tenant_id"}
        if self and (not self.env.su or vals.keys() - allowed):
            raise AccessError(
                self.env._(
                    "A discount stays as it was given. End it, and give another one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Discounts can't be deleted: they say why a bill was lower. End the "
                "discount instead."
            )
        )

    def _get_log_source(self):
        """Return the source in whose log a change of it is noted."""
        return (self.subscription_id or self.tenant_id)._get_log_source()

    @api.model
    def _grant(self, vals):
        """Give a discount; the caller has checked that the user may."""
        discount = self.sudo().create({**vals, "user_id": self.env.uid})
        discount._concern(discount.valid_from)
        discount._note(Action.DISCOUNT_GRANTED)
        return discount

    def _end(self, moment):
        """End a discount; the caller has checked that the user may.

        :param moment: the first one at which it counts no more.
        """
        self.ensure_one()
        discount = self.sudo()
        known = discount.valid_until
        moment = max(moment, discount.valid_from)
        discount.valid_until = moment
        discount._concern(min(known, moment) if known else moment)
        discount._note(Action.DISCOUNT_ENDED)

    def _concern(self, moment):
        """Have the billing run look again at all that this is for, and count what
        recurs.
        """
        subscriptions = self.subscription_id | self.tenant_id.subscription_ids
        subscriptions.filtered("is_managed")._look_again(moment)
        self.env["saas.mrr.movement"]._refresh(subscriptions.tenant_id)

    def _note(self, action):
        detail = f"{self.percent} % {self.valid_from} – {self.valid_until or ''}"
        self.env["saas.sync.log"].sudo()._append(self._prepare_log_rows(action, detail))

    @api.model
    def _read_for(self, subscriptions):
        """Return by subscription the discounts that it ever has, as
        :class:`~...canonical.subscriptions.discount.Discount`.
        """
        rows = self.sudo().search_fetch(
            Domain("subscription_id", "in", subscriptions.ids)
            | Domain("tenant_id", "in", subscriptions.tenant_id.ids),
            order="id",
        )
        own, shared = rows.grouped("subscription_id"), rows.grouped("tenant_id")
        return {
            subscription: [
                row._make_discount()
                for row in own.get(subscription, rows.browse())
                | shared.get(subscription.tenant_id, rows.browse())
            ]
            for subscription in subscriptions
        }

    def _make_discount(self):
        return Discount(
            Fraction(self.percent) / 100,
            aware(self.valid_from),
            aware(self.valid_until) or None,
            self.component or "",
        )
