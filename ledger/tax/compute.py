from odoo import models


class SaasLedgerTaxCompute(models.AbstractModel):
    """Asks Odoo's own tax engine for the tax items of lines. It computes in floats, and
    rounds to the currency.
    """

    _name = "saas.ledger.tax.compute"
    _description = "SaaS tax computation"

    def _compute(self, company, lines):
        """Return what the engine makes of lines: values to write on each of them
        (``base_lines_to_update``), and values of tax items (``tax_lines_to_add``).

        :param lines: for each line the keywords of the engine's
            ``_prepare_base_line_for_taxes_computation``.
        """
        taxes = self.env["account.tax"]
        bases = [
            taxes._prepare_base_line_for_taxes_computation({}, **line) for line in lines
        ]
        taxes._add_tax_details_in_base_lines(bases, company)
        taxes._round_base_lines_tax_details(bases, company)
        taxes._add_accounting_data_in_base_lines_tax_details(bases, company)
        return taxes._prepare_tax_lines(bases, company)
