from odoo import fields, models

from ...canonical.money import to_minor
from ...canonical.payments.dunning import Act

#: What a step does, as people choose it.
ACTS = [
    (Act.MAIL.value, "Write a mail"),
    (Act.ACTIVITY.value, "Ask somebody to do something"),
    (Act.CALL.value, "Ask somebody to call"),
    (Act.RESTRICT.value, "Restrict what the tenant may use"),
    (Act.PAUSE.value, "Propose to pause the subscriptions"),
    (Act.CANCEL.value, "Propose to cancel the subscriptions"),
    (Act.WRITE_OFF.value, "Propose to write the debt off"),
]


class SaasDunningPolicyStep(models.Model):
    """A step of a policy: so many days after the oldest due day, if so much is overdue
    on so many invoices, this is done.
    """

    _name = "saas.dunning.policy.step"
    _description = "SaaS dunning policy step"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True
    _order = "policy_id, after_days, id"

    policy_id = fields.Many2one(
        "saas.dunning.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    active = fields.Boolean(
        default=True, help="A step that was taken can't be deleted. Archive it instead."
    )
    name = fields.Char(required=True)
    after_days = fields.Integer(
        string="Days Overdue",
        required=True,
        default=7,
        help="So many days after the day on which the oldest invoice was due. A tenant "
        "that is found later goes through the steps at the same pace: nothing is left "
        "out, and nothing comes at once.",
    )
    least_count = fields.Integer(string="Invoices at Least", required=True, default=1)
    minimum_ids = fields.One2many(
        "saas.dunning.minimum", "step_id", string="Amounts at Least", copy=True
    )
    action = fields.Selection(
        ACTS,
        string="What Is Done",
        required=True,
        default=Act.MAIL.value,
        help="A mail goes through Odoo's mail queue. A restriction takes away what the "
        "tenant may use, tells the systems that are told, and ends by itself once the "
        "debt is paid. To pause, to cancel and to write off is proposed to a person, "
        "who decides.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        domain="[('model', '=', 'saas.dunning.step')]",
        ondelete="restrict",
        help="What the tenant is written. Empty: the mail that comes with the app.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        ondelete="restrict",
        help="What somebody is asked to do. Empty: to look after what is overdue.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who Is Asked",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: who answers for the company's billing runs.",
    )

    _limits_positive = models.Constraint(
        "CHECK (after_days > 0 AND least_count > 0)",
        "A step comes a day after the due day at the earliest, for one invoice at "
        "least.",
    )

    def _get_least(self, currency):
        """Return what has to be overdue at least for this step, in minor units of a
        currency; 1 where nothing is said for it.
        """
        own = self.minimum_ids.filtered(lambda row: row.currency_id == currency)
        return max(to_minor(own.amount, currency.decimal_places), 1) if own else 1

    def _get_log_source(self):
        """Return the source in whose log a change of a step is noted."""
        return self._get_log_of_company()
