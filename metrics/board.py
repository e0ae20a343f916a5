from odoo import api, fields, models
from odoo.exceptions import AccessError


class SaasMetricsBoard(models.AbstractModel):
    """Answers the web client's pages *Home*, *Operations*, *Finance* and *Flows*, one
    call each. Who may see a page is checked here: a menu that is hidden keeps nobody
    out.
    """

    _name = "saas.metrics.board"
    _description = "SaaS pages of figures"

    @api.model
    def get_home(self):
        """Return the page *Home*: what waits for the user, by their roles."""
        return self._answer("saas.metrics.home_page", "user")

    @api.model
    def get_operations(self):
        """Return the page *Operations*, for operators, managers and auditors."""
        return self._answer("saas.metrics.operations_page", "operator", "auditor")

    @api.model
    def get_finance(self):
        """Return the page *Finance*, for finance reviewers, approvers and auditors."""
        return self._answer("saas.metrics.finance_page", "reviewer", "auditor")

    @api.model
    def get_flows(self):
        """Return the page *Flows*: which kind of fact goes where."""
        return self._answer("saas.metrics.flows_page", "user")

    def _answer(self, page, *groups):
        """Return a page as plain values.

        :raises AccessError: unless the user has one of the groups, ``user`` being any
            of the app's roles.
        """
        user = self.env.user
        if not any(
            user.has_group(f"saas_billing_sync.group_saas_{group}") for group in groups
        ):
            raise AccessError(
                self.env._(
                    "Your role may not see this page. Ask an administrator for a role "
                    "that may."
                )
            )
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        return {
            "sections": self.env[page]._lay_out(),
            "read_at": f"{now:%H:%M:%S}",
            "companies": self.env.companies.mapped("name"),
        }
