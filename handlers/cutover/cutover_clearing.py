from datetime import UTC

from odoo import models

from ...canonical.facts import ALSO_KNOWN_AS
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason

_ACTIVITY = "mail_activity_dispute_handover"


class SaasCutover(models.AbstractModel):
    """Ignores what moved the clearing account before the cut-over.

    Each movement of money belongs to the books of its own day. What a source held at
    the cut-over, and what was disputed then, comes here with the closing entry of the
    old books, on the clearing account and the account of disputed funds. So what is
    decided since is booked in full, also where a dispute's money was withdrawn before:
    a dispute that is won takes back from disputed funds what the old books handed over,
    and one that is lost turns it into a loss.
    """

    _inherit = "saas.cutover"

    def _ignore_old_transactions(self, source, items):
        """Ignore the movements made before the cut-over, and return the others."""
        old = [i for i in items if source._is_before_cutover(i.fact.moved_at)]
        claims = []
        for item in old:
            # The object that moved the money. A payout's own movement is no part of
            # what it pays out.
            of = next(iter(item.fact.object_ids), None)
            claims.append((item, Kind.MOVEMENT, item.fact.external_id, of))
            if of and (kind := ALSO_KNOWN_AS.get(item.fact.category)):
                claims.append((item, kind, of, None))
            self._ignore(source, item)
        self._bind_without_record(source, claims)
        return [item for item in items if not item.error]

    def _ignore_old_adjustments(self, source, items):
        """Ignore the adjustments of customer credit made before the cut-over, and
        return the others.
        """
        old = [i for i in items if source._is_before_cutover(i.fact.adjusted_at)]
        claims = []
        for item in old:
            claims.append((item, Kind.CREDIT_ADJUSTMENT, item.fact.external_id, None))
            self._ignore(source, item)
        self._bind_without_record(source, claims)
        return [item for item in items if not item.error]

    def _ignore_old_payouts(self, source, items):
        """Ignore the payouts that arrive before the cut-over, and return the others. A
        payout states the day of its arrival, and no moment.
        """
        for item in items:
            if not self._is_old_payout(source, item.fact):
                continue
            if self._came_back_since(source, item.fact) and not item.decision:
                self._refuse_undone(source, item, item.fact.failed_at)
            else:
                self._ignore(source, item)
        return [item for item in items if not item.error]

    def _is_old_payout(self, source, fact):
        """Return whether the old books have a payout."""
        cutover = source.cutover_date
        return bool(cutover) and fact.arrives_at.astimezone(UTC).date() < cutover

    def _came_back_since(self, source, fact):
        """Return whether a payout of the old books came back since the cut-over: only
        that it came back belongs to these books.
        """
        return bool(
            self._is_old_payout(source, fact)
            and fact.failed_at
            and not source._is_before_cutover(fact.failed_at)
        )

    def _bind_old_disputes(self, source, items):
        """Bind movements and losses of disputes from before the cut-over."""
        movements, losses = [], []
        for item in items:
            fact = item.fact
            movements += [
                (item, Kind.DISPUTE_MOVEMENT, part.external_id, fact.external_id)
                for part in fact.movements
                if source._is_before_cutover(part.moved_at)
            ]
            if (
                fact.state == "lost"
                and fact.movements
                and fact.closed_at
                and source._is_before_cutover(fact.closed_at)
            ):
                losses.append((item, Kind.DISPUTE_LOSS, fact.external_id, None))
        self._bind_without_record(source, movements)
        self._bind_without_record(
            source,
            losses,
            get_amount=lambda fact: -sum(part.amount for part in fact.movements),
        )

    def _ignore_old_disputes(self, source, items, records):
        """Ignore the snapshots of disputes that tell of nothing since the cut-over. The
        others are booked by now.
        """
        if not source.cutover_date:
            return
        for item in items:
            fact = item.fact
            moments = [fact.opened_at, *(part.moved_at for part in fact.movements)]
            if fact.closed_at:
                moments.append(fact.closed_at)
            if not item.error and source._is_before_cutover(max(moments)):
                self._ignore(source, item)
        self._ask_about_disputes(source, records)

    def _ask_about_disputes(self, source, records):
        """Ask somebody to check that the old books hand over what was withdrawn before
        the cut-over, for disputes of which something is booked since.
        """
        every = self.env["saas.dispute"].union(*records.values())
        booked = every.filtered("move_ids")
        if not booked:
            return
        old = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.DISPUTE_MOVEMENT),
                ("parent_ref", "in", booked.mapped("external_id")),
                ("before_cutover", "=", True),
            ]
        )
        refs = set(old.mapped("parent_ref"))
        self.env["saas.activities"]._ask(
            source,
            _ACTIVITY,
            booked.filtered(lambda dispute: dispute.external_id in refs),
            self.env._("Withdrawn before the cut-over: check the opening balance"),
        )

    def _refuse_undone(self, source, item, undone_at):
        """Leave an item to a person whose object was undone since the cut-over, but is
        not booked here.
        """
        item.quarantine(
            Reason.BEFORE_CUTOVER,
            self.env._(
                "It was undone on %s, but is not booked here.",
                source._localize_date(undone_at),
            ),
        )

    def _get_record_date(self, source, date):
        """Return the day by which a mirrored record's currency is checked: nothing is
        booked before the cut-over, and there needn't be rates.
        """
        return max(date, source.cutover_date or date)
