from datetime import timedelta

from odoo import fields, models


class SaasPullStart(models.TransientModel):
    """Lets a person start a reading: a recovery from a day on, or a first import from
    the cut-over.
    """

    _name = "saas.pull.start"
    _description = "Read from a SaaS source"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True

    source_id = fields.Many2one("saas.source", required=True, readonly=True)
    company_id = fields.Many2one(related="source_id.company_id")
    kind = fields.Selection(
        [("recovery", "Recovery"), ("first_import", "First import")],
        required=True,
        readonly=True,
    )
    since = fields.Datetime(
        string="From",
        default=lambda self: fields.Datetime.now() - timedelta(days=30),
        help="The source keeps events for 30 days.",
    )
    cutover_date = fields.Date(related="source_id.cutover_date")

    def action_apply(self):
        """Start the reading, and show how far it is."""
        self.ensure_one()
        self._check_links()
        source = self.source_id
        if self.kind == "recovery":
            run = source._start_reading("recovery", self.since)
        else:
            run = source._start_first_import()
        return {
            "type": "ir.actions.act_window",
            "res_model": "saas.pull.run",
            "view_mode": "form",
            "res_id": run.id,
        }
