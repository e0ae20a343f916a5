"""Marks that own code leaves in Odoo's context, and nobody from outside can.

A caller of the external API states the context of their call, but only as JSON or XML:
text, numbers, lists. A mark is one object of this process and is recognised by
identity, so no text and no copy of it counts. It survives ``sudo``, ``with_user`` and
``with_company``; ``queue_job`` keeps no context but a few named keys, so it never gets
into a stored job, and it can't be sent to a browser either.
"""

import secrets
import string

#: How many letters tell one preview's numbers from another's.
_LETTERS = 8


class Mark:
    """A mark; each is recognised by ``is``."""

    __slots__ = ("key",)

    def __init__(self, key):
        self.key = key

    def __repr__(self):
        return f"<mark {self.key}>"

    def __copy__(self):
        return self

    def __deepcopy__(self, _memo):
        return self

    def in_context(self):
        """Return what to add to the context: ``with_context(**MARK.in_context())``."""
        return {self.key: self}

    def is_in(self, env):
        """Return whether own code has left this mark in an environment's context."""
        return env.context.get(self.key) is self


#: The pipeline acts, not the user whose environment it is; and it may take the short
#: cuts that hold for batches of mirrored records.
PIPELINE = Mark("saas_pipeline")

#: No other system may be called: whoever set it has locks, and others wait for them.
OFFLINE = Mark("saas_offline")

#: Somebody or something waits for what a call to a system brings: such calls go on when
#: the others stop, because the day's budget comes to its end.
URGENT = Mark("saas_urgent")

#: A gate of own code moves a link that nobody else may move.
RELINKING = Mark("saas_relinking")


class Limits:
    """How much of pairs of journal items may be reconciled at most.

    :param amounts: floats in the currency of both items, by the ids of debit and
        credit.
    """

    KEY = "saas_limits"
    __slots__ = ("_amounts",)

    def __init__(self, amounts):
        self._amounts = amounts

    def in_context(self):
        """Return what to add to the context."""
        return {self.KEY: self}

    @classmethod
    def get(cls, env, pair):
        """Return the limit of a pair of ids, or None where own code has set none."""
        limits = env.context.get(cls.KEY)
        return limits._amounts.get(pair) if isinstance(limits, cls) else None


class Signed:
    """Says who has signed what is done, so that the log can.

    :param approvers: their logins.
    """

    KEY = "saas_signed"
    __slots__ = ("approvers",)

    def __init__(self, approvers):
        self.approvers = tuple(approvers)

    def in_context(self):
        """Return what to add to the context."""
        return {self.KEY: self}

    @classmethod
    def get(cls, env):
        """Return what was signed in an environment, or None."""
        signed = env.context.get(cls.KEY)
        return signed if isinstance(signed, cls) else None


class Sink:
    """Takes the log's rows and the numbers of a preview. It lies in the context of the
    preview's environments; a caller of the external API can't put one there, as it is
    recognised by its class.

    A preview's numbers touch no real one, so nobody waits for them. They begin with
    letters that no other preview has: else the second one would wait for the end of
    the first at the index that keeps numbers unique. And with letters alone, since
    Odoo reads digits in a number as its year.
    """

    KEY = "saas_preview"
    #: How a preview's numbers begin.
    PREFIX = "PREVIEW"
    __slots__ = ("_drawn", "is_observing", "name", "rows")

    def __init__(self, is_observing=False):
        letters = (secrets.choice(string.ascii_uppercase) for _ in range(_LETTERS))
        self.name = self.PREFIX + "".join(letters)
        #: the rows of the log, in the order in which they would be appended
        self.rows = []
        self._drawn = 0
        #: whether what is only observed is shown as if it were on
        self.is_observing = is_observing

    def in_context(self):
        """Return what to add to the context."""
        return {self.KEY: self}

    @classmethod
    def get(cls, env):
        """Return the sink of the preview that an environment is of, or None."""
        sink = env.context.get(cls.KEY)
        return sink if isinstance(sink, cls) else None

    def draw_number(self):
        """Return the next number of this preview."""
        self._drawn += 1
        return f"{self.name}/{self._drawn}"

    def take(self):
        """Return the rows so far, and forget them."""
        rows, self.rows = self.rows, []
        return rows
