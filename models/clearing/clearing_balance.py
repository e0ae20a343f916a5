from odoo import fields, models
from odoo.tools import SQL

from .clearing_query import QUERY, VALUES


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
        help="The sum of the net amounts of all balance transactions that were read, "
        "and of what events tell that wait.",
    )
    waiting = fields.Monetary(
        string="Of It, Not Booked Yet",
        readonly=True,
        help="What events would move that wait for a person or for another event, as "
        "far as these tell: the amount without fees, until the balance transaction is "
        "read.",
    )
    waiting_count = fields.Integer(
        string="Objects That Wait",
        readonly=True,
        help="How many payments, refunds and other movements are not booked yet.",
    )
    unread_count = fields.Integer(
        string="Not Read Yet",
        readonly=True,
        help="Events of the source that may move money, and of which nobody knows yet "
        "how much.",
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
        "the bank, held for customers and from the old books, and what people decided "
        "not to book.",
    )
    decided = fields.Monetary(
        string="Explained by Decisions",
        readonly=True,
        help="What was read, and is not booked because people decided so.",
    )
    proof_state = fields.Selection(
        [
            ("different", "Different"),
            ("incomplete", "Something waits"),
            ("decided", "Explained by decisions"),
            ("proved", "Proved"),
        ],
        string="Proof",
        readonly=True,
    )

    @property
    def _table_query(self):
        return SQL(QUERY, **VALUES)

    def action_view_waiting(self):
        """Open the events of the source that wait, or were not read yet."""
        self.ensure_one()
        return self._in_company(
            {
                **self.source_id.action_view_exceptions(),
                "domain": [
                    ("source_id", "=", self.source_id.id),
                    ("state", "in", ["received", "parked", "quarantined", "dead"]),
                ],
                "context": {},
            }
        )

    def action_view_differences(self):
        """Open the transactions in this currency that the books show otherwise."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_balance_transaction_action"
        )
        return self._in_company(
            {
                **action,
                "domain": [
                    ("source_id", "=", self.source_id.id),
                    ("currency_id", "=", self.currency_id.id),
                ],
                "context": {"search_default_differences": 1},
            }
        )
