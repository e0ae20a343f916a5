from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.actions import DIFFERENCE_STATES
from ...canonical.reasons import STOPPED_STATES
from ...canonical.review.tie_out import Pair
from ..notification import notify
from ..roles import OPERATING
from .reconciliation import KINDS, RESULTS


class SaasDifference(models.Model):
    """One difference between a source and the books here: a field of an object, or an
    object that is only on one side. It has an owner until it is resolved or accepted.

    People can change only the owner and the note; actions and jobs change the rest.
    """

    _name = "saas.difference"
    _description = "SaaS difference"
    _inherit = ["saas.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    reconciliation_id = fields.Many2one(
        "saas.reconciliation",
        string="Last Seen By",
        readonly=True,
        ondelete="set null",
        index=True,
    )
    tenant_id = fields.Many2one("saas.tenant", readonly=True, index="btree_not_null")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    external_id = fields.Char(string="ID at Source", required=True, readonly=True)
    result = fields.Selection(
        RESULTS[1:], required=True, readonly=True, string="What Is Wrong"
    )
    field = fields.Selection(
        [
            ("object", "The whole object"),
            ("amount", "Amount"),
            ("total", "Total"),
            ("tax", "Tax"),
            ("amount_paid", "Amount paid"),
            ("amount_remaining", "Amount remaining"),
            ("uncollectible", "Uncollectible"),
            ("total_left", "What is left of the total"),
            ("net_left", "What is left of the net amount"),
            ("tax_left", "What is left of the tax"),
            ("currency", "Currency"),
            ("date", "Date"),
            ("number", "Number"),
            ("state", "State"),
            ("customer", "Customer"),
            ("invoice", "Invoice"),
            ("name", "Name"),
            ("email", "E-mail"),
            ("vat", "VAT number"),
            ("period_start", "Period start"),
            ("period_end", "Period end"),
            ("date_canceled", "Canceled on"),
            (Pair.AGREED.value, "Subscription and document"),
            (Pair.STATED.value, "Document and the books"),
            (Pair.PAID.value, "Gateway and payments"),
        ],
        required=True,
        readonly=True,
    )
    object_date = fields.Date(
        readonly=True, help="The object's day, in the source's time zone."
    )
    their_value = fields.Char(string="At the Source", readonly=True)
    our_value = fields.Char(string="Here", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        tracking=True,
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    state = fields.Selection(
        [("open", "Open"), ("resolved", "Resolved"), ("accepted", "Accepted")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    note = fields.Char(tracking=True)
    seen_at = fields.Datetime(string="Last Seen", readonly=True)
    settled_at = fields.Datetime(readonly=True)
    event_id = fields.Many2one(
        "saas.subscription.event",
        string="Import",
        readonly=True,
        index="btree_not_null",
        help="The event that the last import of this object made.",
    )
    event_state = fields.Selection(related="event_id.state", string="State of Import")

    _unsettled_unique = models.UniqueIndex(
        "(source_id, kind, external_id, field) WHERE state IN ('open', 'accepted')"
    )

    @api.depends("external_id", "field")
    def _compute_display_name(self):
        labels = dict(self._fields["field"]._description_selection(self.env))
        for difference in self:
            difference.display_name = (
                f"{difference.external_id}: {labels.get(difference.field)}"
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A difference can't be deleted. Import its object again, or accept it "
                "with a note."
            )
        )

    def _set_state(self, state, detail=None):
        """Close differences, or open them again, with a row in the sync log each.

        :param state: ``open``, ``resolved`` or ``accepted``.
        :param detail: one sentence for people, without personal data.
        """
        if not self:
            return
        self.write(
            {
                "state": state,
                "settled_at": state != "open" and fields.Datetime.now(),
            }
        )
        self.env["saas.sync.log"]._append(
            [
                {
                    "source_id": difference.source_id.id,
                    "action": DIFFERENCE_STATES[state].value,
                    "res_model": difference._name,
                    "res_id": difference.id,
                    "detail": ": ".join(
                        filter(None, (difference.external_id, difference.field, detail))
                    ),
                }
                for difference in self
            ]
        )

    def action_take(self):
        """Become the owner of these differences."""
        self._check_may_act("reviewer", "manager")
        self.write({"user_id": self.env.uid})

    def action_reimport(self):
        """Have these objects fetched from the source and imported once more."""
        self._check_may_act(*OPERATING)
        if any(difference.state == "resolved" for difference in self):
            raise UserError(
                self.env._(
                    "These differences are resolved: there is nothing to import. Take "
                    "them out of your selection."
                )
            )
        if any(difference.source_id.is_own for difference in self):
            raise UserError(
                self.env._(
                    "Odoo issued these documents itself, so there is nothing to "
                    "import. Take them out of your selection."
                )
            )
        waiting = self.filtered(lambda d: d.waiting_event_id.state in STOPPED_STATES)
        if waiting and waiting == self:
            raise UserError(
                self.env._(
                    "These objects are here already, and their events wait for a "
                    "person. Open the event of each, and do what it asks for."
                )
            )
        (self - waiting).sudo()._enqueue_reimport()
        message = self.env._(
            "%(count)s objects are being imported. Each difference closes by itself if "
            "both sides agree afterwards.",
            count=len(self - waiting),
        )
        if waiting:
            message += " " + self.env._(
                "%s are here already and wait for a person: open their events.",
                len(waiting),
            )
        return notify(message, "info", reload=True)

    def action_accept(self):
        """Ask for the reason why these differences are to stay."""
        self._check_may_act("reviewer")
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Accept Differences"),
                "res_model": "saas.difference.accept",
                "view_mode": "form",
                "target": "new",
                "context": {"default_difference_ids": self.ids},
            }
        )

    def action_reopen(self):
        """Take an acceptance back."""
        self._check_may_act("reviewer")
        if any(difference.state != "accepted" for difference in self):
            raise UserError(
                self.env._(
                    "Only accepted differences can be opened again. Take the others "
                    "out of your selection."
                )
            )
        self.sudo()._set_state("open", self.env._("The acceptance was taken back."))

    def action_open_record(self):
        """Open our side's record."""
        self.ensure_one()
        if not self.res_id:
            raise UserError(
                self.env._(
                    "There is no record of this object in Odoo yet. Import it first."
                )
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
        """Open the event that the object waits in, or that the last import made."""
        self.ensure_one()
        event = self.waiting_event_id or self.event_id
        return self._in_company(event._action_open(event))
