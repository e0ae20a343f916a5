from collections import Counter

from odoo import models

from ...canonical.money import exact

_NET, _TAX, _ALL = ("product",), ("tax",), ("product", "tax")
#: What Odoo sums up of a document's journal items: of which kinds, in which currency,
#: and whether as the document shows it or as the company's books do.
_SUMS = {
    "amount_untaxed": (_NET, "amount_currency", True),
    "amount_tax": (_TAX, "amount_currency", True),
    "amount_total": (_ALL, "amount_currency", True),
    "amount_residual": (_ALL, "amount_currency", True),
    "amount_untaxed_signed": (_NET, "balance", False),
    "amount_untaxed_in_currency_signed": (_NET, "amount_currency", False),
    "amount_tax_signed": (_TAX, "balance", False),
    "amount_total_signed": (_ALL, "balance", False),
    "amount_total_in_currency_signed": (_ALL, "amount_currency", False),
    "amount_residual_signed": (_ALL, "balance", False),
}
#: What the tax engine has told of each line already.
_TOLD = ("price_subtotal", "price_total")
#: Accounts whose items have a residual though they are not reconciled.
_MONEY = ("asset_cash", "liability_credit_card")


class SaasLedgerExpected(models.AbstractModel):
    """Writes with the journal items of a new document what Odoo would compute of them
    next, and write by further statements: state, day, residual, totals.

    Where Odoo still computes it, as it does when it posts, its own value counts; an
    equal one needs no statement. A differential test holds all of them to the form's.
    """

    _name = "saas.ledger.documents.expected"
    _description = "SaaS expected values"

    def _add(self, vals, items, bases, currency, company):
        """Add what is expected to the values of a draft and of its journal items.

        :param bases: what the tax engine has computed of each product item, in order.
        """
        places = {
            "amount_currency": currency.decimal_places,
            "balance": company.currency_id.decimal_places,
        }
        told, sums = iter(bases), Counter()
        for item in items:
            amounts = {name: exact(float(item[name]), places[name]) for name in places}
            for name, amount in amounts.items():
                sums[item["display_type"], name] += amount
            item.update(
                {
                    "date": vals["invoice_date"],
                    "invoice_date": vals["invoice_date"],
                    "ref": vals["ref"],
                    "parent_state": "draft",
                    **self._get_prices(item, told),
                    **self._get_residual(item, amounts),
                }
            )
        sign = 1 if vals["move_type"] == "out_refund" else -1
        for field, (kinds, name, is_shown) in _SUMS.items():
            amount = sum(sums[kind, name] for kind in kinds)
            vals[field] = sign * amount if is_shown else -amount

    def _get_prices(self, item, told):
        if item["display_type"] != "product":
            return dict.fromkeys(_TOLD, 0.0)
        details = next(told)["tax_details"]
        return {
            "price_subtotal": details["total_excluded_currency"],
            "price_total": details["total_included_currency"],
        }

    def _get_residual(self, item, amounts):
        account = self.env["account.account"].browse(item["account_id"])
        is_open = account.reconcile or account.account_type in _MONEY
        balance, amount = amounts["balance"], amounts["amount_currency"]
        return {
            "amount_residual": balance if is_open else 0.0,
            "amount_residual_currency": amount if is_open else 0.0,
            "reconciled": is_open and not balance and not amount,
        }

    def _take(self, moves):
        """Have Odoo take what was added for computed: what the tax engine has told, and
        the sums, which it computes again as soon as it posts.
        """
        for records, names in ((moves.line_ids, _TOLD), (moves, _SUMS)):
            for name in names:
                self.env.remove_to_compute(records._fields[name], records)
