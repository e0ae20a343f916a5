from odoo import api, fields, models
from odoo.tools import SQL


class SaasOutboundTarget(models.Model):
    """Whom a company tells what becomes of its books. Where there is none, nothing is
    written for anybody.
    """

    _name = "saas.outbound.target"
    _description = "SaaS outbound target"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    source_id = fields.Many2one(
        "saas.source",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        help="The system that is told. Leave it empty for one that is no source.",
    )
    last_sequence = fields.Integer(
        readonly=True, help="The number of the newest message to this target."
    )
    waiting_count = fields.Integer(compute="_compute_waiting_count", string="Waiting")

    def _compute_waiting_count(self):
        messages = self.env["saas.outbound.message"]
        waiting = dict(
            messages._read_group(
                [("target_id", "in", self.ids), ("state", "=", "waiting")],
                ["target_id"],
                ["__count"],
            )
        )
        for target in self:
            target.waiting_count = waiting.get(target, 0)

    def action_view_messages(self):
        """Show what this target is told."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_outbound_message_action"
        )
        return self._in_company({**action, "domain": [("target_id", "=", self.id)]})

    @api.model
    def _lock(self, company):
        """Return the targets of a company, locked until the transaction ends, so that
        their messages have numbers without gaps. If somebody told them something
        meanwhile, this fails like any concurrent update, and the job runs again.
        """
        targets = self.search([("company_id", "=", company.id)], order="id")
        if targets:
            targets.flush_recordset()
            # Losing such a race is nobody's error, so it is not logged as one.
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM saas_outbound_target WHERE id IN %s"
                    " ORDER BY id FOR NO KEY UPDATE",
                    targets._ids,
                ),
                log_exceptions=False,
            )
        return targets

    def _get_log_source(self):
        """Return the source in whose log a change of this target is noted: the one
        that is told, or the first one of its company.
        """
        return self.source_id or self._get_log_of_company()
