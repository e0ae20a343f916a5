from odoo import models

from ..canonical.errors import Quarantine
from ..canonical.money import exact
from ..canonical.reasons import Reason


class SaasTaxMatch(models.AbstractModel):
    """Holds Odoo's tax amounts against those the source charged."""

    _name = "saas.tax.match"
    _description = "SaaS tax match"

    def _match(self, stated, tax_lines, currency, sign):
        """Set each tax to the amount the source charged.

        :param stated: by tax, the source's sum, and by how much Odoo's may differ, as
            Decimals. More means that the rate is mapped to another tax.
        :param tax_lines: pairs of a tax and a journal item of it, which is a record
            or values; its ``amount_currency`` is changed where it differs.
        :param sign: of the journal items of a positive tax.
        :raises Quarantine: as ``tax_mismatch``, with both amounts.
        """
        places = currency.decimal_places
        for tax, (amount, allowed) in stated.items():
            parts = tax | tax.children_tax_ids
            own = [line for line_tax, line in tax_lines if line_tax in parts]
            booked = sum(exact(line["amount_currency"], places) for line in own)
            difference = sign * amount - booked
            if abs(difference) > allowed or (difference and not own):
                raise Quarantine(
                    Reason.TAX_MISMATCH,
                    self.env._(
                        "the source charges %(stated)s, %(tax)s gives %(booked)s",
                        stated=amount,
                        tax=tax.display_name,
                        booked=sign * booked,
                    ),
                )
            if difference:
                line = own[0]
                # Odoo subtracts what is written from the float that is there.
                line["amount_currency"] = float(
                    exact(line["amount_currency"], places) + difference
                )
