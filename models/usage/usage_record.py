from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from ...canonical.usage.terms import RecordState, Why
from ..big_integer import widen_ids
from ..loose_link import LooseLink
from . import texts


class SaasUsageRecord(models.Model):
    """One metered fact, as its source told it. What it states never changes; whether it
    counts is its state.

    ``saas.usage.intake`` writes the rows, by SQL: there are thousands a second. So ids
    have 64 bits and links no foreign keys, and the nightly check proves that all is
    there. The quantity is exact in the database; where people read it, it is the text
    that the source stated, since Odoo reads numbers as floats.
    """

    _name = "saas.usage.record"
    _description = "SaaS usage"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "external_id"

    source_id = LooseLink("saas.source", required=True, readonly=True)
    company_id = LooseLink("res.company", required=True, readonly=True)
    event_id = LooseLink("saas.subscription.event", readonly=True)
    external_id = fields.Char(string="Reference", required=True, readonly=True)
    corrects = fields.Char(
        readonly=True, help="The reference of the record whose place it takes."
    )
    withdraws = fields.Boolean(
        readonly=True, help="It only takes the other record back."
    )
    content_hash = fields.Char(readonly=True, groups=NO_ACCESS)
    is_rival = fields.Boolean(
        string="Second Content",
        readonly=True,
        help="Another record came first with this reference and says something else.",
    )
    is_chosen = fields.Boolean(
        readonly=True, help="A person said that this one is right."
    )
    customer_ref = fields.Char(string="Customer ID", required=True, readonly=True)
    tenant_id = LooseLink("saas.tenant", readonly=True)
    meter_ref = fields.Char(string="Meter Code", required=True, readonly=True)
    meter_id = LooseLink("saas.meter", readonly=True)
    subscription_ref = fields.Char(string="Subscription ID", readonly=True)
    subscription_id = LooseLink("saas.subscription", readonly=True)
    occurred_at = fields.Datetime(required=True, readonly=True)
    day = fields.Date(
        readonly=True,
        help="The day on which it counts, in the time zone of the subscription.",
    )
    quantity = fields.Float(
        string="Quantity (rounded)", digits=0, required=True, readonly=True
    )
    stated_quantity = fields.Char(string="Quantity", required=True, readonly=True)
    dimensions = fields.Json(readonly=True)
    state = fields.Selection(
        [
            (RecordState.COUNTED.value, "Counted"),
            (RecordState.PARKED.value, "Waits"),
            (RecordState.CONFLICT.value, "Contradicts"),
            (RecordState.SUPERSEDED.value, "Superseded"),
        ],
        required=True,
        readonly=True,
        default=RecordState.PARKED.value,
    )
    why = fields.Selection(
        [(why.value, label) for why, label in texts.LABELS.items()], readonly=True
    )
    waiting_for = fields.Char(
        readonly=True, help="The object that it waits for, by its kind and its id."
    )
    next_step = fields.Text(compute="_compute_next_step")

    # One statement finds what is known, inserts what is not, and leaves the rest.
    _external_unique = models.UniqueIndex(
        "(source_id, external_id) WHERE is_rival IS NOT TRUE"
    )
    _rival_unique = models.UniqueIndex(
        "(source_id, external_id, content_hash) WHERE is_rival"
    )
    _corrects_index = models.Index("(source_id, corrects) WHERE corrects IS NOT NULL")
    _awaiting_index = models.Index("(source_id, corrects) WHERE why = 'unknown_record'")
    _bucket_index = models.Index(
        "(subscription_id, meter_id, day) WHERE subscription_id IS NOT NULL"
    )
    _waiting_index = models.Index(
        "(source_id, waiting_for) WHERE state IN ('parked', 'conflict')"
    )
    _undecided_index = models.Index("(tenant_id) WHERE state = 'parked'")
    _conflict_index = models.Index("(event_id) WHERE state = 'conflict'")

    def init(self):
        widen_ids(self)

    @api.depends("why", "waiting_for")
    @api.depends_context("lang")
    def _compute_next_step(self):
        steps = texts.get_next_steps(self.env)
        for record in self:
            step = steps.get(Why(record.why)) if record.why else ""
            record.next_step = step and step % {
                "meter": record.meter_ref,
                "customer": record.customer_ref,
                "subscription": record.subscription_ref or "",
                "corrects": record.corrects or "",
                "dimension": record.meter_id.unique_key or "",
            }

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Usage can't be deleted: it proves what was billed. Have its sender "
                "correct it instead."
            )
        )

    def action_open_event(self):
        """Open the event that told of this usage."""
        self.ensure_one()
        self.check_access("read")
        return self._in_company(self.event_id._action_open(self.event_id))

    def action_create_meter(self):
        """Open a new meter with the code that this usage waits for."""
        self.ensure_one()
        self.check_access("read")
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("New Meter"),
                "res_model": "saas.meter",
                "view_mode": "form",
                "context": {
                    "default_code": self.meter_ref,
                    "default_name": self.meter_ref,
                },
            }
        )
