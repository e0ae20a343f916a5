from odoo import api, fields, models
from odoo.exceptions import UserError

from ..canonical.kinds import Kind
from ..canonical.review.duties import Decision


class SaasObjectBind(models.TransientModel):
    """Lets a person say which document, payment or entry in Odoo an event's object is,
    because they have entered it by hand.
    """

    _name = "saas.object.bind"
    _description = "This Is That Record"
    _inherit = ["saas.decision.mixin", "saas.previewed.mixin", "saas.guarded.mixin"]
    _decision = Decision.BIND
    _check_company_auto = True

    event_ids = fields.Many2many("saas.subscription.event", required=True)
    company_id = fields.Many2one(related="event_ids.company_id")
    object_ref = fields.Char(string="Object", compute="_compute_object")
    stated = fields.Char(string="At the Source", compute="_compute_object")
    is_payment = fields.Boolean(compute="_compute_object")
    any_partner = fields.Boolean(
        string="Another Contact's",
        help="The record is of another contact than the source's customer, and is the "
        "right one all the same. Say why.",
    )
    candidate_move_ids = fields.Many2many("account.move", compute="_compute_candidates")
    candidate_payment_ids = fields.Many2many(
        "account.payment", compute="_compute_candidates"
    )
    move_id = fields.Many2one(
        "account.move", string="Document or Entry", check_company=True
    )
    payment_id = fields.Many2one("account.payment", check_company=True)
    difference = fields.Char(compute="_compute_difference")
    note = fields.Char(
        string="Why",
        help="Needed where the record differs from what the source states. The reason "
        "is kept in the sync log for good, so name no persons.",
    )

    @api.depends("event_ids")
    def _compute_object(self):
        for wizard in self:
            found = wizard._get_object()
            ref, fact = found or (None, None)
            wizard.object_ref = ref and str(ref)
            wizard.is_payment = bool(ref) and ref.kind in (Kind.PAYMENT, Kind.REFUND)
            wizard.stated = found and " ".join(
                (
                    getattr(fact, "number", "") or fact.external_id,
                    str(self._candidates()._get_stated(ref.kind, fact)),
                    fact.currency,
                )
            )

    @api.depends("event_ids", "any_partner")
    def _compute_candidates(self):
        for wizard in self:
            wizard.candidate_move_ids = wizard._find_candidates("account.move")
            wizard.candidate_payment_ids = wizard.is_payment and (
                wizard._find_candidates("account.payment")
            )

    @api.depends("move_id", "payment_id")
    def _compute_difference(self):
        for wizard in self:
            record, found = wizard._get_chosen(), wizard._get_object()
            source = wizard.event_ids._origin.source_id.sudo()
            wizard.difference = (
                self._candidates()._describe_difference(
                    source, found[0].kind, found[1], record.sudo()
                )
                if record and found
                else False
            )

    def _candidates(self):
        return self.env["saas.review.candidates"].sudo()

    def _get_chosen(self):
        # What is chosen on a form that isn't saved yet is an origin.
        return self.payment_id._origin or self.move_id._origin

    def _get_object(self):
        """Return the event's object that is neither booked nor decided yet, as
        reference and fact, or None.
        """
        event = self.event_ids._origin[:1]
        if not event:
            return None
        event._check_may_decide()
        return self.env["saas.review.decision"].sudo()._get_next(event.sudo())

    def _find_candidates(self, model):
        """Return the user's records that the object could be, the likely one first."""
        found = self._get_object()
        if not found:
            return self.env[model]
        ref, fact = found
        source = self.event_ids._origin.source_id.sudo()
        tenant = self.env["saas.review.decision"].sudo()._get_tenant(source, fact)
        partner = None if self.any_partner else tenant.partner_id.commercial_partner_id
        records = self._candidates()._find(source, ref.kind, fact, model, partner)
        return records.sudo(False)._filtered_access("read")

    def _check_decision(self):
        """Raise unless the user may decide, and has chosen a record that they may read
        for an object that has none yet.
        """
        event, record = self.event_ids, self._get_chosen()
        event._check_may_decide()
        if len(event) != 1 or (self.move_id and self.payment_id):
            raise UserError(
                self.env._("Choose one record for one event at a time, then apply.")
            )
        if not self._get_object():
            raise UserError(
                self.env._(
                    "All that this event tells of is booked or decided already, so "
                    "there is nothing to choose a record for. Retry the event. If you "
                    "have entered a record by hand, it is one too many: cancel it."
                )
            )
        if not record:
            raise UserError(self.env._("Choose which record it is."))
        record.check_access("read")

    def _read_subject(self):
        """Return the event, and how the chosen record stands."""
        record = self._get_chosen().sudo()
        move = record if record._name == "account.move" else record.move_id
        lines = [
            [line.account_id.id, line.balance, line.amount_currency]
            for line in move.line_ids
        ]
        entry = [record.state, str(move.date), move.partner_id.id, sorted(lines)]
        return [*super()._read_subject(), [record._name, record.id, *entry]]

    def _decide(self):
        """Bind the object to the chosen record, and process what waits for it.

        :raises UserError: if it can't be that record, or if it differs and no reason
            is given.
        """
        event, record, found = self.event_ids, self._get_chosen(), self._get_object()
        # As superuser, since nobody may write bindings; the log names the user.
        decision = self.env["saas.review.decision"].sudo()
        sent = decision.with_company(event.company_id)._bind(
            event.sudo(), *found, record.sudo(), self.note, self.any_partner
        )
        return sent.sudo(False).with_env(self.env)._tell_of_retry()
