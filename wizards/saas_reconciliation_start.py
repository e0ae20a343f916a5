from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..canonical.kinds import Kind
from ..models.source.documents.own import TELLING


class SaasReconciliationStart(models.TransientModel):
    """Lets a person start to compare a source with the books."""

    _name = "saas.reconciliation.start"
    _description = "Start a SaaS reconciliation"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True

    source_id = fields.Many2one(
        "saas.source",
        required=True,
        domain="[('company_id', 'in', allowed_company_ids), ('is_own', '=', False)]",
        default=lambda self: self._default_source(),
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        ).replace(day=1),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        ),
    )
    customers = fields.Boolean(default=True)
    subscriptions = fields.Boolean(default=True)
    invoices = fields.Boolean(default=True)
    payments = fields.Boolean(default=True)
    credit_notes = fields.Boolean(default=True)
    refunds = fields.Boolean(default=True)
    payouts = fields.Boolean(default=True)

    @api.model
    def _default_source(self):
        sources = self.env["saas.source"].search(
            [("company_id", "in", self.env.companies.ids), *TELLING], limit=2
        )
        return sources if len(sources) == 1 else sources.browse()

    def _get_kinds(self):
        """Return the kinds of objects that were chosen."""
        chosen = {
            Kind.CUSTOMER: self.customers,
            Kind.SUBSCRIPTION: self.subscriptions,
            Kind.INVOICE: self.invoices,
            Kind.PAYMENT: self.payments,
            Kind.CREDIT_NOTE: self.credit_notes,
            Kind.REFUND: self.refunds,
            Kind.PAYOUT: self.payouts,
        }
        return [kind for kind, wanted in chosen.items() if wanted]

    def action_start(self):
        """Start the run, and show how far it is."""
        self.ensure_one()
        self._check_links()
        runs = self.env["saas.reconciliation"]
        runs._check_may_start()
        source = self.source_id
        if not source._has_api_key():
            raise UserError(
                self.env._(
                    "%s has no API key to read with. Paste one on its page, under "
                    "Connection.",
                    source.name,
                )
            )
        if self.date_from > self.date_to:
            raise UserError(
                self.env._("The period ends before it begins. Correct its two days.")
            )
        run = runs._start(source, self.date_from, self.date_to, self._get_kinds())
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "view_mode": "form",
        }
