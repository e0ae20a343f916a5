"""What people read of usage that does not count."""

from ...canonical.usage.terms import Why

#: Why a record does not count, in a list.
LABELS = {
    Why.UNKNOWN_CUSTOMER: "Unknown customer",
    Why.UNKNOWN_METER: "Unknown meter",
    Why.UNKNOWN_SUBSCRIPTION: "Unknown subscription",
    Why.UNKNOWN_RECORD: "Corrects what is not here",
    Why.NO_SUBSCRIPTION: "No subscription then",
    Why.SEVERAL_SUBSCRIPTIONS: "Several subscriptions",
    Why.OTHER_CUSTOMER: "Another customer's subscription",
    Why.TOO_EARLY: "Before the subscription",
    Why.TOO_LATE: "After the subscription",
    Why.NO_DIMENSION: "Dimension is missing",
    Why.BELOW_ZERO: "Below zero",
    Why.OTHER_CONTENT: "Same ID, other content",
    Why.SECOND_CORRECTION: "Corrected twice",
    Why.CORRECTS_OTHER: "Corrects another customer's",
    Why.CORRECTED: "Corrected",
    Why.WITHDRAWAL: "Takes another one back",
    Why.NOT_CHOSEN: "Another one was chosen",
    Why.SET_ASIDE: "Set aside by a person",
}


def get_next_steps(env):
    """Return what to do about usage that does not count, by why. They take the
    ``meter``, the ``customer``, the ``subscription``, what the record ``corrects``, and
    the ``dimension`` of its meter.
    """
    return {
        **_get_steps_of_missing(env),
        **_get_steps_of_unfit(env),
        **_get_steps_of_contradicting(env),
        Why.CORRECTED: env._(
            "There is nothing to do: the record that corrects it counts."
        ),
        Why.WITHDRAWAL: env._(
            "There is nothing to do: it has taken %(corrects)s back."
        ),
        Why.NOT_CHOSEN: env._(
            "There is nothing to do: a person said that another record is right."
        ),
        Why.SET_ASIDE: env._(
            "There is nothing to do: a person said it does not count."
        ),
    }


def _get_steps_of_missing(env):
    """Return what to do where something did not arrive."""
    return {
        Why.UNKNOWN_CUSTOMER: env._(
            "It is counted when the customer %(customer)s arrives. Have it sent, or "
            "set the usage aside."
        ),
        Why.UNKNOWN_METER: env._(
            "Make a meter with the code %(meter)s, or set the usage aside. An archived "
            "meter counts again when it is made active."
        ),
        Why.UNKNOWN_SUBSCRIPTION: env._(
            "It is counted when the subscription %(subscription)s arrives from the "
            "same source. Have it sent, or set the usage aside."
        ),
        Why.UNKNOWN_RECORD: env._(
            "It takes the place of %(corrects)s, and is counted when that arrives. "
            "Have that sent, or set this one aside."
        ),
        Why.NO_SUBSCRIPTION: env._(
            "It names no subscription, and at that time the customer %(customer)s had "
            "none with a plan that has the meter %(meter)s. It is counted as soon as "
            "there is one: sell such a plan from that time on, or move the "
            "subscription to one. If nothing is to be billed for it, choose Set Aside."
        ),
        Why.SEVERAL_SUBSCRIPTIONS: env._(
            "It names no subscription, and at that time the customer %(customer)s had "
            "several that may have the meter %(meter)s. Have the sender correct it, "
            "with the subscription."
        ),
    }


def _get_steps_of_unfit(env):
    """Return what to do where a record does not fit its subscription or its meter."""
    return {
        Why.OTHER_CUSTOMER: env._(
            "The subscription %(subscription)s is not the customer %(customer)s's. "
            "Have the sender correct it."
        ),
        Why.TOO_EARLY: env._(
            "It happened before the subscription %(subscription)s began. It is counted "
            "if an earlier start is told; else set it aside."
        ),
        Why.TOO_LATE: env._(
            "It happened after the subscription %(subscription)s had ended. It is "
            "counted if a later end is told; else set it aside."
        ),
        Why.NO_DIMENSION: env._(
            "The meter %(meter)s counts the values of %(dimension)s, and the record "
            "has none. Have the sender correct it."
        ),
        Why.BELOW_ZERO: env._(
            "Only a meter that adds up, or averages over time, takes a quantity below "
            "zero. Have the sender withdraw what it takes back, and set this aside."
        ),
    }


def _get_steps_of_contradicting(env):
    """Return what to do where two records contradict each other."""
    return {
        Why.OTHER_CONTENT: env._(
            "Another record came first with this reference, and that one counts. "
            "Compare the two: keep the first, or count this one instead."
        ),
        Why.SECOND_CORRECTION: env._(
            "%(corrects)s was corrected before, and that correction counts. Compare "
            "the two: keep the first, or count this one instead."
        ),
        Why.CORRECTS_OTHER: env._(
            "It takes the place of %(corrects)s, which is another customer's. Keep the "
            "first, or count this one instead."
        ),
    }
