"""Tells an error that passes by itself from all others: a transaction that lost a race,
a system that can't answer now. Opens a transaction beside that of a job.
"""

from contextlib import contextmanager

from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.sql_db import db_connect

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical.errors import Later, Transient


def is_lost_race(error):
    """Return whether an error means that another transaction was quicker. It is
    nobody's fault: the whole transaction has to run again, on a new snapshot.
    """
    return (
        isinstance(error, RetryableJobError)
        or getattr(error, "pgcode", None) in PG_CONCURRENCY_ERRORS_TO_RETRY
    )


@contextmanager
def retrying():
    """Give a job back to its runner for trouble that passes by itself. A source that
    says when to call it again is called then, and that is not counted as a try.
    """
    try:
        yield
    except Later as error:
        raise RetryableJobError(
            str(error), seconds=error.seconds, ignore_retry=True
        ) from error
    except Transient as error:
        raise RetryableJobError(str(error)) from error


@contextmanager
def own_transaction(env):
    """Yield a cursor of a transaction of its own, which commits at the end. It is on no
    snapshot: each statement sees what others did before it.
    """
    with db_connect(env.cr.dbname).cursor() as cr:
        cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        yield cr
