"""Random stories of one invoice, as hypothesis draws them, and what must come of them.

A story is a plain description with amounts in minor units; the events are made of it
in the newest shape. Everything is computed here once more, in integers, and nothing
is taken from the code under test.
"""

from dataclasses import dataclass, field

from hypothesis import strategies as st

API_VERSION = "2026-10-28.endive"
FINALIZED = 1793613600
_DAY = 86400
#: Percentages by rate; a reverse charge is a tax of nothing.
RATES = {"txr_19": 190, "txr_7": 70, "txr_05": 5, "txr_0": 0}
#: Of how many minor units amounts are multiples.
STEPS = {"usd": 1, "eur": 1, "jpy": 1, "kwd": 10}
EXPONENTS = {"usd": 2, "eur": 2, "jpy": 0, "kwd": 3}


@dataclass(frozen=True)
class Line:
    amount: int
    quantity: int
    discount: int
    taxes: tuple  # of (rate, amount)

    @property
    def net(self):
        return self.amount - self.discount

    @property
    def total(self):
        return self.net + sum(amount for _rate, amount in self.taxes)


@dataclass(frozen=True)
class Story:
    """``fate`` is what becomes of the invoice once ``paid`` is paid of it."""

    currency: str
    lines: tuple
    applied: int
    paid: int
    fate: str
    extra: int
    credited: int | None
    relief: bool
    seed: int

    @property
    def total(self):
        return sum(line.total for line in self.lines)

    @property
    def due(self):
        return self.total - self.applied

    @property
    def remaining(self):
        return self.due - self.paid


