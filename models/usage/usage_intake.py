from collections import Counter
from typing import NamedTuple

from odoo import models

from . import storing
from .telling import prepare_rows

#: Records that one statement stores at most.
_AT_ONCE = 10_000


class Taken(NamedTuple):
    """What became of what was told. ``stored`` says of each event how many of its
    records were new, ``superseded`` how many others they corrected, and ``conflicts``
    the references that contradict others and that nobody has decided about.
    """

    stored: Counter
    superseded: Counter
    conflicts: dict


class SaasUsageIntake(models.AbstractModel):
    """Takes in what sources have metered: each record once, and its bucket with it.

    A record that is known is left alone. One that says something else under a known
    reference is stored beside the first and does not count, and neither does one that
    waits for its customer, its meter or its subscription. A number of statements for
    each batch does all that, whatever there is in it.
    """

    _name = "saas.usage.intake"
    _description = "SaaS intake of usage"

    def _accept(self, source, told):
        """Store what events of a source have told.

        :param told: pairs of the id of an event and a
            :class:`~...canonical.facts.usage.UsageRecord`.
        :return: the :class:`Taken`.
        """
        taken = Taken(Counter(), Counter(), {})
        self.env["saas.usage.record"].flush_model()
        for start in range(0, len(told), _AT_ONCE):
            self._accept_part(source, told[start : start + _AT_ONCE], taken)
        self._forget_read()
        return taken

    def _accept_part(self, source, told, taken):
        rows = prepare_rows(told)
        first = {row.external_id: row for row in reversed(rows)}
        known, states = len(rows), Counter()
        for event_id, state, count in self._run(
            storing.store, source, [*first.values()]
        ):
            taken.stored[event_id] += count
            states[state] += count
            known -= count
        if known:
            for (event_id,) in self._run(storing.store_rivals, source, rows):
                taken.stored[event_id] += 1
                states["conflict"] += 1
        self._correct(source, first, taken)
        if known or states["conflict"]:
            for event_id, ref in self._run(storing.find_conflicts, source, rows):
                taken.conflicts.setdefault(event_id, []).append(ref)

    def _correct(self, source, rows, taken):
        """Let corrections take effect, whichever came first.

        :param rows: what was told, by reference.
        """
        targets = {row.corrects for row in rows.values() if row.corrects}
        if not targets and not self._has_corrections(source):
            return
        targets |= rows.keys()
        self._settle(self._find_corrections(source, targets))
        taken.superseded.update(self._supersede(source, targets))

    def _run(self, statement, source, rows):
        """Return the rows that a statement on records returns."""
        # Odoo would log a failing query with its values, which are a customer's.
        self.env.cr.execute(statement(source, rows), log_exceptions=False)
        return self.env.cr.fetchall()
