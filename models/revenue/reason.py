from odoo import api, fields, models

from ..revenue_methods import CREDITINGS


class SaasRevenueReason(models.Model):
    """Says what a source's credit notes are for that give a reason, by the source's
    word for it. Credit notes with any other word are for what the company says.
    """

    _name = "saas.revenue.reason"
    _description = "SaaS reason of a credit note"
    _inherit = ["saas.guarded.mixin"]
    _order = "source_id, word"
    _rec_name = "word"

    source_id = fields.Many2one("saas.source", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    word = fields.Char(
        required=True,
        help="The source's own word, such as duplicate or product_unsatisfactory.",
    )
    crediting = fields.Selection(CREDITINGS, string="Is For", required=True)

    _word_unique = models.UniqueIndex(
        "(source_id, word)",
        "The source has a row for this word already. Change that one.",
    )

    def _get_log_source(self):
        """Return the source in whose log a change of a row is noted."""
        return self.source_id

    @api.model
    def _find(self, source):
        """Return what credit notes of a source are for, by the source's word."""
        rows = self.sudo().search([("source_id", "=", source.id)])
        return {row.word: row.crediting for row in rows}
