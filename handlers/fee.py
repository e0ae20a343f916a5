from odoo import models

from ..canonical.money import exact


class SaasFeeLines(models.AbstractModel):
    """The journal items of what a source keeps for its service, with the tax on it."""

    _name = "saas.fee.lines"
    _inherit = "saas.handler.entry"
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
            lines = self._prepare_taxed(
                source, fact, currency, rate, fact.decimal(fee - fee_tax)
            )
            taxes = [line for line in lines if "tax_repartition_line_id" in line]
            stated = fact.decimal(fee_tax)
            if fee_tax:
                self._match(source, taxes, stated, currency, rate)
            if fee_tax or not sum(line["amount_currency"] for line in taxes):
                return lines
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
        """Return what Odoo's own tax engine makes of the fee."""
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
        fee = self._prepare_line(
            source.fee_account_id,
            net,
            currency,
            self.env._("Fee of %s", fact.external_id),
            **{
                **amounts,
                "amount_currency": net,
                "tax_ids": [(6, 0, taxes.ids)],
                "display_type": "product",
            },
        )
        lines = [fee, *result["tax_lines_to_add"]]
        for line in lines:
            line["amount_currency"] = exact(
                float(line["amount_currency"]), currency.decimal_places
            )
            line["balance"] = exact(
                float(line["balance"]), company.currency_id.decimal_places
            )
        return lines

    def _match(self, source, lines, stated, currency, rate):
        """Set the tax to what the source states, if it is that but for rounding."""
        repartition = self.env["account.tax.repartition.line"]
        self.env["saas.tax.match"]._match(
            {source.fee_tax_id: (stated, currency_unit(currency))},
            [
                (repartition.browse(line["tax_repartition_line_id"]).tax_id, line)
                for line in lines
            ],
            currency,
            1,
        )
        own = source.company_id.currency_id
        for line in lines:
            line["amount_currency"] = exact(
                float(line["amount_currency"]), currency.decimal_places
            )
            line["balance"] = self._convert(own, line["amount_currency"], rate)


def currency_unit(currency):
    """Return the smallest amount of a currency, as a Decimal."""
    return exact(currency.rounding, currency.decimal_places)
