from odoo import api, fields, models
from odoo.exceptions import UserError

from .operation_kind import OF_SOURCES, ROLES, Operation


class SaasOperation(models.Model):
    """What a person had done to many events at once, or to sources: with the reason,
    over a selection that was frozen when it began, and how far it is.

    The selection is frozen by rows of ``saas.operation.item``, written in one statement
    with the state of the events in its condition; an event waits in one operation at
    most. So a second press finds none, and what dies again is not picked up again: its
    row is done. Jobs act on the rows in chunks, each in a transaction of its own with
    constant cost; a chunk that was killed left nothing behind, and is done again.

    The rows are no mark on the events, since that would write each event twice and make
    every drain that frees one of them begin anew. What an operation has acted on bears
    its number (``operation_id``), which the change of state writes by the way.
    """

    _name = "saas.operation"
    _description = "SaaS operation"
    _inherit = ["saas.guarded.mixin", "saas.chunked.mixin"]
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            (Operation.RETRY.value, "Retry"),
            (Operation.REDRIVE.value, "Retry the dead"),
            (Operation.REPLAY.value, "Replay"),
            (Operation.REPLAY_DAYS.value, "Replay days"),
            (Operation.HOLD.value, "Hold back"),
            (Operation.RELEASE.value, "Let go"),
            (Operation.PAUSE.value, "Pause sources"),
            (Operation.RESUME.value, "Activate sources"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(
        string="Why",
        required=True,
        readonly=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )
    source_ids = fields.Many2many(
        "saas.source",
        "saas_operation_source_rel",
        "operation_id",
        "source_id",
        string="Sources",
        readonly=True,
    )
    selection = fields.Text(
        readonly=True, help="What was chosen, as a search; the events are frozen."
    )
    effect = fields.Text(
        readonly=True, help="What the person was shown before they started it."
    )
    skipped_count = fields.Integer(
        string="Left Out",
        readonly=True,
        help="How many had changed meanwhile, so that there was nothing to do.",
    )
    item_ids = fields.One2many("saas.operation.item", "operation_id", readonly=True)
    is_of_sources = fields.Boolean(compute="_compute_is_of_sources")
    may_act = fields.Boolean(compute="_compute_may_act")

    @api.depends("kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for operation in self:
            operation.display_name = self.env._(
                "%(what)s, number %(number)s",
                what=labels.get(operation.kind) or "",
                number=operation.id or "",
            )

    @api.model
    def _get_seen_fields(self):
        return [*super()._get_seen_fields(), "skipped_count"]

    @api.depends("kind")
    def _compute_is_of_sources(self):
        for operation in self:
            operation.is_of_sources = operation.kind in OF_SOURCES

    @api.depends("kind")
    @api.depends_context("uid")
    def _compute_may_act(self):
        for operation in self:
            operation.may_act = operation.kind and operation._has_role()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Operations can't be deleted: they say who did what, and why. Cancel "
                "one that is still running instead."
            )
        )

    @api.model
    def _get_roles(self, kind):
        """Return the roles that may do an operation, cancel it, or have it go on."""
        return ROLES[Operation(kind)]
