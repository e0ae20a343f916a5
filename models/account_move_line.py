from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    saas_external_id = fields.Char(
        string="Line at Source", readonly=True, copy=False, index="btree_not_null"
    )
