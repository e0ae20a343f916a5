"""The closed list of cause keys: what exactly an event waits for, so that all events
that wait for the same are one case.

A key holds ids of the source, codes, days and names of fields, and nothing that is
personal. Neither the order in which events came nor the language counts.
"""

import re
from typing import NamedTuple

from ..kinds import Kind
from ..reasons import Cause, Reason
from ..reference import SEPARATOR, Reference

#: The longest key, in characters; it is part of an index.
_LONGEST = 200
#: How the keys of causes begin that are about a customer, and so what events that are
#: parked behind one wait for.
CUSTOMER_KEY = f"{Kind.CUSTOMER.value}{SEPARATOR}"
#: Stands between the parts of a key that are alternatives.
_OR = "|"


class Told(NamedTuple):
    """What is known of one thing that stops an event. ``about`` is what the handler
    says of it, ``subject`` the reference of the object as a text, ``customer`` the
    customer's id; the others are the event's.
    """

    reason: str
    about: str = ""
    cause: str = ""
    waiting_for: str = ""
    detail: str = ""
    subject: str = ""
    customer: str = ""
    event_type: str = ""
    api_version: str = ""
    mode: str = ""
    account: str = ""


class CauseKey(NamedTuple):
    """The case that a stop belongs to, within its source. ``label`` is a sentence for
    people, and tells no cases apart.
    """

    reason: str
    key: str
    label: str = ""

    @property
    def identity(self):
        """What tells cases of one source apart."""
        return self.reason, self.key


def find_key(told):
    """Return the :class:`CauseKey` of a stop."""
    key = KEYS[Reason(told.reason)](told)
    return CauseKey(Reason(told.reason).value, key[:_LONGEST], told.detail or key)


def write_product(price, product):
    """Return what a line says it sells: the id of its price, and of its product. The
    mapping of either is enough.
    """
    return _OR.join((price or "", product or ""))


def is_about(key, external_id):
    """Return whether a key names an id, alone or as one of its alternatives."""
    return bool(external_id) and external_id in re.split(r"[|\s]", key)


def fingerprint(text):
    """Return what errors of the same kind have in common: a message without what is
    quoted, ids, numbers and amounts.
    """
    plain = re.sub(r"\"[^\"]*\"|'[^']*'|“[^”]*”|«[^»]*»", " ", text or "")
    words = (word for word in plain.split() if not re.search(r"[\d_@]", word))
    return " ".join(words).strip(" .:,;").lower()


def _of_object(told):
    """The object that the event tells of: each is a case of its own."""
    return told.about or told.subject


def _of_stated(told):
    """What the handler says, such as a product, a rate or a field."""
    return told.about or "unnamed"


def _of_customer(told):
    """The customer that is not known, or not clear; else the object without one."""
    cause, _what, _value = Cause.parse(told.cause)
    if cause:
        # Money is for a document of another customer: that is about the money.
        return told.subject
    if told.about or told.waiting_for.startswith(f"{Kind.CUSTOMER.value}:"):
        return told.about or told.waiting_for
    if told.customer:
        return str(Reference(Kind.CUSTOMER.value, told.customer))
    return told.subject


def _of_currency(told):
    """The currency, with the month whose rate is missing, or that it is not active or
    has too few decimals.
    """
    cause, code, value = Cause.parse(told.cause)
    if cause == Cause.RATE:
        return f"{code}:{value[:7]}"
    if cause == Cause.CURRENCY:
        return f"{code}:inactive"
    if cause == Cause.DECIMALS:
        return f"{code}:decimals"
    return told.subject


def _of_reference(told):
    """The object that did not arrive."""
    cause, what, _value = Cause.parse(told.cause)
    if cause:
        return what
    return told.about or told.waiting_for or told.subject


def _of_refusal(told):
    """Whether the key or the request is refused, and for what kind of object."""
    cause, _what, _value = Cause.parse(told.cause)
    kind = told.waiting_for.partition(":")[0]
    return f"{'key' if cause == Cause.KEY_REFUSED else 'request'}:{told.about or kind}"


def _of_account(told):
    """The account of the source that has no source here."""
    return told.about or told.account


def _of_mode(told):
    """The mode that is not the source's: live or test."""
    return told.about or told.mode


def _of_shape(told):
    """The type of the events, the version of the interface, and what is wrong in it;
    for an id that is taken, the object.
    """
    cause, _what, _value = Cause.parse(told.cause)
    if cause:
        return told.subject
    path = told.about or fingerprint(told.detail)
    return ":".join((told.event_type, told.api_version, path))


def _of_error(told):
    """What failed, whatever numbers and names the message holds."""
    return told.about if " " in told.about else _join(told.about, told.detail)


def _join(name, detail):
    return ":".join(filter(None, (name, fingerprint(detail))))


#: How the key of a case is made, by its reason.
KEYS = {
    Reason.INVALID_PAYLOAD: _of_shape,
    Reason.INCOMPLETE_PAYLOAD: _of_shape,
    Reason.UNSUPPORTED_TYPE: _of_shape,
    Reason.UNKNOWN_TENANT: _of_customer,
    Reason.DUPLICATE_CUSTOMER: _of_customer,
    Reason.UNMAPPED_PRODUCT: _of_stated,
    Reason.UNMAPPED_TAX: _of_stated,
    Reason.TAX_MISMATCH: _of_stated,
    Reason.AMOUNT_MISMATCH: _of_object,
    Reason.CURRENCY_MISMATCH: _of_currency,
    Reason.PERIOD_LOCKED: _of_stated,
    Reason.NOT_OWNER: _of_object,
    Reason.ID_REUSED: _of_object,
    Reason.WRONG_MODE: _of_mode,
    Reason.UNKNOWN_ACCOUNT: _of_account,
    Reason.MISSING_REFERENCE: _of_reference,
    Reason.INCOMPLETE_SETUP: _of_stated,
    Reason.SOURCE_REFUSED: _of_refusal,
    Reason.UNUSABLE_PLAN: _of_stated,
    Reason.NOT_ALLOWED: _of_object,
    Reason.CHANGED_BY_PERSON: _of_object,
    Reason.POSTING_FAILED: _of_error,
    Reason.RETRIES_EXHAUSTED: _of_error,
    Reason.HELD_BY_PERSON: _of_object,
    Reason.OBSERVED: _of_object,
    Reason.AREA_OFF: _of_object,
    Reason.IGNORED_BY_PERSON: _of_object,
    Reason.PARENT_IGNORED: _of_object,
    Reason.MONEY_NOT_BOOKED: _of_object,
    Reason.AT_RISK: _of_object,
    Reason.BEFORE_CUTOVER: _of_object,
}

#: The reasons whose cases are about one customer.
OF_CUSTOMER = frozenset(
    reason.value for reason, find in KEYS.items() if find is _of_customer
)
#: Those whose cases are about one customer or one object, and so one tenant.
OF_ONE_TENANT = frozenset(
    reason.value for reason, find in KEYS.items() if find in (_of_object, _of_customer)
)
