from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...canonical.review.suggestions import Suggestion
from ..roles import OPERATING, roles_of

#: Who may take the step of a likely answer, by its method. Who may ignore a case, the
#: case itself says.
_WHO = {
    "action_ask_source": OPERATING,
    "action_bind_record": ("reviewer",),
    "action_choose_customer": ("reviewer",),
    "action_map_product": ("manager",),
    "action_map_tax": ("manager",),
    "action_preview_retry": OPERATING,
    "action_set_up_currency": ("reviewer",),
    "action_settle_set_up": ("manager",),
}


class SaasException(models.Model):
    """Shows the likely answer to a case first, and why, and opens the dialog for it
    with all filled in and its effect below.
    """

    _inherit = "saas.exception"

    suggestion = fields.Char(string="Likely Answer", compute="_compute_suggestion")
    suggestion_why = fields.Char(string="Because", compute="_compute_suggestion")
    suggestion_confidence = fields.Integer(
        string="How Sure",
        compute="_compute_suggestion",
        help="In percent: an id or a tax number says so, or only a name or the like.",
    )
    may_apply_suggestion = fields.Boolean(compute="_compute_suggestion")

    @api.depends("state", "reason", "cause_key", "event_id")
    @api.depends_context("uid", "lang")
    def _compute_suggestion(self):
        found = self.env["saas.suggest"]._suggest(self._origin)
        for case in self:
            answer = found.get(case._origin.id, Suggestion("", ""))
            case.suggestion = answer.say
            case.suggestion_why = answer.why
            case.suggestion_confidence = answer.confidence
            case.may_apply_suggestion = case._may_take(answer.method)

    def _may_take(self, method):
        """Return whether the user may take the step of a likely answer."""
        if method == "action_ignore":
            return self.may_ignore
        return bool(roles_of(self.env.user) & set(_WHO.get(method, ())))

    def get_suggestions(self):
        """Return by id what the list shows of the likely answers to these cases, read
        at once when the list is there: ``say``, ``why``, and ``confidence`` in percent.
        """
        self.check_access("read")
        found = self.env["saas.suggest"]._suggest(self)
        return {
            case_id: {
                "say": answer.say,
                "why": answer.why,
                "confidence": answer.confidence,
            }
            for case_id, answer in found.items()
        }

    def _get_suggestion(self):
        """Return the likely answer to this case.

        :raises UserError: if there is none that a dialog can be filled in with.
        """
        self._get_newest()
        answer = self.env["saas.suggest"]._suggest(self)[self.id]
        if not answer.method:
            raise UserError(
                self.env._(
                    "There is no likely answer to this case. Do what its next step "
                    "says. %s",
                    answer.why,
                )
            )
        return answer

    def action_apply_suggestion(self):
        """Open the dialog of this case's reason with the likely answer filled in, and
        what would come of it below. Nothing is applied before that is confirmed.
        """
        answer = self._get_suggestion()
        action = getattr(self, answer.method)()
        return self.event_id._open_filled(action, answer.values)

    def action_edit_suggestion(self):
        """Open the dialog of this case's reason, with the likely answer to begin with,
        to choose otherwise.
        """
        answer = self._get_suggestion()
        action = getattr(self, answer.method)()
        if action.get("res_id"):
            return action
        defaults = {f"default_{name}": value for name, value in answer.values.items()}
        return {**action, "context": {**action.get("context", {}), **defaults}}

    # -- dialogs that only cases have ------------------------------------------------

    def action_settle_set_up(self):
        """Ask whether the field of the source is to be filled as it is suggested."""
        return self._action_settle("accounts", self.env._("Complete the Set-up"))

    def action_ask_source(self):
        """Ask whether the source is to be asked for what is missing."""
        return self._action_settle("ask", self.env._("Ask the Source"))

    def _action_settle(self, what, name):
        action = self._get_newest()._action_wizard("saas.case.settle", name)
        defaults = {"default_case_id": self.id, "default_what": what}
        return {**action, "context": {**action["context"], **defaults}}

    def action_preview_retry(self):
        """Show what would come of retrying all events of this case, to be confirmed
        there. Of very many, an operation shows the effect as a whole, and asks why.
        """
        self._get_newest()
        events = self._get_events().sudo(False)._without_held()
        return events._preview_retry()

    def _prepare_map(self, model, name):
        """Return the action that asks what a product or tax of this case is."""
        event = self._get_newest()
        context = {
            "default_event_ids": [Command.set(event.ids)],
            "default_case_id": self.id,
        }
        return event._action_dialog(model, name, context)
