"""Where Stripe's API has the objects that are fetched and read, and how it is asked.
https://docs.stripe.com/api
"""

from dataclasses import dataclass

from ...canonical.errors import Quarantine
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason


@dataclass(frozen=True)
class Resource:
    """How one kind of object is requested from Stripe's API.

    ``path``: the path of its list; names in braces are taken from the filters.
    ``expand``: what the object is incomplete without. ``paged``: the list inside the
    object of which a payload holds the first page only. ``scope``: what a restricted
    key must be allowed to read, as Stripe's dashboard names it.
    """

    path: str
    scope: str
    expand: tuple = ()
    paged: str = ""


#: The resources by Stripe's name of the object. Notices have a name of their own here,
#: because Stripe calls them events too.
RESOURCES = {
    # customers
    "customer": Resource("/v1/customers", "Customers", expand=("tax_ids",)),
    "tax_id": Resource("/v1/tax_ids", "Tax IDs"),
    # catalogue
    "product": Resource("/v1/products", "Products"),
    "price": Resource("/v1/prices", "Prices"),
    "tax_rate": Resource("/v1/tax_rates", "Tax Rates"),
    # subscriptions
    "subscription": Resource("/v1/subscriptions", "Subscriptions"),
    # documents
    "invoice": Resource("/v1/invoices", "Invoices", ("payments",), "lines"),
    "credit_note": Resource("/v1/credit_notes", "Credit notes", paged="lines"),
    "customer_balance_transaction": Resource(
        "/v1/customers/{customer}/balance_transactions", "Customers"
    ),
    # payments
    "charge": Resource(
        "/v1/charges",
        "Charges",
        ("balance_transaction", "failure_balance_transaction"),
    ),
    "payment_intent": Resource(
        "/v1/payment_intents",
        "Payment Intents",
        (
            "latest_charge.balance_transaction",
            "latest_charge.failure_balance_transaction",
        ),
    ),
    "refund": Resource(
        "/v1/refunds",
        "Charges and Refunds",
        ("balance_transaction", "failure_balance_transaction"),
    ),
    "customer_cash_balance_transaction": Resource(
        "/v1/customers/{customer}/cash_balance_transactions", "Customers"
    ),
    # clearing
    "balance_transaction": Resource("/v1/balance_transactions", "Balance", ("source",)),
    "dispute": Resource("/v1/disputes", "Disputes"),
    "payout": Resource(
        "/v1/payouts",
        "Payouts",
        ("balance_transaction", "failure_balance_transaction"),
    ),
    "topup": Resource("/v1/topups", "Top-ups"),
    "transfer": Resource("/v1/transfers", "Transfers", paged="reversals"),
    "application_fee": Resource(
        "/v1/application_fees", "Application Fees", paged="refunds"
    ),
    # notices
    "event": Resource("/v1/events", "Events"),
    Kind.NOTICE: Resource("/v2/core/events", "Events"),
}

#: What a restricted key has to be allowed to read, and nothing to write.
SCOPES = tuple(dict.fromkeys(resource.scope for resource in RESOURCES.values()))

#: Objects that references name by what they are here, and Stripe by their id's prefix.
_BY_PREFIX = {
    Kind.MOVEMENT_DAY: {"txn": "balance_transaction"},
    Kind.PAYMENT: {"pi": "payment_intent", "ch": "charge", "py": "charge"},
}
#: References to whatever has this object as its parent: the list of which kind, and
#: the filter by which it is found.
_BY_PARENT = {
    Kind.REFUND_OF: (
        "refund",
        {"pi": "payment_intent", "ch": "charge", "py": "charge"},
    ),
}
#: References to a movement of which only the type is known: the list of which kind, and
#: its filter. There are few of these, so all of them are read.
_BY_TYPE = {
    Kind.TOPUP_REVERSAL: ("balance_transaction", {"type": "topup_reversal"}),
}
#: References that are found inside another object of the same id: its kind, and the
#: key to expand. A dispute's balance transaction holds the dispute, which tells of it.
_OWNERS = {Kind.DISPUTE_MOVEMENT: ("balance_transaction", "source")}


def locate_owner(kind):
    """Return where a reference is found inside another object: that object's resource
    and the key to expand, or None if it is not found so.
    """
    if kind not in _OWNERS:
        return None
    found, key = _OWNERS[kind]
    return RESOURCES[found], key


def locate(kind, external_id):
    """Return how a reference is looked up: its object's kind, and the filters of a
    list or None for the object itself. None if this kind of reference can't be.

    :param kind: a :class:`~...canonical.kinds.Kind`, or an object as Stripe names it.
    """
    prefix = external_id.partition("_")[0]
    if kind in _BY_PREFIX:
        found = _BY_PREFIX[kind].get(prefix)
        return found and (found, None)
    if kind in _BY_PARENT:
        found, names = _BY_PARENT[kind]
        return (found, {names[prefix]: external_id}) if prefix in names else None
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    needs_more = kind not in RESOURCES or "{" in RESOURCES[kind].path
    return None if needs_more else (kind, None)


def get_list_path(resource, filters):
    """Return the path of a list, and the filters that are not a part of it.

    :raises Quarantine: if the path needs one that is not there.
    """
    try:
        path = resource.path.format_map(filters)
    except KeyError as error:
        raise Quarantine(
            Reason.INVALID_PAYLOAD, f"The list can't be read without {error.args[0]}."
        ) from error
    rest = {
        name: value
        for name, value in filters.items()
        if f"{{{name}}}" not in resource.path
    }
    return path, rest


def expand(names):
    """Return the parameters that ask for objects inside an object, as a whole."""
    names = list(names)
    return {"expand": names} if names else {}