@st.composite
def stories(draw):
    """Return a strategy of stories that are possible at the source."""
    currency = draw(st.sampled_from([*STEPS]))
    step = STEPS[currency]
    lines = tuple(_draw_line(draw, step) for _n in range(draw(st.integers(1, 4))))
    total = sum(line.total for line in lines)
    if total <= 0:
        # Credit for the next invoices; there is nothing to pay.
        return Story(
            currency, lines, total, 0, "paid", 0, None, False, draw(st.integers(0, 99))
        )
    applied = (
        step * draw(st.sampled_from([0, 0, 1])) * draw(st.integers(0, total // step))
    )
    due = total - applied
    paid = step * draw(st.sampled_from([0, 1])) * draw(st.integers(0, due // step))
    fates = ["paid", "open", "credited", "lost", "lost_paid"]
    if paid < due:
        fates += [] if paid else ["void", "lost_void", "credit_voided"]
    fate = draw(st.sampled_from(fates if paid < due else ["paid", "credited"]))
    credited = None
    if fate in ("credited", "credit_voided"):
        positive = [i for i, line in enumerate(lines) if 0 < line.total <= total]
        credited = draw(st.sampled_from([None, *positive]))
    extra = step * draw(st.integers(0, 500)) if fate == "paid" else 0
    return Story(
        currency,
        lines,
        applied,
        paid,
        fate,
        extra,
        credited,
        draw(st.booleans()),
        draw(st.integers(0, 99)),
    )


def _draw_line(draw, step):
    quantity = draw(st.integers(1, 5))
    amount = step * quantity * draw(st.integers(-2000, 90000))
    discount = step * draw(st.sampled_from([0, 0, 7, 333])) if amount > 0 else 0
    rates = draw(st.lists(st.sampled_from([*RATES]), unique=True, max_size=2))
    net = amount - discount
    taxes = tuple((rate, _round(net * RATES[rate], 1000, step)) for rate in rates)
    return Line(amount, quantity, discount, taxes)


def _round(number, divisor, step):
    """Return ``number / divisor`` in multiples of ``step``, half away from zero."""
    size = (2 * abs(number) + divisor * step) // (2 * divisor * step)
    return step * size * (1 if number > 0 else -1)


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


class _Teller:
    def __init__(self, story, told):
        self.story = story
        self.told = told
        self.count = 0

    def tell(self):
        story = self.story
        self._send("customer.created", {"id": "cus_P1", "object": "customer"}, 0)
        if story.total <= 0:
            self._send_invoice("finalized", "paid", 0, remaining=0)
        else:
            self._send_invoice("finalized", "open", 0, remaining=story.due)
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
        self._send_invoice("paid", "paid", 2, remaining=0, overpaid=overpaid)
        self.told.add("BAL", -overpaid)

    def _tell_void(self, lost=False):
        story = self.story
        self._send_invoice("voided", "void", 4, remaining=story.due, lost=lost)
        self._book_document(story.lines, -1)
        self.told.add("BAL", -story.applied)

    def _tell_lost(self):
        story = self.story
        self._send_invoice(
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
        self._send_invoice("paid", "paid", 4, remaining=0, lost=True)

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
        self._send_credit_note(lines, settled, refunded, to_balance)
        self._book_document(lines, -1)
        self.told.add("BAL", -to_balance)

    def _tell_credit_voided(self):
        """A credit note of which nothing was refunded, and that is void: all is as it
        was before.
        """
        lines, settled, refunded, to_balance = self._split_credit()
        for status in ("issued", "void"):
            self._send_credit_note(lines, settled, refunded, to_balance, status)
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

    # -- events ---------------------------------------------------------------

    def _send(self, event_type, data, day):
        self.count += 1
        self.told.events.append(
            {
                "id": f"evt_P{self.count}",
                "object": "event",
                "type": event_type,
                "api_version": API_VERSION,
                "created": FINALIZED + day * _DAY + self.count,
                "livemode": False,
                "data": {"object": data},
            }
        )

    def _send_invoice(self, name, status, day, *, remaining, overpaid=0, lost=False):
        story = self.story
        moment = FINALIZED + day * _DAY
        self._send(
            f"invoice.{name}",
            {
                "id": "in_P1",
                "object": "invoice",
                "status": status,
                "currency": story.currency,
                "customer": "cus_P1",
                "customer_name": "Nordlicht Property",
                "number": "P-1",
                "created": FINALIZED,
                "total": story.total,
                "starting_balance": -story.applied,
                "ending_balance": 0,
                "amount_remaining": remaining,
                "amount_overpaid": overpaid,
                "status_transitions": {
                    "finalized_at": FINALIZED,
                    "paid_at": moment if status == "paid" else None,
                    "voided_at": moment if status == "void" else None,
                    "marked_uncollectible_at": FINALIZED + 3 * _DAY if lost else None,
                },
                "lines": {
                    "data": [
                        {
                            "id": f"il_P{index}",
                            **_describe(line),
                            "discount_amounts": [{"amount": line.discount}],
                        }
                        for index, line in enumerate(story.lines)
                    ],
                    "has_more": False,
                },
            },
            day,
        )

    def _pay(self, name, amount, day):
        self._send(
            "invoice_payment.paid",
            {
                "id": f"inpay_P_{name}",
                "object": "invoice_payment",
                "status": "paid",
                "currency": self.story.currency,
                "amount_paid": amount,
                "invoice": "in_P1",
                "payment": {"type": "payment_intent", "payment_intent": f"pi_P_{name}"},
                "status_transitions": {"paid_at": FINALIZED + day * _DAY},
            },
            day,
        )
        self.told.add("SC", amount)

    def _refund(self, amount, day):
        self._send(
            "refund.created",
            {
                "id": "re_P1",
                "object": "refund",
                "status": "succeeded",
                "amount": amount,
                "currency": self.story.currency,
                "payment_intent": "pi_P_first",
                "created": FINALIZED + day * _DAY,
                "balance_transaction": "txn_P1",
            },
            day,
        )
        self.told.add("SC", -amount)

    def _send_credit_note(self, lines, settled, refunded, to_balance, status="issued"):
        amount = settled + refunded + to_balance
        kind = "mixed" if settled and amount > settled else "pre_payment"
        refund = {"type": "refund", "refund": "re_P1", "amount_refunded": refunded}
        self._send(
            "credit_note.created" if status == "issued" else "credit_note.voided",
            {
                "id": "cn_P1",
                "object": "credit_note",
                "status": status,
                "voided_at": None if status == "issued" else FINALIZED + 5 * _DAY,
                "type": kind if settled else "post_payment",
                "currency": self.story.currency,
                "customer": "cus_P1",
                "invoice": "in_P1",
                "number": "P-1-CN",
                "created": FINALIZED + 3 * _DAY,
                "total": amount,
                "pre_payment_amount": settled,
                "post_payment_amount": amount - settled,
                "customer_balance_transaction": "cbtxn_P1" if to_balance else None,
                "refunds": [refund] if refunded else [],
                "lines": {
                    "data": [
                        {
                            "id": f"cnli_P{index}",
                            "invoice_line_item": f"il_P{index}",
                            # Without its discount: Stripe says so by the amount.
                            **_describe(line),
                            "amount": line.net,
                        }
                        for index, line in enumerate(lines)
                    ],
                    "has_more": False,
                },
            },
            3,
        )


def _describe(line):
    return {
        "description": "Line",
        "amount": line.amount,
        "quantity": line.quantity,
        "taxes": [
            {
                "amount": amount,
                "tax_behavior": "exclusive",
                "tax_rate_details": {"tax_rate": rate},
            }
            for rate, amount in line.taxes
        ],
    }
