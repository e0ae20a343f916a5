"""How much money came in, of what several events tell of one sum."""

from dataclasses import dataclass, field
from datetime import datetime

from ...canonical.kinds import Kind
from ...canonical.moments import naive
from ...canonical.money import exact


@dataclass
class Sum:
    """One sum of money: what is known of it, what is booked, and what a new fact makes
    of that.

    ``bindings`` are its bindings by kind and external id; ``payments`` what is booked
    of it. The fact tells of ``holder``: the attempt by which money came in, or the
    whole sum where attempts are not told apart; None where the attempts that are known
    tell it all already.
    """

    fact: object
    bindings: dict
    payments: object
    #: what the fact says of the part of it that a payment is to be booked for
    holder: str | None = field(init=False)
    #: what is booked for the holder: to be kept, and too much
    keep: object = field(init=False)
    undo: object = field(init=False)
    #: whether anything of it was reversed
    is_rebooked: bool = False

    def __post_init__(self):
        main = self.fact.external_id
        attempt = self.fact.attempt or main
        known = attempt != main or not self._get_attempts()
        self.holder = attempt if known else None
        self.keep, self.undo = self._split()

    @property
    def binding(self):
        """Return the binding of the holder, or None while it is not known."""
        return self.bindings.get((Kind.PAYMENT, self.holder))

    @property
    def is_old(self):
        """Return whether the old books have this money."""
        return any(binding.before_cutover for binding in self.bindings.values())

    @property
    def is_first(self):
        """Return whether nothing was told of the whole holder before."""
        return not self.binding or not self.binding.amount

    @property
    def is_more(self):
        """Return whether more was paid of it since: an authorisation may be captured
        in parts, on different days.
        """
        if self.is_first or self.fact.allocation:
            return False
        return self.fact.amount > self.binding.amount

    @property
    def is_less(self):
        """Return whether more of it is known than the fact states."""
        return not self.is_first and self.fact.amount < self.binding.amount

    @property
    def booked(self):
        """Return the payments that are booked for the holder. Until attempts are told
        apart, what is booked is of the first one that is told.
        """
        if self.holder is None:
            return self.payments.browse()
        if self.holder == self.fact.external_id:
            return self.payments
        unassigned = () if set(self._get_attempts()) - {self.holder} else (False,)
        return self.payments.filtered(
            lambda payment: payment.saas_attempt in (self.holder, *unassigned)
        )

    def get_target(self):
        """Return what came in, in minor units. Where the whole is known, its parts only
        allocate it; without it, the parts are what is known.
        """
        known = 0 if self.is_first else self.binding.amount
        if not self.fact.allocation:
            return max(known, self.fact.amount)
        return known or self._get_most_allocated()

    def _split(self):
        """Return the booked payments to keep, and those that are too much: the newest,
        so that no more is left than came in.
        """
        target = self.fact.decimal(self.get_target())
        keep = undo = self.payments.browse()
        total = 0
        for payment in self.booked.sorted("id"):
            amount = get_amount(payment)
            if total + amount > target:
                undo |= payment
            else:
                keep |= payment
                total += amount
        return keep, undo

    def _get_attempts(self):
        main = self.fact.external_id
        return [
            ref
            for (kind, ref), binding in self.bindings.items()
            if kind == Kind.PAYMENT and ref != main and binding.amount
        ]

    def _get_most_allocated(self):
        """Return the most that was allocated to invoices at one time: what has been
        taken off one invoice may be what pays another.
        """
        parts = {
            ref: (binding.amount, binding.started_at, binding.ended_at)
            for (kind, ref), binding in self.bindings.items()
            if kind == Kind.INVOICE_PAYMENT
        }
        parts[self.fact.allocation] = merge_part(
            self.bindings.get((Kind.INVOICE_PAYMENT, self.fact.allocation)), self.fact
        )
        changes = []
        for amount, started_at, ended_at in parts.values():
            if ended_at:
                changes.append((ended_at, -amount))
                # Where only its end was told, it had begun some time before.
                started_at = started_at and started_at < ended_at and started_at
            changes.append((started_at or datetime.min, amount))
        level = most = 0
        for _moment, amount in sorted(changes):
            level += amount
            most = max(most, level)
        return most


def get_amount(payments):
    """Return what payments come to, as a Decimal."""
    places = payments.currency_id.decimal_places
    return sum(exact(payment.amount, places) for payment in payments)


def merge_part(binding, fact):
    """Return the amount of a part of a payment, since when it pays its invoice, and
    until when, of all that is known.
    """
    started_at, ended_at = naive(fact.paid_at), naive(fact.ended_at)
    if not binding:
        return fact.amount, started_at, ended_at
    ends = list(filter(None, (ended_at, binding.ended_at)))
    return (
        max(fact.amount, binding.amount),
        min(started_at, binding.started_at or started_at),
        max(ends) if ends else None,
    )
