"""Holds what came of a round against what ought to have."""

from collections import Counter
from dataclasses import dataclass, field

from ..demo.books import check, check_clearing

#: Rows of the checker that tell of the network, not of the books.
SHOWN = 8


@dataclass
class Verdict:
    """How many accepted events are lost, how many bookings are there twice, and in
    how many rows the books differ from the undisturbed ones, or from the ledger.
    """

    events: int
    lost: int = 0
    doubled: int = 0
    differences: int = 0
    details: list = field(default_factory=list)

    @property
    def is_good(self):
        return not (self.lost or self.doubled or self.differences)


def judge(accounts, planned, answers, found, undisturbed=None):
    """Return the verdict on a round.

    In: what was sent, the answers to it, what the database says, and what that of the
    undisturbed run says.
    """
    accepted = {
        request.event_id
        for request, answer in zip(planned, answers, strict=True)
        if answer == 200 and not request.forgery
    }
    verdict = Verdict(len(accepted))
    _find_lost(verdict, accepted, found["events"])
    _find_doubled(verdict, found, undisturbed)
    _find_differences(verdict, accounts, planned, answers, found, undisturbed)
    return verdict


def _find_lost(verdict, accepted, events):
    for event_id in sorted(accepted):
        count, state = events.get(event_id, (0, "not there"))
        if not count or state == "received":
            verdict.lost += 1
            verdict.details.append(f"lost: {event_id} {state}")


def _find_doubled(verdict, found, undisturbed):
    for event_id, (count, _state) in sorted(found["events"].items()):
        if count > 1:
            verdict.doubled += 1
            verdict.details.append(f"doubled: {event_id} is stored {count} times")
    once = undisturbed["postings"] if undisturbed else {}
    for key, count in sorted(found["postings"].items()):
        if count > once.get(key, 1):
            verdict.doubled += 1
            verdict.details.append(f"doubled: {key} is booked {count} times")


def _find_differences(verdict, accounts, planned, answers, found, undisturbed):
    details = []
    if undisturbed:
        meant, is_there = Counter(undisturbed["rows"]), Counter(found["rows"])
        details += [f"missing: {row}" for row in (meant - is_there).elements()]
        details += [f"not meant: {row}" for row in (is_there - meant).elements()]
    details += _ask_ledger(accounts, planned, answers, found["books"])
    verdict.differences = len(details)
    verdict.details += details


def _ask_ledger(accounts, planned, answers, books):
    """Return what differs from the demonstration's own ledger, as texts."""
    rows, strays = check.check_events(accounts, books)
    documents, wrong = check.check_documents(accounts, books)
    postings, bad = check_clearing.check_postings(accounts, books)
    wrong += bad
    rows += documents + postings + check.check_answers(planned, answers)
    rows += check.check_stored(accounts, planned, books)
    rows += check.check_people(accounts, books) + check.check_logs(books)
    for account in accounts:
        for currency, totals in check.check_totals(account, books[account.entity.key]):
            rows += [
                check.Row(f"{currency} {r.label}", r.meant, r.found) for r in totals
            ]
    texts = [
        f"{row.label}: {row.meant} meant, {row.found} there"
        for row in rows
        if not row.agrees
    ]
    texts += [f"{e.id} {e.type}: {e.fate} meant, {found} there" for e, found in strays]
    texts += [f"{key}: {due} meant, {has} there" for key, due, has in wrong]
    return texts
