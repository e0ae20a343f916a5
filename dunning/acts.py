from odoo import models

from ..canonical.payments.dunning import Act
from ..models.roles import find_people

_TEMPLATE = "saas_billing_sync.mail_template_dunning"
_PROPOSED = (Act.PAUSE, Act.CANCEL, Act.WRITE_OFF)


class SaasCollectionsActs(models.AbstractModel):
    """Does what a step says: writes through Odoo's mail queue, asks people by
    activities. A restriction needs nothing but its row, which the standing follows.
    """

    _name = "saas.collections.acts"
    _description = "SaaS acts of dunning"

    def _do(self, step):
        """Do what a step that was just booked says, and note it with the tenant."""
        act = Act(step.action)
        if act == Act.MAIL:
            self._mail(step)
        elif act == Act.CALL:
            self._ask(step, "mail_activity_dunning_call")
        elif act in _PROPOSED:
            self._ask(step, "mail_activity_dunning_proposal")
        elif act == Act.ACTIVITY:
            self._ask(step, "mail_activity_dunning", step.policy_step_id)
        label = dict(step._fields["action"]._description_selection(self.env))
        step.tenant_id._message_log(
            body=self.env._(
                "%(step)s: %(action)s. %(amount)s has been overdue since %(day)s.",
                step=step.name,
                action=label[step.action],
                amount=self._format(step),
                day=step.oldest_due,
            )
        )

    def _mail(self, step):
        """Have Odoo's mail queue write to the tenant once this is committed; ask a
        person where there is no address.
        """
        template = step.policy_step_id.mail_template_id or self.env.ref(
            _TEMPLATE, raise_if_not_found=False
        )
        if template and step.partner_id.email:
            mail = self.env["mail.mail"].browse(
                template.send_mail(step.id, force_send=False)
            )
            step.message_id = mail.mail_message_id
            return
        step.detail = self.env._(
            "The tenant's contact has no e-mail address, so somebody was asked."
        )
        self._ask(step, "mail_activity_dunning")

    def _ask(self, step, type_name, policy_step=None):
        """Ask somebody, by an activity on the tenant.

        :param policy_step: one that may name another type.
        """
        activities = self.env["saas.activities"]
        label = dict(step._fields["action"]._description_selection(self.env))
        summary = self.env._(
            "%(step)s: %(amount)s overdue since %(day)s",
            step=step.name,
            amount=self._format(step),
            day=step.oldest_due,
        )
        note = step.detail or label[step.action]
        row = (step.tenant_id, summary, note, self._find_user(step))
        [activity] = activities._create_for(type_name, [row])
        if policy_step and policy_step.activity_type_id:
            activity.activity_type_id = policy_step.activity_type_id
        step.activity_id = activity

    def _find_user(self, step):
        """Return who is asked: whom the step names, who answers for billing, or the
        first finance reviewer of the company.
        """
        company = step.company_id
        people = step.policy_step_id.user_id or company.billing_responsible_id
        return people or find_people(self.env, "reviewer", company)[:1]

    def _format(self, step):
        return step.currency_id.format(step.total)
