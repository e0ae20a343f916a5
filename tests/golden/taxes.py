"""Golden cases of taxes, as in ``case.py``: several on a line, tax on tax, reverse
charge, and what is not collected.
"""

from .case import Case

_US_RATES = (
    "tax_rate.created-state",
    "tax_rate.created-county",
    "tax_rate.created-city",
    "tax_rate.updated",
)
US_TAXES = """
M-16 out_invoice not_paid
    AR +108.75 open +108.75
    REV -100.00 {7.25% State, 1% County, 0.5% City}
    TAX -7.25
    TAX -1.00
    TAX -0.50
"""

CASES = {
    "taxes_of_three_levels": Case((*_US_RATES, "invoice.finalized-us_taxes"), US_TAXES),
    "taxes_before_their_rates": Case(
        ("invoice.finalized-us_taxes", *_US_RATES[::-1]), US_TAXES
    ),
    "taxes_of_an_unknown_rate": Case(
        (*_US_RATES[:2], "invoice.finalized-us_taxes"),
        "",
        waiting=("invoice.finalized",),
    ),
    "taxes_mixed": Case(
        ("invoice.finalized-taxes_mixed",),
        """
M-17 out_invoice not_paid
    AR +238.00 open +238.00
    REV -100.00 {19% VAT}
    REV -100.00 {19% VAT}
    TAX -38.00
""",
    ),
    "tax_on_tax": Case(
        ("invoice.finalized-compound",),
        """
M-19 out_invoice not_paid
    AR +115.47 open +115.47
    REV -100.00 {5% GST, 9.975% QST}
    TAX -10.47
    TAX -5.00 {9.975% QST}
""",
    ),
    "reverse_charge": Case(
        ("invoice.finalized-reverse",),
        """
M-18 out_invoice not_paid
    AR +100.00 open +100.00
    REV -100.00 {19% RC} [RC base]
    TAX -19.00 [RC owed]
    TAX +19.00 [RC deducted]
""",
    ),
    "reverse_charge_credited": Case(
        ("invoice.finalized-reverse", "credit_note.created-reverse"),
        """
M-18 out_invoice partial
    AR +100.00 open +60.00
    REV -100.00 {19% RC} [RC base]
    TAX -19.00 [RC owed]
    TAX +19.00 [RC deducted]
M-20 out_refund paid
    AR -40.00
    REV +40.00 {19% RC} [RC base]
    TAX -7.60 [RC deducted]
    TAX +7.60 [RC owed]
""",
    ),
    "nothing_collected": Case(
        ("invoice.finalized-not_collecting",),
        """
M-19 out_invoice not_paid
    AR +100.00 open +100.00
    REV -100.00
""",
    ),
}
