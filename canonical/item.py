"""An item: one fact of an event on its way through the pipeline."""

from .actions import Action
from .errors import Ignore, Park, Quarantine


def make_row(source, action, record=None, detail=None, event=None):
    """Return a row of a source's log that says what was done to ``record``.

    :param action: an :class:`~.actions.Action`.
    :param detail: a sentence or a value for people, without personal data.
    :param event: because of which it was done, where there is one.
    :raises ValueError: if the action is not in the closed list.
    """
    return {
        "event_id": event.id if event else False,
        "source_id": source.id,
        "action": Action(action).value,
        "res_model": record._name if record else False,
        "res_id": record.id if record else False,
        "detail": detail,
    }


class Item:
    """An event with one fact it states, and what the handler made of it.

    A handler that can't decide says so with :meth:`fail` before it writes; what
    it did write it tells with :meth:`log`.
    """

    def __init__(self, event, fact):
        self.event = event
        self.fact = fact
        self.error = None
        self.rows = []
        self.tenant = None
        #: what a person decided about its object; None while nobody did
        self.decision = None
        #: the rules of who owns what; None where every source owns all that it tells
        self.ownership = None
        #: whether its object is known here, although a person has to look at it
        self.is_kept = False
        #: the number of the group of its batch that it is applied with
        self.turn = 0

    @property
    def is_accepted(self):
        """Return whether a person accepted it once, whoever owns what it tells."""
        return self.event.accepted_once

    @property
    def has_arrived(self):
        """Return whether the events that wait for its object go on."""
        return not self.error or isinstance(self.error, Ignore) or self.is_kept

    @property
    def is_waiting(self):
        """Return whether it waits for an object that has not arrived yet."""
        return isinstance(self.error, Park)

    def fail(self, error):
        """Leave this item out: ``error`` says why, and what becomes of it. What a
        person has to settle is added to what they have to settle already, and goes
        before what the item may wait for besides.
        """
        if isinstance(self.error, Quarantine):
            if isinstance(error, Quarantine):
                error = Quarantine.join([self.error, error])
            elif isinstance(error, Park):
                return
        self.error = error

    def quarantine(self, reason, detail, cause=None, about=None):
        """Leave this item to a person, as :class:`~.errors.Quarantine` says."""
        self.fail(Quarantine(reason, detail, cause=cause, about=about))

    def lack(self, missing):
        """Leave this item to who completes the set-up: it lacks what a
        :class:`~.errors.Missing` says.
        """
        self.fail(Quarantine.lacking(missing))

    def ignore(self, reason, detail):
        """Ignore this item, with a reason that people see: there is nothing to book.
        Events that wait for its object go on.
        """
        self.fail(Ignore(reason, detail))

    def park(self, kind, external_id):
        """Let this item wait for an object that has not arrived yet."""
        self.fail(Park(kind, external_id))

    def log(self, action, record=None, detail=None):
        """Note what was done to ``record`` because of this event.

        :param action: an :class:`~.actions.Action`.
        :param detail: a sentence or a value for people, without personal data.
        :raises ValueError: if the action is not in the closed list.
        """
        source = self.event.source_id
        self.rows.append(make_row(source, action, record, detail, self.event))

    def reset(self):
        """Forget an attempt that was rolled back."""
        self.error = None
        self.rows = []
        self.tenant = None
        self.is_kept = False
