"""What people decide about the books, and when somebody else has to sign it.

What each means to people is in ``models/approvals/approval.py``, because it is
translated.
"""

from decimal import Decimal
from enum import StrEnum


class FourEyes(StrEnum):
    """Whether a second person signs what one has decided, in a company."""

    #: Every decision, whatever its amount.
    STRICT = "strict"
    #: From the amount on that the company's policies say.
    FROM_AMOUNT = "from_amount"
    #: None: a company of one person, by a decision that is logged and stays in sight.
    OFF = "off"


class Decision(StrEnum):
    """A kind of decision."""

    #: A product or a tax of the source that had none gets one.
    MAP = "map_first"
    #: A mapping is changed or taken away; a rule for taxes, whatever happens to it.
    MAP_OTHERWISE = "map_otherwise"
    #: Other journals, accounts or defaults of a source that has booked.
    SET_UP = "set_up_otherwise"
    CHOOSE_CUSTOMER = "choose_whose"
    IGNORE = "ignore_objects"
    #: A record that was entered by hand is the object.
    BIND = "bind_by_hand"
    REOPEN = "book_after_all"
    ACCEPT_DIFFERENCE = "accept_gap"
    MOVEMENT_ACCOUNT = "choose_account"
    CURRENCY = "enter_rate"
    #: A subscription is begun, changed or ended by hand.
    SUBSCRIPTION = "change_subscription_by_hand"
    #: A discount is given or ended.
    DISCOUNT = "grant_discount"
    #: Usage is set aside, or of two records that contradict each other one counts.
    USAGE = "decide_about_usage"
    #: What another system owns is applied all the same, one time.
    ACCEPT_ONCE = "accept_foreign"
    #: An area of a source is left alone, or only observed.
    STAGES = "change_stages"
    #: An area that was observed is booked from a day on.
    SWITCH_ON = "switch_area_on"
    #: What a tenant owes of own invoices is given up.
    WRITE_OFF = "write_debt_off"
    #: Which system is the source of truth for a kind of fact.
    OWNERSHIP = "change_ownership"
    #: Four eyes themselves, and from which amount on.
    POLICY = "change_policy"


class SignState(StrEnum):
    """What became of a proposal."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    #: What was proposed is not what it would be now.
    VOID = "void"


#: From which amount on a decision is signed, in the company's currency, where the
#: company has no policy of its own; None: only where every decision is.
LEAST = {
    Decision.MAP: Decimal(1000),
    Decision.MAP_OTHERWISE: Decimal(0),
    Decision.SET_UP: Decimal(0),
    Decision.CHOOSE_CUSTOMER: None,
    Decision.IGNORE: Decimal(0),
    Decision.BIND: Decimal(0),
    Decision.REOPEN: None,
    Decision.ACCEPT_DIFFERENCE: Decimal(1),
    Decision.MOVEMENT_ACCOUNT: Decimal(0),
    Decision.CURRENCY: None,
    # It is daily work, and every bill that comes of it is looked at.
    Decision.SUBSCRIPTION: None,
    Decision.DISCOUNT: None,
    Decision.USAGE: None,
    Decision.ACCEPT_ONCE: Decimal(0),
    # Nothing is at stake with what is not booked yet: only from then on.
    Decision.STAGES: None,
    Decision.SWITCH_ON: Decimal(0),
    Decision.WRITE_OFF: Decimal(0),
    Decision.OWNERSHIP: Decimal(0),
    Decision.POLICY: Decimal(0),
}
#: Of a hundred decisions that nobody has to sign, how many are shown to an approver.
SAMPLE = {Decision.MAP: 10}
#: Roles that nobody may have at once: who prepares does not sign.
FORBIDDEN_PAIRS = (
    ("manager", "approver"),
    ("operator", "approver"),
    ("privacy", "approver"),
)
#: The model of the form that proposes a change of a record.
CHANGE_FORM = "saas.change.propose"
