"""What people read of each kind of alert about usage."""

from ...canonical.review.alerts import AlertKind


def get_meanings(env):
    """Return what each kind looks at, by kind."""
    return {
        AlertKind.USAGE_WAITS: env._(
            "For how many hours the oldest usage waits that is not counted: its "
            "customer, its meter or its subscription is not known, or it contradicts "
            "other usage."
        ),
        AlertKind.USAGE_DIFFERS: env._(
            "How many days of usage are not what their records say, and how many "
            "records are missing, as the nightly check has found."
        ),
    }


def get_sentences(env):
    """Return what an alert of each kind says, by kind, as those of other kinds."""
    return {
        AlertKind.USAGE_WAITS: env._(
            "%(source)s: usage waits for %(value)s hours to be counted."
        ),
        AlertKind.USAGE_DIFFERS: env._(
            "%(source)s: %(value)s days or records of usage are not what was told."
        ),
    }


def get_next_steps(env):
    """Return what to do about an alert of each kind, by kind."""
    return {
        AlertKind.USAGE_WAITS: env._(
            "Open the usage that waits: each record says what it waits for, and what "
            "to do."
        ),
        AlertKind.USAGE_DIFFERS: env._(
            "Open the days that differ and press Count Anew. If records are missing, "
            "the source's page says how many: replay its events that told of usage, "
            "then note the loss there."
        ),
    }
