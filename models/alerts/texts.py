"""What people read of each kind of alert."""

from ...canonical.review.alerts import AlertKind
from . import usage_texts

#: What a kind is called in a list.
LABELS = {
    AlertKind.LANE_LATE: "The fast lane is late",
    AlertKind.BATCH_LATE: "The batch lane is late",
    AlertKind.SOURCE_SILENT: "A source is silent",
    AlertKind.SIGNATURES_FAILING: "Signatures fail",
    AlertKind.STREAM_STANDS: "A stream stands still",
    AlertKind.EVENTS_DEAD: "Events were given up",
    AlertKind.CASES_OPEN: "Many exceptions are open",
    AlertKind.AMOUNT_AT_STAKE: "Much money waits with exceptions",
    AlertKind.PAYOUT_UNPROVED: "A payout is not proved",
    AlertKind.INVARIANT_BROKEN: "The books differ from the source",
    AlertKind.KEY_ENDS: "A secret ends soon",
    AlertKind.SOURCE_DRIFTS: "A source sends something new",
    AlertKind.FIELD_MISSING: "A source leaves a field out",
    AlertKind.USAGE_WAITS: "Usage waits to be counted",
    AlertKind.USAGE_DIFFERS: "Usage is not what was told",
}


def get_units(env):
    """Return what the values of each kind are measured in, by kind."""
    return {
        AlertKind.LANE_LATE: env._("minutes"),
        AlertKind.BATCH_LATE: env._("minutes"),
        AlertKind.SOURCE_SILENT: env._("times its longest pause"),
        AlertKind.SIGNATURES_FAILING: env._("requests"),
        AlertKind.STREAM_STANDS: env._("intervals"),
        AlertKind.EVENTS_DEAD: env._("events"),
        AlertKind.CASES_OPEN: env._("exceptions"),
        AlertKind.AMOUNT_AT_STAKE: env._("units of the company's currency"),
        AlertKind.PAYOUT_UNPROVED: env._("days"),
        AlertKind.INVARIANT_BROKEN: env._("differences"),
        AlertKind.KEY_ENDS: env._("days left"),
        AlertKind.SOURCE_DRIFTS: env._("new words"),
        AlertKind.FIELD_MISSING: env._("percent of the events"),
        AlertKind.USAGE_WAITS: env._("hours"),
        AlertKind.USAGE_DIFFERS: env._("days and records"),
    }


def get_meanings(env):
    """Return what each kind looks at, by kind."""
    return {
        **usage_texts.get_meanings(env),
        AlertKind.LANE_LATE: env._(
            "How long the oldest event in the fast lane of an active source is due."
        ),
        AlertKind.BATCH_LATE: env._(
            "How long the oldest event in the batch lane of an active source is due."
        ),
        AlertKind.SOURCE_SILENT: env._(
            "How long an active source was not heard, against its longest pause of "
            "four weeks."
        ),
        AlertKind.SIGNATURES_FAILING: env._(
            "How many requests were refused because their signature was wrong. Under "
            "a flood it is counted to the half at least."
        ),
        AlertKind.STREAM_STANDS: env._(
            "For how many of its intervals the slowest stream was not read."
        ),
        AlertKind.EVENTS_DEAD: env._("How many events were tried in vain to the end."),
        AlertKind.CASES_OPEN: env._("How many exceptions are open."),
        AlertKind.AMOUNT_AT_STAKE: env._(
            "What waits with open exceptions, each document or payment once."
        ),
        AlertKind.PAYOUT_UNPROVED: env._(
            "How many days ago the oldest payout arrived that is not proved."
        ),
        AlertKind.INVARIANT_BROKEN: env._(
            "How many differences of the nightly comparison are open, and how many "
            "movements of the balance are booked otherwise a day after they were read."
        ),
        AlertKind.KEY_ENDS: env._(
            "In how many days the last signing secret of an active source ends."
        ),
        AlertKind.SOURCE_DRIFTS: env._(
            "How many versions of the interface, and types of events that are not "
            "handled, a source has sent for the first time."
        ),
        AlertKind.FIELD_MISSING: env._(
            "In how many of a hundred events of a type a field is missing, or empty, "
            "that each had for a day at least. A sample is looked at."
        ),
    }


