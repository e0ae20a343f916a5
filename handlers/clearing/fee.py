from odoo import Command, models

from ...canonical.money import exact
from ...ledger.tax.match import StatedTax


class SaasClearingFee(models.AbstractModel):
    """The journal items of what a source keeps for its service, with the tax on it."""

    _name = "saas.clearing.fee"
    _inherit = "saas.ledger.entry"
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
            own = source.company_id.currency_id
            for tax in taxes:
                amount = exact(float(tax["amount_currency"]), currency.decimal_places)
                tax["amount_currency"] = amount
                tax["balance"] = self._convert(own, amount, rate)
            if fee_tax or not sum(tax["amount_currency"] for tax in taxes):
                return [line, *taxes]
        lines = [
            self._prepare_line(account, fact.decimal(fee - fee_tax), currency, name)
        ]
        if fee_tax:
            name = self.env._("Tax on the fee of %s", fact.external_id)
            lines.append(
                self._prepare_line(account, fact.decimal(fee_tax), currency, name)
            )
        return lines

    def _prepare_taxed(self, source, fact, currency, rate, net):
        """Return what Odoo's own tax engine makes of the fee: the journal item of the
        fee itself, and those of its taxes with amounts as floats.
        """
        taxes, company = source.fee_tax_id, source.company_id
        sign = 1 if net >= 0 else -1
        base = taxes._prepare_base_line_for_taxes_computation(
            {},
            tax_ids=taxes,
            price_unit=float(abs(net)),
            quantity=1.0,
            currency_id=currency,
            rate=rate,
            sign=sign,
            is_refund=sign < 0,
            account_id=source.fee_account_id,
        )
        taxes._add_tax_details_in_base_lines([base], company)
        taxes._round_base_lines_tax_details([base], company)
        taxes._add_accounting_data_in_base_lines_tax_details([base], company)
        result = taxes._prepare_tax_lines([base], company)
        [(_base, amounts)] = result["base_lines_to_update"]
        line = self._prepare_line(
            source.fee_account_id,
            net,
            currency,
            self.env._("Fee of %s", fact.external_id),
            tax_ids=[Command.set(taxes.ids)],
            tax_tag_ids=amounts["tax_tag_ids"],
            balance=self._convert(company.currency_id, net, rate),
        )
        return line, result["tax_lines_to_add"]

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
