"""Reads balance transactions: those of Stripe's list, and those that a dispute lists.
https://docs.stripe.com/api/balance_transactions/object
"""

from ....canonical.categories import Category, FeeKind
from ....canonical.errors import Quarantine
from ....canonical.facts import ListedMovement, Movement, PayoutContents
from ....canonical.reasons import Reason
from ..event import read_currency
from .fee import read_fees

#: The keys of other ids that an object goes by, where the object stands in the place of
#: its id.
_ALIASES = ("payment_intent",)
#: Stripe's reporting categories that are understood here; any other keeps Stripe's
#: word. What was not captured is in form a refund of the charge, which is no fact of
#: its own: the charge's own movement is of all that was authorised.
#: https://docs.stripe.com/reports/reporting-categories
CATEGORIES = {
    "charge": Category.CHARGE,
    "charge_failure": Category.CHARGE_FAILURE,
    "partial_capture_reversal": Category.NOT_CAPTURED,
    "refund": Category.REFUND,
    "refund_failure": Category.REFUND_FAILURE,
    "dispute": Category.DISPUTE,
    "dispute_reversal": Category.DISPUTE_REVERSAL,
    "payout": Category.PAYOUT,
    "payout_reversal": Category.PAYOUT_REVERSAL,
    "fee": Category.FEE,
    "network_cost": Category.NETWORK_COST,
    "tax": Category.TAX,
    "tax_withholding": Category.WITHHELD_TAX,
    "topup": Category.TOPUP,
    "topup_reversal": Category.TOPUP_REVERSAL,
    "transfer": Category.TRANSFER,
    "transfer_reversal": Category.TRANSFER_REVERSAL,
    "platform_earning": Category.APPLICATION_FEE,
    "platform_earning_refund": Category.APPLICATION_FEE_REFUND,
    "connect_reserved_funds": Category.RESERVE,
    "payment_network_reserved_funds": Category.RESERVE,
    "payout_minimum_balance_hold": Category.RESERVE,
    "payout_minimum_balance_release": Category.RESERVE,
    "reserved_funds": Category.RESERVE,
    "risk_reserved_funds": Category.RESERVE,
    "financing_payout": Category.LOAN,
    "financing_payout_reversal": Category.LOAN_REVERSAL,
    "financing_paydown": Category.REPAYMENT,
    "financing_paydown_reversal": Category.REPAYMENT_REVERSAL,
}
#: What kind of fee the amount of a movement is, by its category.
_COSTS = {
    Category.FEE: FeeKind.PROCESSING,
    Category.NETWORK_COST: FeeKind.PASSED_THROUGH,
    Category.TAX: FeeKind.TAX,
    Category.WITHHELD_TAX: FeeKind.WITHHELD_TAX,
}
#: How the ids of application fees, and of what is given back of them, begin.
_OF_APPLICATIONS = ("fee_", "fr_")
#: The balance that holds what can't be paid out for now. What goes into it is listed
#: twice: as it leaves the payments balance, and as it gets there.
_RESERVE = "risk_reserved"
#: Keys of an expanded object that tell where its money went, and that never change, by
#: the object's type. Money that a connected account got from its platform is in form a
#: charge there, and what it gives back a refund of that charge.
_KEPT = {
    "transfer": "destination",
    "transfer_reversal": "transfer",
    "charge": "source_transfer",
    "refund": "source_transfer_reversal",
}


def read(event):
    """Return one fact about a balance transaction, in minor units of its currency, in a
    list.

    :raises Quarantine: if the object that moved the money was not expanded.
    """
    data = event.data
    category = _read_category(data)
    return [
        ListedMovement(
            category=category,
            cost=_read_cost(data, category),
            counterparty=_read_counterparty(data, category),
            type=data.text("type", ""),
            description=data.long_text("description", ""),
            object_ids=_read_object_ids(data),
            available_at=data.moment("available_on", None),
            is_available=data.text("status", "") == "available",
            exchange_rate=data.decimal("exchange_rate", None),
            **_read_amounts(data),
        )
    ]


