"""The month of the entity in dollars, as the platform that it also is: money that moves
at Stripe and is no customer's. Only Stripe's API tells what it comes to.
"""

from decimal import Decimal

from ...make_believe.stripe.movements import Back, Moved, Repayment
from ..catalogue import at

_SELLER = "acct_halyard_reseller"


def tell(account):
    """Let money move at ``account``."""
    if not account.has_api:
        return
    for storyline in (_topped_up, _handed_on, _earned, _held_back, _lent, _kept):
        storyline(account)


def _topped_up(account):
    """From the bank into the balance; a second one the bank takes back."""
    _top_up(account, "first", at(6, 15), "2000.00")
    bounced = _top_up(account, "second", at(7, 15), "300.00")
    account.balance.move(
        at(14, 15), "topup_reversal", "topup_reversal", -bounced.amount, bounced.id
    )
    bounced.status = "reversed"
    account.emit("topup.reversed", at(14, 15, 1), account.shape.topup(bounced))


def _top_up(account, name, moment, amount):
    currency = account.entity.currency
    moved = Moved(f"tu_{account.entity.key}_{name}", Decimal(amount), currency, moment)
    account.keep("topup", moved)
    movement = account.balance.move(moment, "topup", "topup", moved.amount, moved.id)
    moved.movement = movement.id
    account.emit("topup.succeeded", moment, account.shape.topup(moved))
    return moved


def _handed_on(account):
    """To a reseller that is connected, who gives a part of it back."""
    moment, key = at(10, 15), account.entity.key
    moved = Moved(f"tr_{key}", Decimal("640.00"), account.entity.currency, moment)
    moved.connected = _SELLER
    account.keep("transfer", moved)
    moved.movement = account.balance.move(
        moment, "transfer", "transfer", -moved.amount, moved.id
    ).id
    account.emit("transfer.created", moment, account.shape.transfer(moved))
    moment, amount = at(18, 15), Decimal("140.00")
    movement = account.balance.move(
        moment, "transfer_reversal", "transfer_refund", amount, f"trr_{key}"
    )
    back = Back(f"trr_{key}", amount, moment, movement.id)
    moved.backs.append(back)
    account.keep("transfer_reversal", moved, back)
    account.emit("transfer.reversed", moment, account.shape.transfer(moved))


def _earned(account):
    """A fee on what the reseller has sold, and some of it given back."""
    moment, key = at(11, 15), account.entity.key
    moved = Moved(f"fee_{key}", Decimal("58.00"), account.entity.currency, moment)
    moved.connected = _SELLER
    account.keep("application_fee", moved)
    moved.movement = account.balance.move(
        moment, "platform_earning", "application_fee", moved.amount, moved.id
    ).id
    shape = account.shape
    account.emit("application_fee.created", moment, shape.application_fee(moved))
    moment, amount, kind = at(19, 15), Decimal("8.00"), "application_fee_refund"
    movement = account.balance.move(
        moment, "platform_earning_refund", kind, -amount, f"fr_{key}"
    )
    back = Back(f"fr_{key}", amount, moment, movement.id)
    moved.backs.append(back)
    account.keep("fee_refund", moved, back)
    account.emit("application_fee.refunded", moment, shape.application_fee(moved))


def _held_back(account):
    """Stripe holds a part back, and lets it go before the month is over."""
    moment, amount = at(12, 9), Decimal("250.00")
    account.balance.move(moment, "risk_reserved_funds", "reserve_hold", -amount)
    key, currency = account.entity.key, account.entity.currency
    hold = Moved(f"reshold_{key}", amount, currency, moment)
    account.emit("reserve.hold.created", moment, account.shape.hold(hold))
    account.balance.move(at(26, 9), "risk_reserved_funds", "reserve_release", amount)


def _lent(account):
    """Stripe lends money, and takes a first part back, with its fee."""
    key, currency = account.entity.key, account.entity.currency
    account.balance.move(at(13, 9), "financing_payout", "advance", Decimal("5000.00"))
    moment = at(25, 9)
    repaid = Repayment(
        f"cptxn_{key}", Decimal("550.00"), Decimal("50.00"), currency, moment
    )
    account.balance.move(moment, "financing_paydown", "advance", -repaid.amount)
    account.ledger.loan_cost(repaid)
    account.emit(
        "capital.financing_transaction.created",
        moment,
        account.shape.repayment(repaid),
    )


def _kept(account):
    """What card networks ask, and a tax that Stripe has to keep."""
    balance = account.balance
    balance.move(at(20, 9), "network_cost", "network_cost", Decimal("-3.17"))
    balance.move(at(21, 9), "tax_withholding", "tax_fee", Decimal("-4.40"))
