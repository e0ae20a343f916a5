from odoo import api, fields, models

from ...canonical.kinds import Kind
from ...canonical.money import to_minor
from ..roles import FINANCE


class SaasRisk(models.Model):
    """A payment or a customer that a source doubts: a warning of fraud, or a review.
    While it is open, nothing is collected from its tenant. Nothing is booked from it.

    ``payment_ref`` is the payment's id at the source. The newest snapshot counts; a
    person may clear it, which stays so until the source tells something newer.
    """

    _name = "saas.risk"
    _description = "SaaS risk"
    _inherit = ["saas.assignable.mixin"]
    _order = "opened_at desc, id desc"
    _rec_name = "external_id"
    _check_company_auto = True
    _page_kind = Kind.RISK

    external_id = fields.Char(string="Reference", required=True, readonly=True)
    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    tenant_id = fields.Many2one("saas.tenant", readonly=True, index="btree_not_null")
    payment_id = fields.Many2one(
        "account.payment", readonly=True, check_company=True, index="btree_not_null"
    )
    payment_ref = fields.Char(string="Payment at the Source", readonly=True)
    form = fields.Selection(
        [
            ("warning", "Fraud warning"),
            ("review", "Review"),
            ("flag", "Flag"),
        ],
        string="What It Is",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("open", "Open"), ("cleared", "Cleared")],
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    reason = fields.Char(
        readonly=True, tracking=True, help="Why, in the source's own word."
    )
    is_actionable = fields.Boolean(
        string="Can Still Be Averted",
        readonly=True,
        help="A refund now may spare a dispute. Where not, the payment is disputed or "
        "refunded already.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(
        string="At Risk",
        readonly=True,
        help="What of the payment is not refunded; where the payment is not booked "
        "here, what the source says.",
    )
    told_amount = fields.Monetary(
        string="At Risk as Told",
        readonly=True,
        help="What the source says is at risk, where it says so.",
    )
    is_amount_told = fields.Boolean(readonly=True)
    company_currency_id = fields.Many2one(
        "res.currency", string="Company Currency", related="company_id.currency_id"
    )
    amount_company = fields.Monetary(
        string="At Risk in the Company's Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    is_amount_known = fields.Boolean(
        string="Amount Is Known",
        readonly=True,
        help="The payment is booked here or the source says how much it is, and it "
        "could be converted to the company's currency.",
    )
    opened_at = fields.Datetime(string="Flagged", readonly=True)
    closed_at = fields.Datetime(string="Cleared On", readonly=True)
    cleared_by_id = fields.Many2one(
        "res.users",
        string="Cleared by",
        readonly=True,
        help="Who cleared it here. Empty: its source did.",
    )
    case_ids = fields.One2many("saas.exception", "risk_id", string="Cases")

    _external_unique = models.UniqueIndex("(source_id, external_id)")
    _payment_index = models.Index(
        "(source_id, payment_ref) WHERE payment_ref IS NOT NULL"
    )

    @api.model
    def _find_of_payments(self, source, refs):
        """Return the risks of a source's payments that have one of these ids."""
        return self.search(
            [("source_id", "=", source.id), ("payment_ref", "in", list(refs))]
        )

    def _describe(self):
        """Return what this risk is, in one line without personal data."""
        forms = dict(self._fields["form"]._description_selection(self.env))
        told = (f"{forms[self.form]} {self.external_id}", self.reason)
        return ": ".join(filter(None, told))

    def _to_json(self):
        """Return what others may know of this risk, as plain JSON without what is
        personal; the amount is in minor units, and null where nobody knows it.
        """
        self.ensure_one()
        places = self.currency_id.decimal_places
        return {
            "external_id": self.external_id,
            "form": self.form,
            "state": self.state,
            "reason": self.reason or "",
            "is_actionable": self.is_actionable,
            "payment": self.payment_ref or "",
            "amount": to_minor(self.amount, places) if self.is_amount_known else None,
            "currency": self.currency_id.name or "",
            "exponent": places,
            "is_tenant_at_risk": self.tenant_id.risk == "open",
        }

    def _clear_by_person(self):
        """Note that the user has cleared this risk, which is open: its tenant pays as
        before, and its case is closed. Who calls this has checked that they may.
        """
        self.ensure_one()
        self.sudo().write(
            {
                "state": "cleared",
                "closed_at": fields.Datetime.now(),
                "cleared_by_id": self.env.uid,
            }
        )
        self._follow_state()

    def _follow_state(self, events=None):
        """Bring to the state of these risks what depends on it: their cases, and what
        was held back of their tenants.

        :param events: the events that have just told of them, by risk.
        """
        risks = self.sudo()
        self.env["saas.exception"]._follow_risks(risks, events)
        free = risks.tenant_id - risks.tenant_id._filter_collection_stopped()
        self.env["saas.collection"]._go_on_without_risk(free)

    def action_clear(self):
        """Ask why this risk is none any more."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        action = self.env["saas.subscription.event"]._action_dialog(
            "saas.risk.clear",
            self.env._("Clear the Risk"),
            {"default_risk_id": self.id},
        )
        return self._in_company(action)

    def action_view_tenant(self):
        """Open the tenant."""
        self.ensure_one()
        events = self.env["saas.subscription.event"]
        return self._in_company(events._action_open(self.tenant_id))
