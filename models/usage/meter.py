from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...canonical.kinds import Kind
from ...canonical.reference import Reference
from ...canonical.usage.terms import Aggregation, LatePolicy

#: What must stay as it was when usage was counted by it.
_FIXED = frozenset(("code", "aggregation", "unique_key"))
#: What decides whether a record that waits for a meter can be counted.
_DECISIVE = _FIXED | {"active"}


class SaasMeter(models.Model):
    """What counts the use of something, under a code that senders name, and how its
    counts make the quantity of a period.

    Usage under a code that no meter has waits in sight, and is counted when the meter
    is made.
    """

    _name = "saas.meter"
    _description = "SaaS meter"
    _inherit = ["saas.guarded.mixin"]
    _order = "name, id"

    name = fields.Char(required=True)
    code = fields.Char(
        required=True, help="What senders call it, letter by letter, such as api_calls."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(
        default=True,
        help="Usage that comes for an archived meter waits until it is active again.",
    )
    aggregation = fields.Selection(
        [
            (Aggregation.SUM.value, "Sum"),
            (Aggregation.COUNT.value, "Number of records"),
            (Aggregation.MAX.value, "Highest"),
            (Aggregation.LAST.value, "Last"),
            (Aggregation.UNIQUE.value, "Number of different values"),
            (Aggregation.TIME_WEIGHTED.value, "Average over time"),
        ],
        required=True,
        default=Aggregation.SUM.value,
        help="How the records of a period make its quantity. For an average over time "
        "each record is a change of the level, up or down, and the level goes on from "
        "one period to the next.",
    )
    unique_key = fields.Char(
        string="Dimension",
        help="Whose different values are counted, such as user_id. A record without it "
        "waits.",
    )
    late_policy = fields.Selection(
        [
            (LatePolicy.NEXT_INVOICE.value, "Bill it with the next invoice"),
            (LatePolicy.CREDIT_ONLY.value, "Only where it is a credit"),
            (LatePolicy.IGNORE.value, "Don't bill it"),
        ],
        string="Late Usage",
        required=True,
        default=LatePolicy.NEXT_INVOICE.value,
        help="What becomes of usage of a period that was billed already. It is counted "
        "and shown in any case.",
    )
    grace_hours = fields.Integer(
        string="Wait (hours)",
        help="For how many hours after its end a period waits for late usage, before "
        "it is billed for the first time.",
    )
    record_count = fields.Integer(compute="_compute_counts")
    waiting_count = fields.Integer(compute="_compute_counts")

    _code_unique = models.UniqueIndex(
        "(company_id, code)",
        "There is a meter with this code already. Choose another code.",
    )

    def _compute_counts(self):
        buckets, records = self.env["saas.usage.bucket"], self.env["saas.usage.record"]
        counted = buckets._read_group(
            [("meter_id", "in", self.ids)], ["meter_id"], ["count:sum"]
        )
        waiting = records._read_group(
            [("meter_ref", "in", self.mapped("code")), ("state", "=", "parked")],
            ["company_id", "meter_ref"],
            ["__count"],
        )
        counts = {meter.id: count for meter, count in counted}
        waits = {(company.id, code): count for company, code, count in waiting}
        for meter in self:
            meter.record_count = counts.get(meter.id, 0)
            meter.waiting_count = waits.get((meter.company_id.id, meter.code), 0)

    @api.constrains("aggregation", "unique_key")
    def _check_unique_key(self):
        for meter in self:
            if (meter.aggregation == Aggregation.UNIQUE) != bool(meter.unique_key):
                raise ValidationError(
                    self.env._(
                        "A meter that counts different values needs the dimension that "
                        "has them, and no other meter has one."
                    )
                )

    @api.constrains("grace_hours")
    def _check_grace(self):
        if any(meter.grace_hours < 0 for meter in self):
            raise ValidationError(
                self.env._("The hours to wait for late usage can't be negative.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        meters = super().create(vals_list)
        meters._free_usage()
        return meters

    def write(self, vals):
        changed = self.filtered(
            lambda meter: any(meter[n] != vals[n] for n in _FIXED & vals.keys())
        )
        if changed._has_counted():
            raise UserError(
                self.env._(
                    "This meter has counted usage, so its code and how it counts can't "
                    "be changed: what was billed could not be explained any more. Make "
                    "a new meter, and archive this one."
                )
            )
        result = super().write(vals)
        if _DECISIVE & vals.keys():
            self._free_usage()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self._has_counted():
            raise UserError(
                self.env._(
                    "A meter that has counted usage can't be deleted. Archive it "
                    "instead."
                )
            )

    def _has_counted(self):
        """Return whether usage was counted by one of these meters."""
        buckets = self.env["saas.usage.bucket"].sudo()
        return bool(self) and bool(
            buckets.search_count([("meter_id", "in", self.ids)], limit=1)
        )

    def _free_usage(self):
        """Count the usage that waits for these meters."""
        self.flush_recordset()
        for company, meters in self.grouped("company_id").items():
            references = [str(Reference(Kind.METER, meter.code)) for meter in meters]
            sources = self.env["saas.source"].sudo()
            sources = sources.search([("company_id", "=", company.id)])
            self.env["saas.usage.intake"].sudo()._free(sources, references)

    def _get_log_source(self):
        """Return the source in whose log a change is noted: its company's first."""
        return self._get_log_of_company()

    def action_view_records(self):
        """Open the usage that these meters have counted, or that waits for them."""
        return self._action_view("saas_usage_record_action", "meter_ref", "code")

    def action_view_buckets(self):
        """Open the usage of each day that these meters have counted."""
        return self._action_view("saas_usage_bucket_action", "meter_id", "id")

    def _action_view(self, action, field, own):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"saas_billing_sync.{action}"
        )
        domain = [
            ("company_id", "in", self.company_id.ids),
            (field, "in", self.mapped(own)),
        ]
        return self._in_company({**action, "domain": domain, "context": {}})
