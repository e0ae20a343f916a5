from odoo import api, fields, models
from odoo.exceptions import UserError

from ..canonical.reasons import Reason
from ..canonical.reference import Reference
from ..models.notification import notify
from ..models.roles import OPERATING


class SaasCaseSettle(models.TransientModel):
    """Lets a person do what settles a case beside a decision about its events: fill the
    set-up of the source, or ask the source once more. Shows what would come of it.
    """

    _name = "saas.case.settle"
    _description = "Settle a case"
    _inherit = ["saas.previewed.mixin", "saas.guarded.mixin"]
    _check_company_auto = True

    event_ids = fields.Many2many("saas.subscription.event", required=True)
    case_id = fields.Many2one("saas.exception", required=True)
    company_id = fields.Many2one(related="case_id.company_id")
    cause_label = fields.Char(related="case_id.cause_label")
    what = fields.Selection(
        [
            ("accounts", "Create the accounts that are missing"),
            ("journal", "Choose the journal"),
            ("ask", "Ask the source now"),
        ],
        string="What to Do",
        required=True,
        default="accounts",
    )
    journal_id = fields.Many2one("account.journal", check_company=True)
    reference = fields.Char(string="Object", compute="_compute_reference")

    @api.depends("case_id")
    def _compute_reference(self):
        suggest = self.env["saas.suggest.record"].sudo()
        for wizard in self:
            case = wizard.case_id._origin
            reference = case and suggest._get_reference(case)
            wizard.reference = reference and str(reference)

    def action_apply(self):
        """Do what was chosen, which frees the events that wait for it.

        :raises UserError: if it does not fit what the case is about.
        """
        self.ensure_one()
        self._check_links()
        source = self.case_id.source_id
        if self.what == "ask":
            return self._ask()
        source._check_may_act("manager")
        if self.case_id.reason != Reason.INCOMPLETE_SETUP:
            raise UserError(
                self.env._(
                    "This case does not wait for the set-up of its source. Do what its "
                    "next step says."
                )
            )
        if self.what == "accounts":
            source.action_create_missing_accounts()
        elif not self.journal_id:
            raise UserError(self.env._("Choose the journal."))
        else:
            field = source._fields.get(self.case_id.cause_key)
            if field is None or field.comodel_name != "account.journal":
                raise UserError(
                    self.env._(
                        "This case does not wait for a journal. Do what its next step "
                        "says."
                    )
                )
            source.write({field.name: self.journal_id.id})
        return {"type": "ir.actions.act_window_close"}

    def _ask(self):
        """Have the source asked for what is missing, and the events wait for it."""
        source = self.case_id.source_id
        self.event_ids._check_may_act(*OPERATING)
        if not self.reference:
            raise UserError(
                self.env._("Nothing says what the source is to be asked for.")
            )
        reference = Reference.parse(self.reference)
        if not source.sudo()._can_fetch(*reference):
            raise UserError(
                self.env._(
                    "The source can't be asked for it: there is no key, or it has no "
                    "call for that."
                )
            )
        source.sudo()._enqueue_fetch(*reference)
        if self.case_id.reason != Reason.MISSING_REFERENCE:
            return notify(
                self.env._("The source is asked for %s.", self.reference), close=True
            )
        events = self.case_id._get_events().sudo(False)._without_held()
        return events._retry_and_tell()
