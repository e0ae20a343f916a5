from odoo import Command, models

from ...canonical.categories import FeeKind
from ...canonical.money import exact
from ...ledger.entry import journal_item
from ...ledger.tax.match import StatedTax

#: The field of the source with the account of each kind of fee.
_FIELDS = {
    FeeKind.PROCESSING: "fee_account_id",
    FeeKind.APPLICATION: "application_fee_account_id",
    FeeKind.PASSED_THROUGH: "passed_fee_account_id",
    FeeKind.TAX: "fee_tax_account_id",
    FeeKind.WITHHELD_TAX: "withheld_tax_account_id",
    FeeKind.FINANCING: "loan_cost_account_id",
    FeeKind.UNKNOWN: "fee_account_id",
}
#: Kinds that are a part of what the source's service costs, and go there where they
#: have no account of their own. The others are not: an account has to be chosen.
_PART_OF_PROCESSING = (FeeKind.PASSED_THROUGH, FeeKind.TAX)


class SaasClearingFee(models.AbstractModel):
    """Prepares the journal items of the fees that a source keeps, each kind on its own
    account. Only what the source asks for its own service has a tax.
    """

    _name = "saas.clearing.fee"
    _description = "SaaS fee lines"

    def _get_needs(self, source, parts):
        """Return the names of the source's account fields that a fee needs, each once.

        :param parts: the fee as :class:`~...canonical.facts.FeePart`, in the order
            stated.
        """
        fields = [self._get_field(source, part.kind) for part in parts if part.amount]
        return list(dict.fromkeys(fields))

    def _get_field(self, source, kind):
        field = _FIELDS[kind]
        own = source[field] or kind not in _PART_OF_PROCESSING
        return field if own else _FIELDS[FeeKind.PROCESSING]

    def _prepare(self, source, fact, currency, rate, parts):
        """Return values of journal items that come to the sum of ``parts``, in minor
        units of the fact's currency. A fee that was given back is below zero.

        The tax on the source's form is used where it gives the tax that the source
        states: input tax, or a reverse charge where the source states none. Otherwise
        there is no tax on this fee, or it is part of the cost.

        :raises Quarantine: as ``tax_mismatch``, if the tax gives another amount.
        """
        amounts = {}
        for part in parts:
            amounts[part.kind] = amounts.get(part.kind, 0) + part.amount
        fee, tax = amounts.get(FeeKind.PROCESSING, 0), amounts.get(FeeKind.TAX, 0)
        taxed = []
        if fee and source.fee_tax_id:
            taxed = self._prepare_with_tax(source, fact, currency, rate, fee, tax)
        if taxed:
            del amounts[FeeKind.PROCESSING]
            amounts.pop(FeeKind.TAX, None)
        return [
            *taxed,
            *(
                journal_item(
                    source[self._get_field(source, kind)],
                    fact.decimal(amount),
                    self._name_fee(kind, fact),
                )
                for kind, amount in amounts.items()
            ),
        ]

    def _name_fee(self, kind, fact):
        names = {
            FeeKind.APPLICATION: self.env._("Application fee of %s", fact.external_id),
            FeeKind.PASSED_THROUGH: self.env._(
                "Passed-through fee of %s", fact.external_id
            ),
            FeeKind.TAX: self.env._("Tax on the fee of %s", fact.external_id),
            FeeKind.WITHHELD_TAX: self.env._("Tax withheld of %s", fact.external_id),
            FeeKind.FINANCING: self.env._("Cost of financing %s", fact.external_id),
        }
        return names.get(kind) or self.env._("Fee of %s", fact.external_id)

    def _prepare_with_tax(self, source, fact, currency, rate, fee, fee_tax):
        """Return the items of the source's own fee, ``fee``, with the tax on its form;
        none if that tax is not on this fee. ``fee_tax`` is the tax stated beside it.
        """
        net = fact.decimal(fee)
        line, taxes = self._prepare_taxed(source, fact, currency, rate, net)
        if fee_tax:
            self._match(source, taxes, fact.decimal(fee_tax), net, currency)
        for tax in taxes:
            amount = exact(float(tax["amount_currency"]), currency.decimal_places)
            tax["amount_currency"] = amount
            tax["balance"] = self._convert(source, amount, rate)
        if fee_tax or not sum(tax["amount_currency"] for tax in taxes):
            return [line, *taxes]
        return []

    def _prepare_taxed(self, source, fact, currency, rate, net):
        """Return what Odoo's own tax engine makes of the fee: the journal item of the
        fee itself, and those of its taxes with amounts as floats.
        """
        taxes = source.fee_tax_id
        sign = 1 if net >= 0 else -1
        result = self.env["saas.ledger.tax.compute"]._compute(
            source.company_id,
            [
                {
                    "tax_ids": taxes,
                    "price_unit": float(abs(net)),
                    "quantity": 1.0,
                    "currency_id": currency,
                    "rate": rate,
                    "sign": sign,
                    "is_refund": sign < 0,
                    "account_id": source.fee_account_id,
                }
            ],
        )
        [(_base, amounts)] = result["base_lines_to_update"]
        line = journal_item(
            source.fee_account_id,
            net,
            self.env._("Fee of %s", fact.external_id),
            tax_ids=[Command.set(taxes.ids)],
            tax_tag_ids=amounts["tax_tag_ids"],
            balance=self._convert(source, net, rate),
        )
        return line, result["tax_lines_to_add"]

    def _convert(self, source, amount, rate):
        return self.env["saas.ledger.rates"]._convert(source, amount, rate)

    def _match(self, source, taxes, stated, net, currency):
        """Set the tax on ``net`` to what the source states, if it is that but for
        rounding.
        """
        repartition = self.env["account.tax.repartition.line"]
        unit = exact(currency.rounding, currency.decimal_places)
        self.env["saas.ledger.tax.match"]._match(
            {source.fee_tax_id: StatedTax(stated, unit, net)},
            [
                (repartition.browse(tax["tax_repartition_line_id"]).tax_id, tax)
                for tax in taxes
            ],
            currency,
            1,
        )
