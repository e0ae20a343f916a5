"""The closed lists of states and reasons an event can have.

The person's next step for each reason is in ``models/inbox/reasons.py``,
because it is translated; a test holds the two lists together.
"""

from enum import StrEnum


class State(StrEnum):
    """States of an event in the inbox."""

    RECEIVED = "received"
    DONE = "done"
    IGNORED = "ignored"
    PARKED = "parked"
    QUARANTINED = "quarantined"
    DEAD = "dead"


#: From here the pipeline goes on by itself, or a person may send it back.
OPEN_STATES = (State.PARKED, State.QUARANTINED, State.DEAD)
#: From here only a person sends it on.
STOPPED_STATES = (State.QUARANTINED, State.DEAD)


class Reason(StrEnum):
    """Why an event waits for a person, or was ignored."""

    INVALID_PAYLOAD = "invalid_payload"
    INCOMPLETE_PAYLOAD = "incomplete_payload"
    UNSUPPORTED_TYPE = "unsupported_type"
    UNKNOWN_TENANT = "unknown_tenant"
    DUPLICATE_CUSTOMER = "duplicate_customer"
    UNMAPPED_PRODUCT = "unmapped_product"
    UNMAPPED_TAX = "unmapped_tax"
    TAX_MISMATCH = "tax_mismatch"
    AMOUNT_MISMATCH = "amount_mismatch"
    CURRENCY_MISMATCH = "currency_mismatch"
    PERIOD_LOCKED = "period_locked"
    NOT_OWNER = "not_owner"
    ID_REUSED = "id_reused"
    WRONG_MODE = "wrong_mode"
    UNKNOWN_ACCOUNT = "unknown_account"
    MISSING_REFERENCE = "missing_reference"
    INCOMPLETE_SETUP = "incomplete_setup"
    SOURCE_REFUSED = "source_refused"
    #: The plan that is told is not known, not published, or has no price for it.
    UNUSABLE_PLAN = "unusable_plan"
    #: A change of a subscription can't be so after what else is known of it.
    NOT_ALLOWED = "not_allowed"
    CHANGED_BY_PERSON = "changed_by_person"
    POSTING_FAILED = "posting_failed"
    RETRIES_EXHAUSTED = "retries_exhausted"
    IGNORED_BY_PERSON = "ignored_by_person"
    PARENT_IGNORED = "parent_ignored"
    MONEY_NOT_BOOKED = "money_not_booked"
    #: A case that no event waits for: a payment or a customer is flagged as a risk.
    AT_RISK = "at_risk"
    BEFORE_CUTOVER = "before_cutover"
    #: A parked event that waits for nothing: a person holds it back.
    HELD_BY_PERSON = "held_by_person"
    #: A parked event that waits for nothing: its area is only observed.
    OBSERVED = "observed"
    AREA_OFF = "area_off"


class Cause(StrEnum):
    """What exactly stopped an event, where its reason has several next steps."""

    CURRENCY = "currency_inactive"
    RATE = "rate_missing"
    DECIMALS = "too_few_decimals"
    TWO_CURRENCIES = "two_currencies"
    KEY_REFUSED = "key_refused"
    ID_TAKEN = "id_taken"
    #: Money is for a document of a linked source, and doesn't fit it.
    LINK_UNEQUAL = "link_unequal"
    #: Several linked sources have a document of that number.
    LINK_UNCLEAR = "link_unclear"
    #: Records of usage contradict others.
    USAGE_CONFLICT = "usage_conflict"

    def of(self, *values):
        """Return this cause with what it is about, as ``rate_missing:EUR:2026-11-02``.
        That is kept with the event, so it must not hold personal data.
        """
        return ":".join((self.value, *map(str, values)))

    @staticmethod
    def parse(text):
        """Return what :meth:`of` has put together: the cause and its first and its
        second value, as texts; empty where there is none.
        """
        parts = (text or "").split(":", 2)
        return (*parts, "", "")[:3]


#: Why a parked event waits that goes on when a person says so: no arrival frees it, and
#: its time is never up.
UNTIMED = (Reason.HELD_BY_PERSON, Reason.OBSERVED)

#: Why an event is no business of the source that received it: what it tells of is no
#: object of that source.
ELSEWHERE = (Reason.WRONG_MODE, Reason.UNKNOWN_ACCOUNT)