def get_sentences(env):
    """Return what an alert of each kind says, by kind. They take the ``source``, the
    ``value`` and what it is ``about``.
    """
    return {
        **usage_texts.get_sentences(env),
        AlertKind.LANE_LATE: env._(
            "%(source)s: an event in the fast lane is due for %(value)s minutes."
        ),
        AlertKind.BATCH_LATE: env._(
            "%(source)s: an event in the batch lane is due for %(value)s minutes."
        ),
        AlertKind.SOURCE_SILENT: env._(
            "%(source)s was not heard for %(value)s times its longest pause."
        ),
        AlertKind.SIGNATURES_FAILING: env._(
            "%(source)s: %(value)s requests were refused for a wrong signature."
        ),
        AlertKind.STREAM_STANDS: env._(
            "%(source)s: the stream %(about)s was not read for %(value)s intervals."
        ),
        AlertKind.EVENTS_DEAD: env._("%(source)s: %(value)s events were given up."),
        AlertKind.CASES_OPEN: env._("%(source)s: %(value)s exceptions are open."),
        AlertKind.AMOUNT_AT_STAKE: env._(
            "%(source)s: %(value)s %(about)s wait with open exceptions."
        ),
        AlertKind.PAYOUT_UNPROVED: env._(
            "%(source)s: a payout is not proved %(value)s days after it arrived."
        ),
        AlertKind.INVARIANT_BROKEN: env._(
            "%(source)s: %(value)s differences between the source and the books are "
            "open."
        ),
        AlertKind.KEY_ENDS: env._(
            "%(source)s: the last signing secret ends in %(value)s days."
        ),
        AlertKind.SOURCE_DRIFTS: env._(
            "%(source)s sent for the first time: %(about)s."
        ),
        AlertKind.FIELD_MISSING: env._(
            "%(source)s leaves out of %(value)s %% of its events what was always "
            "there: %(about)s."
        ),
    }


def get_next_steps(env):
    """Return what to do about an alert of each kind, by kind."""
    return {
        **usage_texts.get_next_steps(env),
        AlertKind.LANE_LATE: env._(
            "See that the job runner is up, and which job of the source does not end."
        ),
        AlertKind.BATCH_LATE: env._(
            "See that the job runner is up, and give the channel of the batch lane "
            "more room if it is full."
        ),
        AlertKind.SOURCE_SILENT: env._(
            "See at the source whether the webhook is switched on and what it was "
            "answered, then recover what was missed."
        ),
        AlertKind.SIGNATURES_FAILING: env._(
            "Compare the signing secret with the one that the source shows. If it is "
            "right, a stranger sends: nothing of theirs gets in."
        ),
        AlertKind.STREAM_STANDS: env._(
            "See under Import & Recovery of the source what is wrong, then press Read "
            "Now."
        ),
        AlertKind.EVENTS_DEAD: env._(
            "Read on an event why it failed, mend that, and retry all of them."
        ),
        AlertKind.CASES_OPEN: env._("Open the exceptions and settle the first ones."),
        AlertKind.AMOUNT_AT_STAKE: env._(
            "Open the exceptions and settle those first that hold most."
        ),
        AlertKind.PAYOUT_UNPROVED: env._(
            "Open the payout: it names the movements that are missing or differ."
        ),
        AlertKind.INVARIANT_BROKEN: env._(
            "Open the differences and import again what should be as it is at the "
            "source. Accept the others with a note."
        ),
        AlertKind.KEY_ENDS: env._(
            "Make a new secret at the source and add it here before this one ends."
        ),
        AlertKind.SOURCE_DRIFTS: env._(
            "Read what the source says of it. Set the version of the webhook back if "
            "it was changed by mistake, and look at what the events have moved."
        ),
        AlertKind.FIELD_MISSING: env._(
            "Ask the source whether it is meant. If it is, do nothing: after a week "
            "the field is not expected any more. Look at what the events have moved."
        ),
    }
