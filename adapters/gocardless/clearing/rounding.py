"""Rounds the items of a payout as GoCardless does. It keeps fees to a tenth of a minor
unit, sums all items, and pays the sum out rounded.
https://developer.gocardless.com/api-reference/#payout-items-get-all-payout-items
"""

from decimal import ROUND_HALF_UP, Decimal

_HALF = Decimal("0.5")


def share_rounding(sums, amount):
    """Return what has to be added to each sum, so that each is whole, and all together
    are the payout. Where they are not the payout but for rounding, each is rounded by
    itself, and the difference stays for the proof to show.

    :param dict sums: exact Decimals of minor units, by any key.
    :param int amount: what was paid out.
    """
    whole = {key: round_half_up(value) for key, value in sums.items()}
    if abs(sum(sums.values(), Decimal()) - amount) <= _HALF:
        # Only fees have tenths. What is left of all goes to the largest of those.
        broken = [key for key, value in sums.items() if value != whole[key]]
        rest = amount - sum(whole.values())
        if rest and broken:
            whole[max(broken, key=lambda key: (abs(sums[key]), key))] += rest
    return {key: whole[key] - value for key, value in sums.items()}


def round_half_up(amount):
    """Return a Decimal rounded to a whole number."""
    return amount.quantize(Decimal(1), ROUND_HALF_UP)
