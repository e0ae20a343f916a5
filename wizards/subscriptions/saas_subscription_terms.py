from datetime import UTC
from decimal import Decimal

from pydantic import ValidationError

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_partner import _tz_get

from ...canonical.catalogue.decimals import QUANTITY_DIGITS, InvalidPrice, read_decimal
from ...canonical.catalogue.terms import ComponentKind
from ...canonical.facts import HeldQuantity, Holding, SubscriptionChange, TermTold
from .saas_subscription_amend import KINDS

#: What tells what is held.
_HOLDING = ("start", "activate", "change", "renew")


class SaasSubscriptionAmend(models.TransientModel):
    """The terms that a person chooses. They begin as they are now; what stays is not
    told anew.
    """

    _inherit = "saas.subscription.amend"

    plan_version_id = fields.Many2one(
        "saas.plan.version",
        string="Plan",
        check_company=True,
        domain="[('state', '=', 'published')]",
    )
    currency_id = fields.Many2one("res.currency")
    line_ids = fields.One2many(
        "saas.subscription.amend.line",
        "wizard_id",
        string="Quantities",
        copy=True,
    )
    trial_end = fields.Datetime(
        string="Trial Until", help="Until then nothing is charged."
    )
    anchor = fields.Datetime(
        string="Periods From",
        help="What periods are counted from. Empty: from the activation.",
    )
    tz = fields.Selection(_tz_get, string="Time Zone")
    purchase_order = fields.Char()
    term_months = fields.Integer(string="Term in Months")
    term_end = fields.Datetime(string="Term Until", help="Empty: after so many months.")
    auto_renew = fields.Boolean(string="Renews Itself")
    notice_days = fields.Integer(string="Days of Notice")

    @api.model
    def default_get(self, fields):
        """Begin with the terms as they are now."""
        values = super().default_get(fields)
        known = self.env["saas.subscription"].browse(values.get("subscription_id"))
        tenant = self.env["saas.tenant"].browse(values.get("tenant_id"))
        now = self._read_current(known, known.tenant_id or tenant)
        return {**{name: now[name] for name in fields if name in now}, **values}

    def _read_current(self, known, tenant):
        """Return the values of what a subscription holds now; of a new one, what is
        likely for the tenant.
        """
        company = tenant.company_id or self.env.company
        currency = known.currency_id or tenant.currency_id or company.currency_id
        return {
            "plan_version_id": known.plan_version_id.id,
            "currency_id": currency.id,
            "tz": known.tz or (known.source_id or tenant._get_log_source()).tz,
            "purchase_order": known.purchase_order,
            "term_months": known.term_months,
            "auto_renew": known.auto_renew,
            "notice_days": known.notice_days,
        }

    @api.model_create_multi
    def create(self, vals_list):
        """List what there is to hold, where that is not told."""
        wizards = super().create(vals_list)
        for wizard in wizards:
            listed = wizard.line_ids.component_id.version_id
            if wizard.plan_version_id and listed != wizard.plan_version_id:
                wizard._list_components()
        return wizards

    @api.onchange("plan_version_id")
    def _list_components(self):
        """List the components of the plan, with what is held of them now."""
        held = {
            line.external_id: line.stated_quantity
            for line in self.subscription_id.line_ids
        }
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "component_id": component.id,
                        "quantity": held.get(component.code)
                        or ("1" if component.kind == ComponentKind.FLAT else "0"),
                    }
                )
                for component in self.plan_version_id.component_ids
                if component.kind != ComponentKind.USAGE
            ),
        ]

    # -- as a change -------------------------------------------------------------------

    def _make_fact(self):
        """Return what is chosen as the change that it is.

        :raises UserError: if something of it is no value that a change can have.
        """
        self.ensure_one()
        known = self.subscription_id
        try:
            return SubscriptionChange(
                external_id=self.key,
                customer=self.tenant_id.ref or str(self.tenant_id.id),
                subscription=known.external_id or self.reference,
                change=KINDS[self.kind],
                effective_at=self._find_moment().replace(tzinfo=UTC),
                known_at=known._find_known_now(),
                at_period_end=self.kind == "cancel" and self.when == "period_end",
                withdraws=self.withdraw_id.key if self.kind == "withdraw" else "",
                **(self._read_terms() if self.kind in _HOLDING else {}),
            )
        except ValidationError as error:
            fields_ = sorted({str(each["loc"][0]) for each in error.errors()})
            raise UserError(
                self.env._("Correct what can't be so: %s.", ", ".join(fields_))
            ) from error

    def _find_moment(self):
        """Return since when it is so, as Odoo stores it. What ends with a period is
        told for now.
        """
        if self.when == "date" or self.kind == "start":
            return self.moment
        if self.when == "period_end" and self.kind != "cancel":
            return self._get_period_end()
        return fields.Datetime.now()

    def _get_period_end(self):
        return self.subscription_id.period_end

    def _read_terms(self):
        """Return the terms that a change tells: what is other than now, and all of what
        begins.
        """
        known, is_new = self.subscription_id, self.kind == "start"
        terms = {"trial_end": self.trial_end and self.trial_end.replace(tzinfo=UTC)}
        terms["anchor"] = self.anchor and self.anchor.replace(tzinfo=UTC)
        terms = {name: value or None for name, value in terms.items()}
        if is_new or self._is_held_otherwise():
            terms["holding"] = self._read_holding()
        if is_new or (self.tz and self.tz != known.tz):
            terms["timezone"] = self.tz or None
        if (self.purchase_order or "") != (known.purchase_order or ""):
            terms["purchase_order"] = self.purchase_order or ""
        if self.kind == "renew" or self._has_other_term():
            terms["term"] = TermTold(
                months=self.term_months,
                ends_at=self.term_end.replace(tzinfo=UTC) if self.term_end else None,
                auto_renew=self.auto_renew,
                notice_days=self.notice_days,
            )
        return terms

    def _has_other_term(self):
        known = self.subscription_id
        return bool(self.term_end) or any(
            self[name] != known[name]
            for name in ("term_months", "auto_renew", "notice_days")
        )

    def _is_held_otherwise(self):
        """Return whether another plan, currency or quantity is chosen than is held."""
        known = self.subscription_id
        held = {line.external_id: line.stated_quantity for line in known.line_ids}
        return (
            self.plan_version_id != known.plan_version_id
            or self.currency_id != known.currency_id
            or {line.code: line.quantity for line in self.line_ids} != held
        )

    def _read_holding(self):
        version = self.plan_version_id
        if not version or not self.currency_id:
            raise UserError(self.env._("Choose a plan and a currency."))
        return Holding(
            plan=version.plan_id.code,
            plan_version=version.number,
            currency=self.currency_id.name,
            quantities=tuple(
                HeldQuantity(component=line.code, quantity=line._read_quantity())
                for line in self.line_ids
            ),
        )


class SaasSubscriptionAmendLine(models.TransientModel):
    """How many of one component are held."""

    _name = "saas.subscription.amend.line"
    _description = "Quantity of a Component"
    _inherit = ["saas.guarded.mixin"]

    wizard_id = fields.Many2one(
        "saas.subscription.amend",
        required=True,
        ondelete="cascade",
        # What is proposed is compared with what it is when it is signed.
        copy=False,
    )
    component_id = fields.Many2one("saas.plan.component", required=True)
    company_id = fields.Many2one(related="component_id.company_id")
    code = fields.Char(related="component_id.code")
    quantity = fields.Char(required=True, help="How many, such as 5 or 2.5.")

    def _read_quantity(self):
        """Return the quantity as an exact Decimal.

        :raises UserError: if it is none.
        """
        try:
            read_decimal(self.quantity, "quantity", QUANTITY_DIGITS)
        except InvalidPrice as error:
            raise UserError(
                self.env._(
                    "%(quantity)s is no quantity of %(component)s. Write a number such "
                    "as 5 or 2.5.",
                    quantity=self.quantity or "–",
                    component=self.component_id.name,
                )
            ) from error
        return Decimal(self.quantity)
