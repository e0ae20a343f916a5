from odoo import fields, models

from ..canonical.reference import Reference
from ..canonical.review.tie_out import PAIRS


class SaasReconcileFindings(models.AbstractModel):
    """Keeps differences in step with what comparing objects came to."""

    _name = "saas.reconcile.findings"
    _description = "SaaS findings"

    def _record(self, source, kind, outcomes, run=None, imports=None, only=()):
        """Bring the differences of compared objects up to date: what is new is
        opened, what is known is refreshed, what is no longer so is resolved.

        :param outcomes: of objects of one kind, no object twice.
        :param run: the run that compared them; None after an import.
        :param imports: the events of that import, by the objects' ids.
        :param only: what alone was compared of the objects; otherwise it is all but
            what comparing documents four ways finds.
        """
        known = self._get_unresolved(
            source, kind, [o.external_id for o in outcomes], only
        )
        created, resolved = [], self.env["saas.difference"]
        seen = self.env["saas.difference"]
        for outcome in outcomes:
            own = known.get(outcome.external_id, {})
            for gap in outcome.gaps:
                vals = self._prepare_vals(outcome, gap)
                if difference := own.pop(gap.field, None):
                    self._refresh(difference, vals)
                    seen |= difference
                else:
                    fresh = self._prepare_new(source, kind, outcome, gap, vals)
                    event = (imports or {}).get(outcome.external_id)
                    created.append({**fresh, "event_id": event.id if event else False})
            resolved = resolved.union(*own.values())
        new = self.env["saas.difference"].create(created)
        self._accept_decided(source, kind, new)
        seen |= new
        seen.write(
            {"seen_at": fields.Datetime.now()}
            | ({"reconciliation_id": run.id} if run else {})
        )
        resolved._set_state("resolved", self.env._("Both sides agree."))

    def _accept_decided(self, source, kind, differences):
        """Accept the new differences that people accepted when they decided about the
        objects, and tell why.
        """
        refs = [Reference(kind, d.external_id) for d in differences]
        decided = self.env["saas.resolution"]._find(source, refs)
        differences._accept_decided(decided)

    def _get_unresolved(self, source, kind, external_ids, only):
        """Return the differences that are open or accepted, by object and field."""
        found = self.env["saas.difference"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", kind),
                ("external_id", "in", external_ids),
                ("field", "in" if only else "not in", only or PAIRS),
                ("state", "in", ("open", "accepted")),
            ]
        )
        known = {}
        for difference in found:
            known.setdefault(difference.external_id, {})[difference.field] = difference
        return known

    def _prepare_vals(self, outcome, gap):
        record = outcome.record
        return {
            "result": outcome.result,
            "their_value": gap.theirs or False,
            "our_value": gap.ours or False,
            "tenant_id": outcome.tenant.id if outcome.tenant else False,
            "object_date": outcome.day or False,
            "res_model": record._name if record else False,
            "res_id": record.id if record else False,
        }

    def _prepare_new(self, source, kind, outcome, gap, vals):
        return {
            **vals,
            "source_id": source.id,
            "kind": kind,
            "external_id": outcome.external_id,
            "field": gap.field,
            "user_id": source.responsible_id.id,
        }

    def _refresh(self, difference, vals):
        """Write what changed. An accepted difference whose values changed opens again,
        because a person accepted the old values.
        """
        values = ("result", "their_value", "our_value")
        changed = {
            name: value
            for name, value in vals.items()
            if _plain(difference[name]) != value
        }
        if changed:
            difference.write(changed)
        if difference.state == "accepted" and any(name in changed for name in values):
            difference._set_state("open", self.env._("The values have changed."))


def _plain(value):
    return value.id if isinstance(value, models.BaseModel) else value
