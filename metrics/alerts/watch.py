from odoo import api, models
from odoo.fields import Domain

from ...canonical.review.alerts import QUICK, SLOW, AlertKind

#: Which model measures a kind of alert, and by which method.
_MEASURES = {
    AlertKind.LANE_LATE: ("events", "_measure_fast_lane"),
    AlertKind.BATCH_LATE: ("events", "_measure_batch_lane"),
    AlertKind.EVENTS_DEAD: ("events", "_measure_dead"),
    AlertKind.SOURCE_SILENT: ("sources", "_measure_silence"),
    AlertKind.SIGNATURES_FAILING: ("sources", "_measure_refused"),
    AlertKind.STREAM_STANDS: ("sources", "_measure_streams"),
    AlertKind.KEY_ENDS: ("sources", "_measure_secrets"),
    AlertKind.SOURCE_DRIFTS: ("sources", "_measure_drift"),
    AlertKind.FIELD_MISSING: ("sources", "_measure_fields"),
    AlertKind.CASES_OPEN: ("money", "_measure_cases"),
    AlertKind.AMOUNT_AT_STAKE: ("money", "_measure_stakes"),
    AlertKind.PAYOUT_UNPROVED: ("money", "_measure_payouts"),
    AlertKind.INVARIANT_BROKEN: ("money", "_measure_differences"),
    AlertKind.USAGE_WAITS: ("usage", "_measure_waiting"),
    AlertKind.USAGE_DIFFERS: ("usage", "_measure_differing"),
}


class SaasAlertWatch(models.AbstractModel):
    """Looks whether something goes wrong, at all sources of all companies at once: the
    number of queries is that of the kinds of alerts, whatever there is.
    """

    _name = "saas.alert.watch"
    _description = "SaaS watch of alerts"

    @api.model
    def _cron_watch_quick(self):
        """Look at what changes within minutes."""
        self._watch(QUICK)

    @api.model
    def _cron_watch_slow(self):
        """Look at what changes within hours."""
        self._watch(SLOW)

    def _watch(self, kinds):
        """Measure some kinds of alerts, and raise or clear what there is. A copy of the
        database tells nobody.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        rules = (
            self.env["saas.alert.rule"]
            .sudo()
            .search([("kind", "in", [kind.value for kind in kinds])])
        )
        if not rules:
            return
        # What has sources is measured; a company without any has no alert.
        companies = self.env["saas.source"].sudo().search(Domain.TRUE).company_id
        watch = self.sudo().with_context(allowed_company_ids=companies.ids)
        rules = rules.filtered(lambda rule: rule.company_id in companies)
        watch.env["saas.alert"]._follow(
            rules.with_env(watch.env), watch._measure(kinds, rules)
        )

    def _measure(self, kinds, rules):
        """Return what was measured, by kind and the source's id."""
        measured = {}
        for kind in kinds:
            own = rules.filtered(lambda rule, kind=kind: rule.kind == kind)
            model, method = _MEASURES[kind]
            measure = getattr(self.env[f"saas.alert.{model}"], method)
            measured[kind] = measure(own) if own else {}
        return measured
