from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.kinds import Kind
from ...canonical.review.areas import Area

#: What became of comparing an object that is only observed with what people booked.
RESULTS = [
    ("alike", "Alike"),
    ("likely", "Likely the same"),
    ("different", "Different"),
    ("stopped", "Can't be booked yet"),
    ("only_here", "Only at the source"),
    ("only_there", "Only booked by hand"),
]
#: Why an object is held to be a record that a person made.
RULES = [
    ("bound", "A person said so"),
    ("number", "Same number or id"),
    ("likely", "Customer, amount and day"),
    ("contact", "The contact that the customer was matched with"),
]
_KINDS = [
    (Kind.CUSTOMER.value, "Customer"),
    (Kind.INVOICE.value, "Invoice"),
    (Kind.CREDIT_NOTE.value, "Credit Note"),
    (Kind.CREDIT_ADJUSTMENT.value, "Change of Credit"),
    (Kind.PAYMENT.value, "Payment"),
    (Kind.PAYMENT_FAILURE.value, "Payment Taken Back"),
    (Kind.REFUND.value, "Refund"),
    (Kind.HELD_CASH_CHANGE.value, "Change of Held Cash"),
    (Kind.DISPUTE.value, "Dispute"),
    (Kind.PAYOUT.value, "Payout"),
    (Kind.MOVEMENT.value, "Balance Transaction"),
]


class SaasObservation(models.Model):
    """One object of an area that is only observed, beside what people booked by hand
    for it; or an entry that people booked and that no object explains.

    Each comparison refreshes it. What a person decided about it stays as long as both
    sides stay what they were.
    """

    _name = "saas.observation"
    _description = "SaaS observation"
    _inherit = ["saas.guarded.mixin"]
    _order = "day desc, id desc"
    _rec_name = "number"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    run_id = fields.Many2one(
        "saas.observation.run",
        string="Last Seen By",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    area = fields.Selection(
        [(area.value, area.value.capitalize()) for area in Area],
        required=True,
        readonly=True,
    )
    kind = fields.Selection(_KINDS, required=True, readonly=True)
    external_id = fields.Char(
        string="ID at Source",
        required=True,
        readonly=True,
        help="For an entry that only people booked: which record it is.",
    )
    number = fields.Char(readonly=True)
    day = fields.Date(
        readonly=True, help="The object's day, in the source's time zone."
    )
    event_id = fields.Many2one(
        "saas.subscription.event",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="An event that tells of the object.",
    )
    result = fields.Selection(RESULTS, required=True, readonly=True)
    rule = fields.Selection(
        RULES,
        string="Matched By",
        readonly=True,
        help="Why the two are held to be the same.",
    )
    differs = fields.Char(
        readonly=True, help="What differs: amount, accounts, tax, day and so on."
    )
    figures = fields.Json(readonly=True)
    figures_html = fields.Html(
        string="Comparison", compute="_compute_figures_html", sanitize=False
    )
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Booked by Hand", model_field="res_model", readonly=True
    )
    amount = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What the source tells, or what was booked by hand where only that is "
        "there, in the company's currency.",
    )
    detail = fields.Char(readonly=True, help="Why it can't be booked yet.")
    decision = fields.Selection(
        [("same", "It is that record"), ("apart", "They are two")],
        readonly=True,
    )
    apart = fields.Json(
        readonly=True, help="The records that a person said this object is not."
    )
    note = fields.Char(string="Why", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    settled = fields.Selection(
        [
            ("bound", "Bound to the record"),
            ("booked", "Left to be booked"),
            ("ignored", "Not to be booked"),
        ],
        readonly=True,
        help="What became of it when its area was switched on.",
    )
    seen_at = fields.Datetime(string="Last Compared", readonly=True)
    is_open = fields.Boolean(
        string="Open",
        compute="_compute_is_open",
        store=True,
        help="A person should look at it before the area is switched on.",
    )
    blocks = fields.Boolean(
        string="Could Be Booked Twice",
        compute="_compute_is_open",
        store=True,
        help="It has to be decided before its area is switched on.",
    )

    _object_unique = models.UniqueIndex("(source_id, kind, external_id)")
    _result_index = models.Index("(source_id, area, result) WHERE settled IS NULL")

    @api.depends("result", "decision", "settled", "res_id")
    def _compute_is_open(self):
        for row in self:
            undecided = not row.settled and not row.decision
            row.blocks = undecided and (
                row.result in ("likely", "different")
                or (row.result == "stopped" and bool(row.res_id))
            )
            row.is_open = undecided and row.result != "alike"

    @api.depends("number", "external_id", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{labels.get(row.kind)} {row.number or row.external_id}"

    @api.depends("figures")
    def _compute_figures_html(self):
        labels = self._get_field_labels()
        for row in self:
            rows = [
                {**each, "what": labels.get(each["what"], each["what"])}
                for each in row.figures or ()
            ]
            row.figures_html = rows and self.env["ir.qweb"]._render(
                "saas_billing_sync.saas_observation_figures", {"rows": rows}
            )

    def _get_field_labels(self):
        """Return what people call that in which two records differ."""
        return {
            "accounts": self.env._("Accounts"),
            "currency": self.env._("Currency"),
            "date": self.env._("Day"),
            "documents": self.env._("Documents it pays"),
            "partner": self.env._("Customer"),
            "state": self.env._("State"),
            "tax": self.env._("Tax"),
            "total": self.env._("Amount"),
        }

    # -- people -----------------------------------------------------------------

    def action_same(self):
        """Ask why these objects are the records that they are compared with."""
        return self._ask_decision("same")

    def action_apart(self):
        """Ask why these objects are not the records that they are compared with."""
        return self._ask_decision("apart")

    def _ask_decision(self, decision):
        self._check_may_act("reviewer")
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Decide"),
                "res_model": "saas.observation.decide",
                "view_mode": "form",
                "target": "new",
                "context": {
                    "default_observation_ids": self.ids,
                    "default_decision": decision,
                },
            }
        )

    def action_open_record(self):
        """Open what was booked by hand."""
        self.ensure_one()
        if not self.res_id:
            raise UserError(
                self.env._("Nobody booked this by hand, so there is no record to open.")
            )
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "res_model": self.res_model,
                "res_id": self.res_id,
                "view_mode": "form",
            }
        )

    def action_open_event(self):
        """Open the event that tells of the object."""
        self.ensure_one()
        return self._in_company(self.event_id._action_open(self.event_id))
