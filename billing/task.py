"""What is billed of one tenant, on its way through a run."""

from collections import namedtuple

from ..canonical.item import make_row

#: What a message to others names as its cause, as an event is for a fact.
Cause = namedtuple("Cause", "external_id")


class Task:
    """A tenant that is billed: its lines, why it can't be billed, and the rows that the
    log gets. Whoever books it takes it as they take an item of the pipeline.

    ``item`` is the row of the run, None where it is only looked at; ``lines`` are
    :class:`~.line.ChargeLine`, and
    ``documents`` those of the ledger, each with the lines that it is made of. ``nexts``
    says by subscription when it is looked at again.
    """

    def __init__(self, source, tenant, item=None):
        self.source = source
        self.tenant = tenant
        self.item = item
        self.event = Cause(f"billing run {item.run_id.id}" if item else "preview")
        self.lines = []
        self.documents = []
        self.nexts = {}
        self.error = None
        self.rows = []

    @property
    def state(self):
        """Return what became of it, as the run's row says it."""
        if self.error:
            return "failed"
        return "done" if self.documents else "nothing"

    def fail(self, error):
        """Leave this tenant out: ``error`` says why."""
        self.error = self.error or error

    def log(self, action, record=None, detail=None):
        """Note what was done to ``record``, as
        :meth:`~..canonical.item.Item.log` does.
        """
        self.rows.append(make_row(self.source, action, record, detail))

    def reset(self):
        """Forget an attempt that was rolled back."""
        self.rows, self.error = [], None
