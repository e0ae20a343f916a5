"""What must come of a random story: computed here once more, in integers, and nothing
is taken from the code under test.
"""

from dataclasses import dataclass, field

from .property_events import EventWriter


@dataclass
class Expected:
    """Sums by name of account in minor units, debit above zero, of what is booked."""

    sums: dict = field(default_factory=dict)
    settled: bool = True
    events: list = field(default_factory=list)

    def add(self, account, amount):
        self.sums[account] = self.sums.get(account, 0) + amount


def tell(story):
    """Return the events of a story, in the order it happened, and what is booked."""
    told = Expected()
    _Teller(story, told).tell()
    return told


class _Teller(EventWriter):
    """Tells a story by its events, and notes what each of them books."""

    def __init__(self, story, told):
        super().__init__(story, told.events)
        self.told = told

    def tell(self):
        story = self.story
        self.send("customer.created", {"id": "cus_P1", "object": "customer"}, 0)
        if story.total <= 0:
            self.send_invoice("finalized", "paid", 0, remaining=0)
        else:
            self.send_invoice("finalized", "open", 0, remaining=story.due)
        self._book_document(story.lines, 1)
        self.told.add("BAL", story.applied)
        if story.paid:
            self._pay("first", story.paid, 1)
        getattr(self, f"_tell_{story.fate}")()

    def _tell_open(self):
        self.told.settled = not self.story.remaining

    def _tell_paid(self):
        story = self.story
        rest = story.remaining + story.extra
        if story.total <= 0:
            return
        if not story.extra or story.remaining:
            if rest:
                self._pay("last", rest, 2)
            overpaid = story.extra
        else:
            overpaid = 0
        self.send_invoice("paid", "paid", 2, remaining=0, overpaid=overpaid)
        self.told.add("BAL", -overpaid)

    def _tell_void(self, lost=False):
        story = self.story
        self.send_invoice("voided", "void", 4, remaining=story.due, lost=lost)
        self._book_document(story.lines, -1)
        self.told.add("BAL", -story.applied)

    def _tell_lost(self):
        story = self.story
        self.send_invoice(
            "marked_uncollectible",
            "uncollectible",
            3,
            remaining=story.remaining,
            lost=True,
        )
        if not story.relief:
            self.told.add("BAD", story.remaining)
        else:
            self.told.add("BAD+TAX", story.remaining)

    def _tell_lost_paid(self):
        self._tell_lost()
        self.told.sums.pop("BAD", 0)
        self.told.sums.pop("BAD+TAX", 0)
        self._pay("last", self.story.remaining, 4)
        self.send_invoice("paid", "paid", 4, remaining=0, lost=True)

    def _tell_lost_void(self):
        self._tell_lost()
        self.told.sums.pop("BAD", 0)
        self.told.sums.pop("BAD+TAX", 0)
        self._tell_void(lost=True)

    def _tell_credited(self):
        """A credit note of one line, or of all that was invoiced. It lowers what is
        due; the rest is refunded as far as money came in, or goes to the balance.
        """
        lines, settled, refunded, to_balance = self._split_credit()
        rest = self.story.remaining - settled
        if rest:
            self._pay("last", rest, 2)
        if refunded:
            self._refund(refunded, 3)
        self.send_credit_note(lines, settled, refunded, to_balance)
        self._book_document(lines, -1)
        self.told.add("BAL", -to_balance)

    def _tell_credit_voided(self):
        """A credit note of which nothing was refunded, and that is void: all is as it
        was before.
        """
        lines, settled, refunded, to_balance = self._split_credit()
        for status in ("issued", "void"):
            self.send_credit_note(lines, settled, refunded, to_balance, status)
        self.told.settled = False

    def _split_credit(self):
        """Return the credited lines, and where their total goes."""
        story = self.story
        lines = story.lines
        if story.credited is not None:
            lines = (lines[story.credited],)
        amount = sum(line.total for line in lines)
        settled = min(amount, story.remaining)
        refunded = min(amount - settled, story.paid)
        return lines, settled, refunded, amount - settled - refunded

    # -- what is booked -------------------------------------------------------

    def _book_document(self, lines, sign):
        for line in lines:
            self.told.add("REV", -sign * line.net)
            self.told.add("TAX", -sign * (line.total - line.net))

    def _pay(self, name, amount, day):
        self.send_payment(name, amount, day)
        self.told.add("SC", amount)

    def _refund(self, amount, day):
        self.send_refund(amount, day)
        self.told.add("SC", -amount)
