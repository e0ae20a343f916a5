"""Does work on many things at once, and finds the one that it fails for."""

from ..concurrency import is_lost_race


def halve(env, items, work, reset, fail):
    """Do ``work`` on a list of things in a savepoint. If that fails, halve the list
    until the bad thing is alone: the others must not suffer for it.

    :param work: a function of a list of things.
    :param reset: a function that makes a list of things forget a try that was undone.
    :param fail: a function of a thing and the error that it alone has failed with.
    :raises Exception: where another transaction was quicker. This one works on one
        snapshot to its end, so trying a part of it again can't help.
    """
    try:
        with env.cr.savepoint():
            work(items)
            return
    except Exception as error:
        if is_lost_race(error):
            raise
        reset(items)
        if len(items) == 1:
            fail(items[0], error)
            return
    middle = len(items) // 2
    halve(env, items[:middle], work, reset, fail)
    halve(env, items[middle:], work, reset, fail)
