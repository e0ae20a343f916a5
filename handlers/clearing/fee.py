from odoo import Command, models

from ...canonical.money import exact
from ...ledger.entry import journal_item
from ...ledger.tax.match import StatedTax


class SaasClearingFee(models.AbstractModel):
    """Prepares the journal items of the fee that a source keeps for its service, with
    the tax on it.
    """

    _name = "saas.clearing.fee"
    _description = "SaaS fee lines"

    def _prepare(self, source, fact, currency, rate, fee, fee_tax=0, is_taxed=True):
        """Return values of journal items that come to ``fee``, in minor units of the
        fact's currency; ``fee_tax`` of these are tax, as the source states it.

        The tax on the source's form is used where it gives that amount: input tax, or
        a reverse charge where the source states none. Otherwise there is no tax on
        this fee, or it is part of the cost.

        :raises Quarantine: as ``tax_mismatch``, if the tax gives another amount.
        """
        account = source.fee_account_id
        name = self.env._("Fee of %s", fact.external_id)
        if fee and is_taxed and source.fee_tax_id:
            net = fact.decimal(fee - fee_tax)
            line, taxes = self._prepare_taxed(source, fact, currency, rate, net)
            if fee_tax:
                self._match(source, taxes, fact.decimal(fee_tax), net, currency)
            for tax in taxes:
                amount = exact(float(tax["amount_currency"]), currency.decimal_places)
                tax["amount_currency"] = amount
                tax["balance"] = self._convert(source, amount, rate)
            if fee_tax or not sum(tax["amount_currency"] for tax in taxes):
                return [line, *taxes]
        lines = [journal_item(account, fact.decimal(fee - fee_tax), name)]
        if fee_tax:
            name = self.env._("Tax on the fee of %s", fact.external_id)
            lines.append(journal_item(account, fact.decimal(fee_tax), name))
        return lines

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
