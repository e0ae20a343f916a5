from odoo import api, models

from ...canonical.review.alerts import ASKED_ELSEWHERE, AlertKind

_ACTIVITY = "mail_activity_alert"


class SaasAlert(models.Model):
    """Tells people of alerts: by one activity on the source while an alert is open, and
    by one mail to each person for all that there is to tell at a time.
    """

    _inherit = "saas.alert"

    def _tell(self, now, reopened):
        """Tell of those of these alerts that are new, twice as bad, or told long ago.

        :param reopened: those that came back soon after they were told: they are asked
            without another mail.
        """
        told = self.filtered(lambda alert: alert._is_to_tell(now))
        # Where somebody has done the activity, they are not asked before it is told
        # again.
        asked = (told | reopened).filtered(lambda alert: alert._is_to_ask())
        if not (told or asked):
            return
        people = (told | asked).rule_id._find_people()
        told._send_mails(people)
        for alert in told:
            alert.write({"told_at": now, "told_value": alert.value})
        asked._ask(people)

    def _is_to_ask(self):
        """Return whether no activity asks for anybody."""
        is_asked = AlertKind(self.kind) in ASKED_ELSEWHERE or self.activity_id.active
        return not is_asked

    def _ask(self, people):
        """Create an activity on the source of each of these alerts."""
        rows = []
        for alert in self:
            user = alert.source_id.responsible_id or people[alert.rule_id][:1]
            own = alert.with_context(lang=user.lang or self.env.lang)
            rows.append((alert.source_id, own.summary, own.next_step, user))
        activities = self.env["saas.activities"]._create_for(_ACTIVITY, rows)
        for alert, activity in zip(self, activities, strict=True):
            alert.activity_id = activity

    def _send_mails(self, people):
        """Write a mail to each person, with all that there is to tell them."""
        by_person = {}
        for alert in self:
            for user in people[alert.rule_id].filtered("email"):
                by_person.setdefault(user, self.browse())
                by_person[user] |= alert
        if not by_person:
            return
        self.env["mail.mail"].create(
            [
                alerts.with_context(lang=user.lang)._prepare_mail(user)
                for user, alerts in by_person.items()
            ]
        )
        # The queue of mails would have its time once an hour.
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _prepare_mail(self, user):
        alerts = self.sorted(lambda alert: (alert.severity, -alert.id), reverse=True)
        subject = alerts[0].summary
        if len(alerts) > 1:
            subject = self.env._(
                "%(first)s And %(count)s more alerts.",
                first=subject,
                count=len(alerts) - 1,
            )
        body = self.env["ir.qweb"]._render(
            "saas_billing_sync.saas_alert_mail",
            {
                "alerts": alerts,
                "address": f"{self[0].get_base_url()}/odoo/saas-alerts",
                "labels": dict(
                    self._fields["severity"]._description_selection(self.env)
                ),
            },
        )
        return {
            "subject": subject,
            "body_html": body,
            "recipient_ids": [(4, user.partner_id.id)],
            "email_from": alerts[0].company_id.email_formatted
            or self.env.user.email_formatted,
            "auto_delete": True,
        }


class SaasAlertRule(models.Model):
    """Knows who is told of a rule's alerts."""

    _inherit = "saas.alert.rule"

    @api.model
    def _get_group(self, role):
        return self.env.ref(f"saas_billing_sync.group_saas_{role}")

    def _find_people(self):
        """Return the users that each rule tells, by rule: those who are named and may
        still see the company, or else all of the company who have the role.
        """
        roles = set(self.mapped("role"))
        having = {role: self._get_group(role).all_user_ids for role in roles}
        having = {
            role: users.filtered(lambda user: user.active and not user.share)
            for role, users in having.items()
        }
        return {
            rule: (rule.user_ids.filtered("active") or having[rule.role]).filtered(
                lambda user, rule=rule: rule.company_id in user.company_ids
            )
            for rule in self
        }
