from odoo import models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.reference import Reference
from ...canonical.usage.terms import RecordState, Why
from ..notification import notify


class SaasUsageRecord(models.Model):
    """Lets people decide about usage that waits in vain, or that contradicts other
    usage. Each decision is noted in the log, and the days are counted anew.
    """

    _inherit = "saas.usage.record"

    def action_set_aside(self):
        """Let usage that waits not count: nothing it waits for will come."""
        self._check_may_act("reviewer")
        records = self._get_in_state(RecordState.PARKED)
        records._write_decided(RecordState.SUPERSEDED, Why.SET_ASIDE)
        records._log_decided(Why.SET_ASIDE)
        return notify(self.env._("%s records are set aside.", len(records)), "success")

    def action_keep_first(self):
        """Let usage that contradicts other usage not count."""
        self._check_may_act("reviewer")
        records = self._get_in_state(RecordState.CONFLICT)
        records._write_decided(RecordState.SUPERSEDED, Why.NOT_CHOSEN)
        records._log_decided(Why.NOT_CHOSEN)
        return records._conclude_decided(
            self.env._("The first records go on counting.")
        )

    def action_count_instead(self):
        """Let usage count instead of what it contradicts."""
        self._check_may_act("reviewer")
        records = self._get_in_state(RecordState.CONFLICT)
        others = records._find_contradicted()
        days = [
            (other.subscription_id.id, other.meter_id.id, other.day)
            for other in others
            if other.state == RecordState.COUNTED
        ]
        others._write_decided(RecordState.SUPERSEDED, Why.NOT_CHOSEN)
        self.env["saas.usage.bucket"].sudo()._recount(days)
        records._write_decided(RecordState.PARKED, None, is_chosen=True)
        self._settle_chosen(records)
        records._log_decided("chosen")
        return records._conclude_decided(
            self.env._("The chosen records count now, or wait for what they name.")
        )

    def _settle_chosen(self, records):
        """Count what was chosen, and what corrects it."""
        intake = self.env["saas.usage.intake"].sudo()
        intake._settle(records.ids)
        for source, own in records.sudo().grouped("source_id").items():
            references = [
                str(Reference(Kind.USAGE, record.external_id)) for record in own
            ]
            intake._free(source, references)

    def _get_in_state(self, state):
        """Return these records as superuser, if all are in a state.

        :raises UserError: if another one is among them.
        """
        self.flush_model()
        if any(record.state != state for record in self):
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Choose only usage whose state is %s: about other usage there is "
                    "nothing to decide here.",
                    labels[state.value],
                )
            )
        return self.sudo()

    def _find_contradicted(self):
        """Return what counts, or waits, or took a record back instead of these records.

        :raises UserError: if two of these contradict the same record, or if what one
            contradicts was corrected since.
        """
        keys = [record._get_contested() for record in self]
        if len(set(keys)) < len(keys):
            raise UserError(
                self.env._(
                    "Two of these records contradict the same one. Choose one of them."
                )
            )
        others = self.search(
            [
                ("source_id", "in", self.source_id.ids),
                "|",
                ("state", "in", ["counted", "parked"]),
                ("why", "=", Why.WITHDRAWAL.value),
                "|",
                ("external_id", "in", [ref for _s, field, ref in keys if not field]),
                ("corrects", "in", [ref for _s, field, ref in keys if field]),
            ]
        )
        found = {
            key: other
            for other in others
            for key in (
                (other.source_id.id, False, other.external_id),
                (other.source_id.id, True, other.corrects),
            )
        }
        if not found.keys() >= set(keys):
            raise UserError(
                self.env._(
                    "What this contradicts was corrected since. Keep the first, and "
                    "have the sender correct that correction if it is wrong."
                )
            )
        return self.browse().union(*(found[key] for key in keys))

    def _get_contested(self):
        """Return what this record claims, and another one has: a reference of its
        source, and whether it is what both correct.
        """
        self.ensure_one()
        is_correction = self.why == Why.SECOND_CORRECTION
        is_own = self.why == Why.OTHER_CONTENT
        ref = self.external_id if is_own else self.corrects
        return self.source_id.id, is_correction, ref

    def _write_decided(self, state, why, **vals):
        if self:
            self.write(
                {
                    "state": state.value,
                    "why": why.value if why else False,
                    "waiting_for": False,
                    **vals,
                }
            )
            self.flush_recordset()

    def _log_decided(self, what):
        self.env["saas.sync.log"].sudo()._append(
            [
                {
                    "event_id": record.event_id.id,
                    "source_id": record.source_id.id,
                    "action": Action.USAGE_DECIDED.value,
                    "res_model": self._name,
                    "detail": f"{record.external_id}: {what}",
                }
                for record in self
            ]
        )

    def _conclude_decided(self, said):
        """Have the events processed again that these records held up."""
        self.env["saas.usage.intake"].sudo()._conclude_events(set(self.event_id.ids))
        return notify(said, "success")
