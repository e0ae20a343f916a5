from odoo import api, fields, models

from ...canonical.kinds import Kind
from ...canonical.money import to_decimal
from ..big_integer import BigInteger


class SaasSettlement(models.Model):
    """A pair of objects that are to be reconciled because the source says that one
    closes the other: a payment closes an invoice, a credit note an invoice, a refund a
    credit note.

    The pair is stored when the first of the two arrives, and reconciled when the second
    one does, in either order.
    """

    _name = "saas.settlement"
    _description = "SaaS settlement"
    _inherit = ["saas.guarded.mixin"]
    _order = "id"

    source_id = fields.Many2one("saas.source", required=True, ondelete="restrict")
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    debit_kind = fields.Char(required=True)
    debit_ref = fields.Char(required=True)
    credit_kind = fields.Char(required=True)
    credit_ref = fields.Char(required=True)
    amount = BigInteger(
        help="The amount that is reconciled, in the source's minor units. 0 stands "
        "for as much as both sides allow."
    )
    exponent = fields.Integer(help="How many decimals the minor units have.")
    started_at = fields.Datetime(
        help="Since when the two belong together; empty where the source doesn't say."
    )
    ended_at = fields.Datetime(
        help="Since when they don't any longer, unless that began anew later."
    )

    _pair_unique = models.UniqueIndex(
        "(source_id, debit_kind, debit_ref, credit_kind, credit_ref)"
    )
    _credit_index = models.Index("(source_id, credit_kind, credit_ref)")

    @api.model
    def _get_items(self, source, kind, items):
        """Return because of which items money, and all that it is to settle, is looked
        at again, by kind and id.

        :param kind: the money's: payments or refunds.
        :param items: items by the ids of their money.
        """
        side = "credit" if kind == Kind.PAYMENT else "debit"
        rows = self.search(
            [
                ("source_id", "=", source.id),
                (f"{side}_kind", "=", kind),
                (f"{side}_ref", "in", list(items)),
            ]
        )
        return {
            key: items[row[f"{side}_ref"]]
            for row in rows
            for key in (
                (row.debit_kind, row.debit_ref),
                (row.credit_kind, row.credit_ref),
            )
        }

    def _is_over(self):
        """Return whether the two don't belong together any longer."""
        self.ensure_one()
        if not self.ended_at:
            return False
        return not self.started_at or self.started_at <= self.ended_at

    def _get_limit(self):
        """Return the most that may be reconciled, as a Decimal; None: no limit."""
        self.ensure_one()
        return to_decimal(self.amount, self.exponent) if self.amount else None
