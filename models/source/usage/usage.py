from odoo import SUPERUSER_ID, fields, models

from ....canonical.actions import Action
from ...big_integer import BigInteger


class SaasSource(models.Model):
    """Has what a source has metered counted where it waited for what is here now, and
    says what the nightly check of it has found.
    """

    _inherit = "saas.source"

    usage_checked_at = fields.Datetime(string="Usage Checked", readonly=True)
    usage_missing = BigInteger(
        string="Usage Missing",
        readonly=True,
        help="How many records of usage the log says were stored and are not here, as "
        "the nightly check has found; below zero, there are more than it says.",
    )

    def action_note_usage_loss(self):
        """Note that records of usage are lost for good, or were stored again by other
        events: the check goes on from there.
        """
        self._check_may_act("manager")
        sources = self.sudo().filtered("usage_missing")
        self.env["saas.sync.log"].sudo()._append(
            [
                {
                    "source_id": source.id,
                    "action": Action.USAGE_LOSS_NOTED.value,
                    "detail": str(source.usage_missing),
                }
                for source in sources
            ]
        )
        sources.usage_missing = 0

    def _enqueue_free_usage(self, source_ids, references, tenant_ids, after):
        """Have more usage that waits looked at by a job.

        :param after: the id of the last record that was looked at; the other values are
            those of ``_free`` of ``saas.usage.intake``.
        """
        self.with_user(SUPERUSER_ID).with_delay(
            description=self.env._("Count usage of %s that has waited", self[:1].name),
        )._job_free_usage(source_ids, references, tenant_ids, after)

    def _job_free_usage(self, source_ids, references, tenant_ids, after):
        """Look anew at a part of the usage that waits for what has arrived; the next
        part has a job of its own.
        """
        self.env["saas.environment"]._hold_job()
        self.env["saas.usage.intake"]._free(
            self.browse(source_ids), references, tenant_ids, after
        )
