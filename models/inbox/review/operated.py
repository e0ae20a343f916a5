import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...operations.operation_kind import QUICK, Operation
from ...roles import OPERATING

#: Where the list's button leaves the domain of all that match, if the user chose that.
#: It is an argument like the ids are: it is searched with the user's own rights.
_SELECTION = "saas_selection"


class SaasSubscriptionEvent(models.Model):
    """Turns a person's choice of many events into an operation."""

    _inherit = "saas.subscription.event"

    operation_id = fields.Many2one(
        "saas.operation",
        readonly=True,
        ondelete="restrict",
        help="The last operation that acted on this event, or that replayed it.",
    )

    _operation_index = models.Index(
        "(operation_id, state) WHERE operation_id IS NOT NULL"
    )

    def action_hold(self):
        """Ask why these events are to be held back."""
        self._check_may_act("operator")
        return self._ask_operation(Operation.HOLD, self.env._("Hold Back"))

    def action_let_go(self):
        """Ask why these events, which a person holds back, are to go on."""
        self._check_may_act("operator")
        return self._ask_operation(Operation.RELEASE, self.env._("Let Go"))

    def _ask_many(self, kind, name):
        """Return the wizard of an operation if these are too many for a button, or all
        that match a domain; None if the button may act by itself.
        """
        self._check_may_act(*OPERATING)
        if _SELECTION not in self.env.context and len(self) <= QUICK:
            return None
        return self._ask_operation(kind, name)

    def _ask_operation(self, kind, name):
        """Return the wizard that asks for the reason, and shows the effect before."""
        selection = self.env.context.get(_SELECTION)
        if not isinstance(selection, list):
            selection = [["id", "in", self.ids]]
        return self._action_dialog(
            "saas.operation.start",
            name,
            {"default_kind": kind.value, "default_selection": json.dumps(selection)},
        )

    def _preview_retry(self):
        """Show what would come of retrying these events, to be confirmed there. Of more
        than a preview shows, the wizard of an operation shows the effect as a whole.
        """
        if action := self._ask_many(Operation.RETRY, self.env._("Retry")):
            return action
        action = self._action_wizard("saas.preview.show", self.env._("Preview"))
        return self._open_filled(action, {})

    @api.model
    def _open_filled(self, action, values):
        """Return an action that opens a dialog filled in, with what would come of it
        below. What applying it refuses is shown there, to be chosen otherwise.

        :param action: the action that opens the dialog.
        :param values: what code fills in, by the dialog's fields.
        """
        model = self.env[action["res_model"]]
        if action.get("res_id") or "preview" not in model._fields:
            return action
        wizard = model.with_context(**action.get("context") or {}).create(values)
        try:
            return wizard.action_preview()
        except AccessError:
            raise
        except UserError as error:
            wizard._show_trouble(str(error))
            return {**action, "res_id": wizard.id}

    def _check_not_held(self):
        """Raise if a person holds one of these events back."""
        if len(self._without_held()) < len(self):
            raise UserError(
                self.env._(
                    "A person holds this event back, so nothing is booked of it. Let "
                    "it go first."
                )
            )
