from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.actions import Action
from ..big_integer import BigInteger, widen_ids
from ..loose_link import LooseLink
from ..notification import notify
from ..roles import OPERATING
from . import counting


class SaasUsageBucket(models.Model):
    """What a subscription has used of a meter on one day: what rating reads instead of
    the records.

    A bucket changes in the transaction that stores its records. ``first_at`` and
    ``last_at`` are the moments of its first and its last record, so that whoever reads
    knows whether all of it is within a period, whatever zone the day is of. ``last`` is
    the quantity of the last record; of two at the same moment, the larger. ``version``
    is the newest record that it has counted.
    """

    _name = "saas.usage.bucket"
    _description = "SaaS usage of a day"
    _inherit = ["saas.guarded.mixin"]
    _order = "day desc, id desc"
    _log_access = False
    _rec_name = "day"

    source_id = LooseLink(
        "saas.source", required=True, readonly=True, help="That of the subscription."
    )
    company_id = LooseLink("res.company", required=True, readonly=True)
    tenant_id = LooseLink("saas.tenant", required=True, readonly=True)
    subscription_id = LooseLink("saas.subscription", required=True, readonly=True)
    meter_id = LooseLink("saas.meter", required=True, readonly=True)
    day = fields.Date(
        required=True, readonly=True, help="In the time zone of the subscription."
    )
    count = BigInteger(string="Records", required=True, readonly=True)
    sum = fields.Float(digits=0, required=True, readonly=True)
    max = fields.Float(string="Highest", digits=0, readonly=True, aggregator="max")
    last = fields.Float(digits=0, readonly=True, aggregator=None)
    exact_sum = fields.Char(string="Sum (exact)", compute="_compute_exact")
    exact_max = fields.Char(string="Highest (exact)", compute="_compute_exact")
    exact_last = fields.Char(string="Last (exact)", compute="_compute_exact")
    first_at = fields.Datetime(string="First Record At", readonly=True)
    last_at = fields.Datetime(string="Last Record At", readonly=True)
    version = BigInteger(
        readonly=True,
        aggregator=None,
        help="The newest record that it has counted.",
    )
    differs = fields.Boolean(
        string="Differs from Its Records",
        readonly=True,
        help="The nightly check has found that it is not what its records say.",
    )

    _day_unique = models.UniqueIndex("(subscription_id, meter_id, day)")
    _meter_index = models.Index("(meter_id, day)")
    _differs_index = models.Index("(source_id) WHERE differs")

    def init(self):
        widen_ids(self)
        # With room for it on its page, a bucket that counts more touches no index.
        self.env.cr.execute("ALTER TABLE saas_usage_bucket SET (fillfactor = 70)")

    def _compute_exact(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT id, sum::text, max::text, last::text
                     FROM saas_usage_bucket WHERE id = ANY(%s)""",
                self.ids,
            )
        )
        found = {id_: values for id_, *values in rows}
        for bucket in self:
            values = found.get(bucket.id, (False, False, False))
            bucket.exact_sum, bucket.exact_max, bucket.exact_last = values

    @api.depends("day", "meter_id")
    def _compute_display_name(self):
        for bucket in self:
            bucket.display_name = f"{bucket.meter_id.name} {bucket.day}"

    def action_view_records(self):
        """Open the records that these buckets have counted."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_usage_record_action"
        )
        domain = [
            ("state", "=", "counted"),
            ("subscription_id", "in", self.subscription_id.ids),
            ("meter_id", "in", self.meter_id.ids),
            ("day", "in", self.mapped("day")),
        ]
        return self._in_company({**action, "domain": domain, "context": {}})

    def action_count_anew(self):
        """Count the records of these buckets anew, whatever the buckets say."""
        self._check_may_act(*OPERATING)
        buckets = self.sudo()
        buckets._recount(
            [(b.subscription_id.id, b.meter_id.id, b.day) for b in buckets]
        )
        self.env["saas.sync.log"].sudo()._append(
            [
                {
                    "source_id": source.id,
                    "action": Action.USAGE_RECOUNTED.value,
                    "res_model": self._name,
                    "detail": str(len(own)),
                }
                for source, own in buckets.grouped("source_id").items()
            ]
        )
        return notify(self.env._("%s days were counted anew.", len(self)), "success")

    @api.model
    def _recount(self, days):
        """Make buckets what their records say.

        :param days: of each bucket its subscription, its meter and its day; the bucket
            need not be there.
        """
        days = sorted(set(days))
        if not days:
            return
        self.flush_model()
        for statement in counting.recount(days):
            self.env.cr.execute(statement)
        self.invalidate_model()