def read_contents(event):
    """Return one fact about which transactions a payout holds, in a list. The object
    was put together here, because a balance transaction does not name its payout.
    """
    data = event.data
    return [
        PayoutContents(
            external_id=data.ref("id"),
            transactions=tuple(part.ref("id") for part in data.objects("transactions")),
        )
    ]


def read_movement(data):
    """Return one of the balance transactions that a dispute lists."""
    return Movement(**_read_amounts(data))


def keep_ids(data):
    """Return a balance transaction as the API tells it, with no more of its expanded
    object than the ids: the rest of the object changes, and would make a known
    movement look new.
    """
    whole = data.get("source")
    if not isinstance(whole, dict):
        return data
    kept = {key: _get_id(whole.get(key)) for key in ("id", "object", "payment_intent")}
    also = _KEPT.get(kept["object"])
    if whole.get(also):
        kept[also] = _get_id(whole[also])
    return {**data, "source": kept}


def is_from_platform(data):
    """Return whether a charge or a refund, a reader, is money that came from the
    platform of this account or went back there, and no customer's.
    """
    return any(data.has(key) for key in ("source_transfer", "source_transfer_reversal"))


def _get_id(value):
    return value["id"] if isinstance(value, dict) else value


def _read_category(data):
    if data.text("balance_type", "") == _RESERVE:
        return Category.RESERVE_SIDE
    word = data.text("reporting_category")
    source = data.value.get("source")
    if isinstance(source, dict) and is_from_platform(data.object("source")):
        return Category.TRANSFER_RECEIVED
    return CATEGORIES.get(word, word)


def _read_cost(data, category):
    """Return what kind of fee the amount is, or None if it is none. A platform that
    gives an application fee back moves it as a fee of the connected account.
    """
    of_application = (data.ref("source", None) or "").startswith(_OF_APPLICATIONS)
    if category == Category.FEE and of_application:
        return FeeKind.APPLICATION
    return _COSTS.get(category)


def _read_counterparty(data, category):
    """Return the connected account that a transfer went to. What was taken back of it
    may name the transfer only.

    :raises Quarantine: if the source was not expanded, for it names the account.
    """
    if category not in (Category.TRANSFER, Category.TRANSFER_REVERSAL):
        return None
    if not isinstance(data.value.get("source"), dict):
        raise _not_expanded()
    return data.object("source").ref("destination", None)


def _read_amounts(data):
    return {
        "external_id": data.ref("id"),
        "amount": data.integer("amount"),
        "fee": data.integer("fee", 0),
        "fees": read_fees(data),
        "net": data.integer("net"),
        "moved_at": data.moment("created"),
        **read_currency(data),
    }


def _read_object_ids(data):
    main = data.ref("source", None)
    if not main:
        return ()
    if _read_category(data) == Category.NOT_CAPTURED:
        return _read_payment_ids(data, main)
    aliases = []
    if isinstance(data.value["source"], dict):
        aliases = [data.object("source").ref(key, None) for key in _ALIASES]
        if data.text("reporting_category") == "transfer_reversal":
            aliases.append(data.object("source").ref("transfer", None))
    return (main, *filter(None, aliases))


def _read_payment_ids(data, main):
    """Return the ids of the payment that a reversal is of, where Stripe has put a
    refund in between.
    """
    if main.startswith(("ch_", "py_", "pi_")):
        return (main,)
    source = data.value["source"]
    payment = isinstance(source, dict) and data.object("source").ref(
        "payment_intent", None
    )
    if not payment:
        raise _not_expanded()
    return (payment, main)


def _not_expanded():
    return Quarantine(
        Reason.INCOMPLETE_PAYLOAD,
        "The source of the balance transaction was not expanded. Read the balance "
        "transactions again.",
    )
