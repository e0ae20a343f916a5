"""Tells an error of a transaction that lost a race from all others."""

from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from odoo.addons.queue_job.exception import RetryableJobError


def is_lost_race(error):
    """Return whether somebody else was quicker, which is nobody's fault: the whole
    transaction has to run again, on a new snapshot.
    """
    return (
        isinstance(error, RetryableJobError)
        or getattr(error, "pgcode", None) in PG_CONCURRENCY_ERRORS_TO_RETRY
    )
