from odoo import api, fields, models


class SaasSource(models.Model):
    """Shows on a source that this database may be a copy of the real one, and lets a
    person confirm that it is not.
    """

    _inherit = "saas.source"

    environment_problem = fields.Text(
        compute="_compute_environment_problem", compute_sudo=True
    )

    def _compute_environment_problem(self):
        self.environment_problem = self.env["saas.environment"]._describe_problem()

    @api.model
    def get_environment_problem(self):
        """Return why nothing is processed in this database, as a sentence for people,
        or "" if it is the real one. For lists, which show it above their rows.

        :raises AccessError: for who may not see sources.
        """
        self.browse().check_access("read")
        return self.env["saas.environment"].sudo()._describe_problem()

    def action_confirm_environment(self):
        """Confirm that this database is the real one, for all its sources: whether it
        is a copy does not depend on the company.

        :raises AccessError: unless the user is an integration manager.
        :raises UserError: if there is nothing to confirm.
        """
        self._check_may_act("manager")
        self.env["saas.environment"].sudo()._confirm()
        return True
