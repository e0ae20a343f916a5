from odoo import fields, models
from odoo.tools import SQL

from ...canonical.categories import Category

#: By source and currency: the journal items of the clearing account, what the source
#: says, what is on its way to the bank, and what is held back.
_QUERY = """
    SELECT row_number() OVER (ORDER BY source_id, currency_id) AS id,
           source_id, company_id, currency_id,
           sum(booked) AS booked, sum(stated) AS stated,
           sum(in_transit) AS in_transit, sum(reserved) AS reserved,
           sum(held) AS held, sum(opening) AS opening,
           sum(booked) - sum(stated) - sum(in_transit) - sum(held)
               - sum(opening) AS difference
    FROM (
        SELECT source.id AS source_id, source.company_id, line.currency_id,
               line.amount_currency AS booked, 0 AS stated, 0 AS in_transit,
               CASE WHEN binding.id IS NULL THEN 0
                    ELSE line.amount_currency END AS held,
               CASE WHEN line.date <= source.cutover_date
                     AND move.saas_source_id IS NULL
                     AND move.origin_payment_id IS NULL
                     AND move.reversed_entry_id IS NULL
                    THEN line.amount_currency ELSE 0 END AS opening,
               0 AS reserved
        FROM saas_source source
        JOIN account_journal journal ON journal.id = source.clearing_journal_id
        JOIN account_move_line line
          ON line.account_id = journal.default_account_id
         AND line.company_id = source.company_id
         AND line.parent_state = 'posted'
        JOIN account_move move ON move.id = line.move_id
        LEFT JOIN saas_binding binding
          ON binding.res_model = 'account.move'
         AND binding.res_id = line.move_id
         AND binding.source_id = source.id
         AND binding.kind = 'cash_balance_entry'
        UNION ALL
        SELECT source_id, company_id, currency_id, 0, net, 0, 0, 0, 0
        FROM saas_balance_transaction WHERE category != %(reserve)s
        UNION ALL
        SELECT source_id, company_id, currency_id, 0, 0, amount, 0, 0, 0
        FROM saas_payout WHERE state IN ('pending', 'in_transit')
        UNION ALL
        SELECT source.id, source.company_id, line.currency_id, 0, 0, 0, 0, 0,
               line.amount_currency
        FROM saas_source source
        JOIN account_move_line line
          ON line.account_id = source.reserve_account_id
         AND line.company_id = source.company_id
         AND line.parent_state = 'posted'
        JOIN account_move move
          ON move.id = line.move_id AND move.saas_source_id = source.id
    ) parts
    GROUP BY source_id, company_id, currency_id
"""


class SaasClearingBalance(models.Model):
    """The clearing balance: what the clearing account of a source holds in each
    currency, beside what the source says it holds. The two are equal once payouts on
    their way and held cash are counted in.
    """

    _name = "saas.clearing.balance"
    _description = "SaaS clearing balance"
    _inherit = ["saas.guarded.mixin"]
    _auto = False
    _order = "source_id, currency_id"
    _rec_name = "currency_id"

    source_id = fields.Many2one("saas.source", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    booked = fields.Monetary(string="In the Books", readonly=True)
    stated = fields.Monetary(
        string="At the Source",
        readonly=True,
        help="The sum of the net amounts of all balance transactions that were read.",
    )
    reserved = fields.Monetary(
        string="Held Back",
        readonly=True,
        help="What the source holds back in a reserve. It is there beside the amount "
        "at the source, and can't be paid out for now.",
    )
    in_transit = fields.Monetary(
        string="On Its Way",
        readonly=True,
        help="Payouts that have left the source and have not arrived yet.",
    )
    held = fields.Monetary(
        string="Held Cash",
        readonly=True,
        help="Cash that the source holds for customers. It becomes part of the "
        "source's balance when it pays for something.",
    )
    opening = fields.Monetary(
        string="From the Old Books",
        readonly=True,
        help="What the source held at the cut-over, as it was entered by hand. The "
        "balance transactions before that are not read.",
    )
    difference = fields.Monetary(
        readonly=True,
        help="The amount in the books, less the amounts at the source, on the way to "
        "the bank, held for customers and from the old books.",
    )

    @property
    def _table_query(self):
        return SQL(_QUERY, reserve=Category.RESERVE_SIDE.value)

    def action_view_differences(self):
        """Open the transactions in this currency that the books show otherwise."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_balance_transaction_action"
        )
        return {
            **action,
            "domain": [
                ("source_id", "=", self.source_id.id),
                ("currency_id", "=", self.currency_id.id),
            ],
            "context": {"search_default_differences": 1},
        }
