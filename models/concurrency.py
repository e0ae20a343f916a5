"""Tells the error of a transaction that lost a race from all other errors."""

from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from odoo.addons.queue_job.exception import RetryableJobError


def is_lost_race(error):
    """Return whether an error means that another transaction was quicker. It is
    nobody's fault: the whole transaction has to run again, on a new snapshot.
    """
    return (
        isinstance(error, RetryableJobError)
        or getattr(error, "pgcode", None) in PG_CONCURRENCY_ERRORS_TO_RETRY
    )
