from datetime import timedelta

from odoo import api, fields, models

from ...canonical.review.alerts import AlertKind


class SaasAlert(models.Model):
    """Raises alerts and lets them be over, in a constant number of statements however
    many rules and sources there are.

    What flaps is one incident: an alert is over when all was well without a break for
    as long as its rule says, and what comes back before it would be told again is the
    same alert, opened anew without a word.
    """

    _inherit = "saas.alert"

    @api.model
    def _follow(self, rules, measured):
        """Bring the alerts of some rules to what was measured, and tell whom it
        concerns.

        :param rules: the rules whose kinds were measured.
        :param measured: by kind, the
            :class:`~...canonical.review.alerts.Measured` of each source, by its id;
            sources that are left out have none of it.
        """
        now = fields.Datetime.now()
        latest = self._get_latest(rules, now)
        raised, reopened, found = self.browse(), self.browse(), []
        for rule in rules:
            for source_id, value in self._find_past(rule, measured):
                if alert := latest.get((rule.id, source_id)):
                    raised |= alert
                    if alert.state == "cleared":
                        reopened |= alert
                    alert._keep(value, now)
                else:
                    found.append(self._prepare(rule, source_id, value, now))
        calm = self.browse(alert.id for alert in latest.values()) - raised
        calm = calm.filtered(lambda alert: alert.state == "open")
        for alert in calm:
            alert._calm(measured, now)
        calm.filtered(lambda alert: alert._is_over(now))._clear(now)
        (raised | self.create(found))._tell(now, reopened)

    @api.model
    def _find_past(self, rule, measured):
        """Return the sources of a rule's company whose value is beyond its limit, each
        as its id and what was measured.
        """
        limits = rule._get_limits()
        found = measured[AlertKind(rule.kind)]
        sources = self.env["saas.source"].browse(found)
        # All sources of the run at once, whichever rule asks first.
        return [
            (source.id, found[source.id])
            for source in sources.with_prefetch(_get_ids(measured))
            if source.company_id == rule.company_id
            and found[source.id].value is not None
            and limits.is_past(found[source.id].value)
        ]

    @api.model
    def _get_latest(self, rules, now):
        """Return the alerts that are open, or were over so lately that what comes back
        is the same, by the ids of their rule and source.
        """
        longest = max(rules.mapped("remind_hours"), default=0)
        alerts = self.search(
            [
                ("rule_id", "in", rules.ids),
                "|",
                ("state", "=", "open"),
                ("told_at", ">", now - timedelta(hours=longest)),
            ],
            order="id",
        )
        return {
            (alert.rule_id.id, alert.source_id.id): alert
            for alert in alerts
            if alert.state == "open" or not alert._is_to_remind(now)
        }

    def _prepare(self, rule, source_id, found, now):
        return {
            "rule_id": rule.id,
            "source_id": source_id,
            "severity": rule.severity,
            "value": found.value,
            "worst": found.value,
            "about": found.about or False,
            "opened_at": now,
        }

    def _keep(self, found, now):
        """Note that this alert is raised, still or again."""
        limits = self.rule_id._get_limits()
        vals = {
            "value": found.value,
            "worst": limits.get_worse(self.worst, found.value),
            "about": found.about or False,
            "calm_since": False,
        }
        if self.state == "cleared":
            # It was told lately, so nobody gets a mail of it, but it is to be seen.
            vals |= {"state": "open", "cleared_at": False}
        if self.calm_since:
            vals["times"] = self.times + 1
        self._change(vals)

    def _calm(self, measured, now):
        """Note that this alert is not raised now, and since when all is well. Where
        nobody can tell, it stays as it is.
        """
        limits = self.rule_id._get_limits()
        found = measured[limits.kind].get(self.source_id.id, limits.nothing)
        if found.value is None:
            return
        vals = {"value": found.value, "about": found.about or self.about}
        if not limits.is_calm(found.value):
            vals["calm_since"] = False
        elif not self.calm_since:
            vals["calm_since"] = now
        self._change(vals)

    def _change(self, vals):
        """Write what differs alone."""
        vals = {name: value for name, value in vals.items() if self[name] != value}
        if vals:
            self.write(vals)

    def _is_over(self, now):
        """Return whether all was well for as long as the rule says."""
        wait = timedelta(minutes=self.rule_id.calm_minutes)
        return bool(self.calm_since) and self.calm_since + wait <= now

    def _clear(self, now):
        """Let these alerts be over, and take back what was asked of people. What they
        have done already stays in the history of its record.
        """
        self.activity_id.filtered("active").unlink()
        self.write({"state": "cleared", "cleared_at": now})

    def _is_to_remind(self, now):
        """Return whether so much time has gone since a mail that another is due."""
        wait = timedelta(hours=self.rule_id.remind_hours)
        return not self.told_at or self.told_at + wait <= now

    def _is_to_tell(self, now):
        """Return whether a mail is due: the first one, one after the time that the rule
        says, or one because it is twice as bad.
        """
        limits = self.rule_id._get_limits()
        return self._is_to_remind(now) or limits.is_worse(self.value, self.told_value)


def _get_ids(measured):
    """Return the ids of all sources that were measured."""
    return sorted({source_id for found in measured.values() for source_id in found})
