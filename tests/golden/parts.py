"""All golden cases of the addon's first system."""

from . import (
    bad_debt,
    cash_balance,
    clearing,
    credit_notes,
    disputes,
    everyday,
    guests,
    heads,
    invoices,
    money,
    moving,
    taxes,
)

_PARTS = (
    everyday,
    invoices,
    bad_debt,
    taxes,
    credit_notes,
    disputes,
    clearing,
    moving,
    cash_balance,
    money,
    guests,
    heads,
)
#: The cases by name.
CASES = {name: case for part in _PARTS for name, case in part.CASES.items()}
