"""Amounts as people write them, to be found by."""


def write_amount(amount):
    """Return the ways to write an amount down that people use: with a point or a comma
    before the decimals, and with or without marks between the thousands. None for zero,
    which nobody looks for.

    :param amount: a Decimal; its sign is left out.
    """
    if not amount:
        return []
    plain, marked = f"{abs(amount):f}", f"{abs(amount):,f}"
    swapped = marked.translate(str.maketrans(",.", ".,"))
    return list(dict.fromkeys((plain, plain.replace(".", ","), marked, swapped)))
