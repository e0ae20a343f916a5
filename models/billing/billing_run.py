from odoo import api, fields, models
from odoo.exceptions import UserError


class SaasBillingRun(models.Model):
    """A billing run: everything of a company that is due at a moment, in one go. Its
    tenants are frozen as rows when it begins; jobs bill them in chunks, each in one
    transaction, and a chunk that was killed left nothing behind and is done again.

    What is billed is always what should be less what is billed, so a run that is begun
    twice, or that follows one which was cancelled, bills nobody twice.
    """

    _name = "saas.billing.run"
    _description = "SaaS billing run"
    _inherit = ["saas.guarded.mixin", "saas.chunked.mixin"]
    _check_company_auto = True
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    cutoff = fields.Datetime(
        string="Bill What Is Due By",
        required=True,
        default=fields.Datetime.now,
        help="Periods that begin by then, where they are billed in advance, and those "
        "that have ended by then.",
    )
    invoice_date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The date of all documents of this run.",
    )
    is_scheduled = fields.Boolean(
        string="Begun by the Clock", readonly=True, help="Nobody pressed a button."
    )
    failed_count = fields.Integer(
        string="Failed", readonly=True, help="Tenants that could not be billed."
    )
    nothing_count = fields.Integer(
        string="Nothing to Bill", readonly=True, help="Tenants that owe nothing more."
    )
    document_count = fields.Integer(string="Documents", readonly=True)
    item_ids = fields.One2many("saas.billing.item", "run_id", readonly=True)

    _running_unique = models.UniqueIndex(
        "(company_id) WHERE state = 'running'",
        "A billing run of this company is at work. Wait until it has ended, or cancel "
        "it.",
    )

    @api.depends("cutoff", "company_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "Billing run %(number)s of %(company)s",
                number=run.id or "",
                company=run.company_id.name or "",
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(run.state != "draft" for run in self):
            raise UserError(
                self.env._(
                    "A billing run that has begun can't be deleted: it says what was "
                    "billed. Cancel it if it still runs."
                )
            )

    def _get_log_source(self):
        """Return the source in whose log a change of a run is noted."""
        return self._get_log_of_company()

    # -- what a person opens -----------------------------------------------------------

    def action_view_documents(self):
        """Open the invoices and credit notes of this run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        ids = self.item_ids.charge_ids.move_id.ids
        return self._in_company({**action, "domain": [("id", "in", ids)]})

    def action_view_failures(self):
        """Open the tenants that could not be billed, each with why."""
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Tenants That Could Not Be Billed"),
                "res_model": "saas.billing.item",
                "view_mode": "list,kanban,form",
                "domain": [("run_id", "=", self.id), ("state", "=", "failed")],
            }
        )
