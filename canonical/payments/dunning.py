"""What becomes of a tenant that owes: how much is overdue, which steps of a policy are
due today, and whether what it may use is restricted.

All of it follows from what is open now and from the steps that were taken before: no
state is carried on. So a payment ends what was begun, and money that is taken back
brings the tenant to where it was, whatever happened in between and in which order.

Amounts are integers in the minor units of one currency of one tenant.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)


class Act(StrEnum):
    """What a step does."""

    MAIL = "mail"
    ACTIVITY = "activity"
    CALL = "call"
    RESTRICT = "restrict"
    PAUSE = "pause"
    CANCEL = "cancel"
    WRITE_OFF = "write_off"


class Wait(StrEnum):
    """Why nothing is done about what is overdue."""

    #: All of it is disputed.
    DISPUTED = "disputed"
    #: A gateway collects it, or will try again by itself.
    RETRIED = "retried"
    PROMISED = "promised"
    #: What is known of the tenant's risk stops it.
    STOPPED = "stopped"
    NO_POLICY = "no_policy"
    #: No step is left.
    ENDED = "ended"


@dataclass(frozen=True)
class Debt:
    """What is open of an invoice and due on a day. ``ref`` is the invoice's id."""

    ref: int
    due: date
    amount: int
    is_disputed: bool = False
    is_retried: bool = False


@dataclass(frozen=True)
class Step:
    """A step of a policy: so many days after the oldest due day, if at least ``least``
    is overdue on at least ``least_count`` invoices.
    """

    ref: int
    after: int
    act: Act
    least: int = 0
    least_count: int = 1


@dataclass(frozen=True)
class Policy:
    """The steps of a policy in one currency. On its quiet days nothing is done:
    ``weekend`` are days of the week from 0, which is Monday.
    """

    ref: int
    steps: tuple[Step, ...]
    weekend: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()

    def is_quiet(self, day):
        """Return whether nothing is done on a day."""
        return day.weekday() in self.weekend or day in self.holidays

    def find_day(self, day):
        """Return the first day from ``day`` on that is not quiet."""
        for _turn in range(366):
            if not self.is_quiet(day):
                return day
            day += _DAY
        return day


@dataclass(frozen=True)
class Taken:
    """A step that was taken on a day, about the invoices ``refs``. ``after`` and
    ``least`` are what the policy said then.
    """

    step: int
    policy: int
    after: int
    act: Act
    day: date
    refs: frozenset[int]
    least: int = 0


@dataclass(frozen=True)
class Owed:
    """What is overdue: since when, how much, and which invoices, the oldest first."""

    oldest: date | None = None
    amount: int = 0
    refs: tuple[int, ...] = ()

    @property
    def count(self):
        """Return of how many invoices it is."""
        return len(self.refs)


@dataclass(frozen=True)
class Promise:
    """The tenant has promised to pay by a day. Until then no step is taken, and what
    was restricted is given back if ``lifts``.
    """

    until: date
    lifts: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a tenant stands on a day. ``owed`` is all that is overdue and not disputed,
    ``asked`` what of it the tenant can be asked for: no gateway is about to collect it.
    ``due`` are the steps to be taken today, and ``step`` is the next one, on
    ``next_day``.
    """

    owed: Owed = Owed()
    asked: Owed = Owed()
    disputed: int = 0
    retried: int = 0
    due: tuple[Step, ...] = ()
    step: Step | None = None
    next_day: date | None = None
    waits: Wait | None = None
    is_restricted: bool = False
    held: tuple[Taken, ...] = field(default=(), compare=False)


def find_standing(policy, debts, credit, taken, today, promise=None, is_stopped=False):
    """Return the :class:`Standing` of a tenant.

    :param policy: a :class:`Policy`, or None where nothing is done.
    :param debts: what is open of invoices, in any order, due or not.
    :param credit: what the tenant has paid, or was credited, that no invoice has used
        up. It counts against what is due first.
    :param taken: the steps that were ever taken.
    """
    overdue = sorted(
        (debt for debt in debts if debt.due < today and debt.amount > 0),
        key=lambda debt: (debt.due, debt.ref),
    )
    left = _use_up([debt for debt in overdue if not debt.is_disputed], credit)
    owed = _add_up(left)
    asked = _add_up(debt for debt in left if not debt.is_retried)
    open_refs = frozenset(owed.refs)
    held = tuple(step for step in taken if step.refs & open_refs)
    standing = Standing(
        owed=owed,
        asked=asked,
        disputed=sum(debt.amount for debt in overdue if debt.is_disputed),
        retried=owed.amount - asked.amount,
        is_restricted=_is_restricted(held, owed, today, promise),
        held=held,
    )
    return _find_steps(standing, policy, today, promise, is_stopped)


def _use_up(debts, credit):
    """Return debts, the oldest first, less credit."""
    left, credit = [], max(credit, 0)
    for debt in debts:
        used = min(credit, debt.amount)
        credit -= used
        if used < debt.amount:
            left.append(replace(debt, amount=debt.amount - used))
    return left


def _add_up(debts):
    debts = list(debts)
    return Owed(
        oldest=debts[0].due if debts else None,
        amount=sum(debt.amount for debt in debts),
        refs=tuple(dict.fromkeys(debt.ref for debt in debts)),
    )


def _is_restricted(held, owed, today, promise):
    """Return whether a step has restricted the tenant for what it still owes."""
    if promise and promise.lifts and promise.until >= today:
        return False
    return any(
        step.act == Act.RESTRICT and owed.amount >= max(step.least, 1) for step in held
    )


def _find_steps(standing, policy, today, promise, is_stopped):
    """Return a standing with the steps that are due, and the next one."""
    if not standing.owed.amount:
        waits = Wait.DISPUTED if standing.disputed else None
        return replace(standing, waits=waits)
    if not policy or not policy.steps:
        return replace(standing, waits=Wait.NO_POLICY)
    if is_stopped:
        return replace(standing, waits=Wait.STOPPED)
    if not standing.asked.amount:
        return replace(standing, waits=Wait.RETRIED)
    is_promised = bool(promise and promise.until >= today)
    first = policy.find_day(promise.until + _DAY if is_promised else today)
    due, last, asked = [], _find_last(standing.held), standing.asked
    for step in _find_following(policy, standing.held, last):
        if asked.amount < step.least or asked.count < step.least_count:
            continue
        day = asked.oldest + step.after * _DAY
        if last:
            day = max(day, last.day + (step.after - last.after) * _DAY)
        day = policy.find_day(max(day, first))
        if day > today:
            waits = Wait.PROMISED if is_promised else None
            return replace(
                standing, due=tuple(due), step=step, next_day=day, waits=waits
            )
        due.append(step)
        last = Taken(step.ref, policy.ref, step.after, step.act, today, frozenset())
    return replace(standing, due=tuple(due), waits=Wait.ENDED)


def _find_last(held):
    """Return how far a tenant was brought for what it still owes; None: nowhere."""
    return max(held, key=lambda step: (step.after, step.day, step.step), default=None)


def _find_following(policy, held, last):
    """Return the steps that come after the last one, in order. Nobody goes back to a
    step that was left out; of several for the same day each is taken.
    """
    done = {step.step for step in held}
    return [
        step
        for step in sorted(policy.steps, key=lambda step: (step.after, step.ref))
        if last is None
        or step.after > last.after
        or (
            step.after == last.after
            and last.policy == policy.ref
            and step.ref not in done
        )
    ]
