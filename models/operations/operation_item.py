from odoo import api, fields, models
from odoo.exceptions import UserError


class SaasOperationItem(models.Model):
    """An event of an operation's frozen selection, and whether the operation has acted
    on it.

    An event waits in one operation at most. What has become of it since, it says
    itself.
    """

    _name = "saas.operation.item"
    _description = "SaaS event of an operation"
    _inherit = ["saas.guarded.mixin"]
    _order = "id"
    _log_access = False
    _rec_name = "event_id"

    operation_id = fields.Many2one(
        "saas.operation", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    event_id = fields.Many2one(
        "saas.subscription.event", required=True, readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("skipped", "Left out"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    found_state = fields.Selection(
        related="event_id.state", string="The Event Is", readonly=True
    )
    detail = fields.Char(
        string="Why", readonly=True, help="Why the operation left this event out."
    )

    _waiting_unique = models.UniqueIndex(
        "(event_id) WHERE state = 'waiting'",
        "This event waits in another operation. Wait until that has ended.",
    )
    _event_index = models.Index("(event_id)")
    _operation_index = models.Index("(operation_id, state, event_id)")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "What an operation was about can't be deleted: it says what was chosen."
            )
        )
