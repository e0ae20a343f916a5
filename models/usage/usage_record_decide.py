from odoo import models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ...canonical.display.texts import fit
from ...canonical.kinds import Kind
from ...canonical.reference import Reference
from ...canonical.usage.terms import Choice, RecordState, Why

#: In which state records are that a decision is about.
_STATES = {
    Choice.SET_ASIDE: RecordState.PARKED,
    Choice.KEEP_FIRST: RecordState.CONFLICT,
    Choice.COUNT_INSTEAD: RecordState.CONFLICT,
}


class SaasUsageRecord(models.Model):
    """Lets people decide about usage that waits in vain, or that contradicts other
    usage. Each decision is noted in the log, and the days are counted anew.
    """

    _inherit = "saas.usage.record"

    def action_set_aside(self):
        """Ask why usage that waits shall not count: nothing it waits for will come."""
        return self._action_decide(Choice.SET_ASIDE, self.env._("Set Usage Aside"))

    def action_keep_first(self):
        """Ask why usage that contradicts other usage shall not count."""
        return self._action_decide(Choice.KEEP_FIRST, self.env._("Keep the First"))

    def action_count_instead(self):
        """Ask why usage shall count instead of what it contradicts."""
        return self._action_decide(
            Choice.COUNT_INSTEAD, self.env._("Count This Instead")
        )

    def _action_decide(self, choice, name):
        """Open the form in which a decision about these records is made."""
        self._check_may_decide(choice)
        context = {"default_chosen": self.ids, "default_what": choice.value}
        events = self.env["saas.subscription.event"]
        return self._in_company(
            events._action_dialog("saas.usage.decide", name, context)
        )

    def _check_may_decide(self, choice):
        """Raise unless the user may decide so about all of these records.

        :raises UserError: if another state is among them.
        """
        self._check_may_act("reviewer")
        self.flush_model()
        state = _STATES[choice]
        if any(record.state != state for record in self):
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Choose only usage whose state is %s: about other usage there is "
                    "nothing to decide here.",
                    labels[state.value],
                )
            )

    def _decide(self, choice, note=""):
        """Do what a person has decided; who calls this has checked that they may.

        :param choice: a :class:`~...canonical.usage.terms.Choice`.
        :param note: why, for the log.
        :return: a sentence that says what came of it.
        """
        records = self.sudo()
        if choice == Choice.SET_ASIDE:
            return records._set_aside(note)
        if choice == Choice.KEEP_FIRST:
            return records._keep_first(note)
        return records._count_instead(note)

    def _set_aside(self, note):
        self._write_decided(RecordState.SUPERSEDED, Why.SET_ASIDE)
        self._log_decided(Why.SET_ASIDE, note)
        return self.env._("%s records are set aside.", len(self))

    def _keep_first(self, note):
        self._write_decided(RecordState.SUPERSEDED, Why.NOT_CHOSEN)
        self._log_decided(Why.NOT_CHOSEN, note)
        self._conclude_decided()
        return self.env._("The first records go on counting.")

    def _count_instead(self, note):
        others = self._find_contradicted()
        days = [
            (other.subscription_id.id, other.meter_id.id, other.day)
            for other in others
            if other.state == RecordState.COUNTED
        ]
        others._write_decided(RecordState.SUPERSEDED, Why.NOT_CHOSEN)
        self.env["saas.usage.bucket"]._recount(days)
        self._write_decided(RecordState.PARKED, None, is_chosen=True)
        self._settle_chosen()
        self._log_decided("chosen", note)
        self._conclude_decided()
        return self.env._("The chosen records count now, or wait for what they name.")

    def _settle_chosen(self):
        """Count what was chosen, and what corrects it."""
        intake = self.env["saas.usage.intake"]
        intake._settle(self.ids)
        for source, own in self.grouped("source_id").items():
            references = [
                str(Reference(Kind.USAGE, record.external_id)) for record in own
            ]
            intake._free(source, references)

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

    def _log_decided(self, what, note):
        said = f"{what}: {note}" if note else what
        self.env["saas.sync.log"]._append(
            [
                {
                    "event_id": record.event_id.id,
                    "source_id": record.source_id.id,
                    "action": Action.USAGE_DECIDED.value,
                    "res_model": self._name,
                    "detail": fit(f"{record.external_id}: {said}"),
                }
                for record in self
            ]
        )

    def _conclude_decided(self):
        """Have the events processed again that these records held up."""
        self.env["saas.usage.intake"]._conclude_events(set(self.event_id.ids))
