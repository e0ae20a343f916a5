from odoo import models

from ...canonical.actions import Action
from ...canonical.customers.mandatory import has_rules


class SaasCustomersMandatory(models.AbstractModel):
    """Tells somebody what the law wants on invoices that are mirrored and is not known
    of their tenants. The source has issued them, so they are booked all the same.
    """

    _name = "saas.customers.mandatory"
    _description = "SaaS mandatory values"

    def _notice(self, source, items, dates):
        """Ask for what is missing on the documents that items have booked, and stop
        asking for what is known by now. In countries without rules it costs nothing.

        :param dates: the days of the documents, by item.
        """
        company = source.company_id
        if not items or not has_rules(company.account_fiscal_country_id.code or ""):
            return
        missing, complete = self.env["saas.tenant"], self.env["saas.tenant"]
        for item in items:
            if laws := item.tenant._find_missing(dates[item]):
                missing |= item.tenant
                told = ", ".join(f"{label} ({law})" for label, law in laws.items())
                item.log(Action.MANDATORY_MISSING, item.tenant, told)
            else:
                complete |= item.tenant
        activities = self.env["saas.activities"]
        activities._ask(
            source,
            "mail_activity_mandatory_missing",
            missing,
            self.env._("An invoice lacks what the law wants"),
        )
        activities._stop_asking("mail_activity_mandatory_missing", complete - missing)
