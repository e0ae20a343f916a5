from dataclasses import dataclass, field, replace
from datetime import timedelta

from odoo import models

from ..canonical.catalogue.terms import ComponentKind
from ..canonical.errors import Quarantine
from ..canonical.moments import aware
from ..canonical.subscriptions import difference
from ..canonical.subscriptions.lifecycle import State
from ..canonical.subscriptions.outlook import hold
from ..canonical.subscriptions.period import Period
from ..canonical.subscriptions.share import Ruler
from ..canonical.subscriptions.target import find_targets
from .line import ChargeLine


class SaasBillingTarget(models.AbstractModel):
    """Finds what is to be billed: what each period of each component should cost, less
    what is booked of it. It writes nothing, so a preview and a run share it.
    """

    _name = "saas.billing.target"
    _description = "SaaS billing target"

    def _find_lines(self, subscriptions, cutoff):
        """Return what is to be billed of subscriptions, a :class:`Found`.

        :param cutoff: an aware instant: what is due by then.
        """
        lives = {
            subscription: hold(known.life)
            for subscription, known in subscriptions._read_known().items()
        }
        rates = self.env["saas.billing.rates"]._read(subscriptions, lives)
        booked = self.env["saas.billing.booked"]._read(subscriptions)
        usage, found = [], Found()
        for subscription in subscriptions:
            try:
                parts = self._find_targets(subscription, lives, rates, booked, cutoff)
            except Quarantine as error:
                found.failed[subscription] = error
                continue
            for part in parts:
                if part.is_usage:
                    usage.append(part)
                else:
                    found.lines += self._differ(part, cutoff)
            found.nexts[subscription] = _find_next(lives[subscription], parts, cutoff)
        found.lines += self.env["saas.billing.usage"]._find_lines(usage, cutoff)
        found.lines = [*_number(found.lines, booked)]
        return found

    def _find_targets(self, subscription, lives, rates, booked, cutoff):
        """Return the components of a subscription, each as a :class:`Part`.

        :raises Quarantine: if a price is missing.
        """
        life = lives[subscription]
        return [
            Part(
                subscription,
                component,
                [
                    *find_targets(
                        life,
                        rates.get_spec(subscription, component),
                        rates.get_finder(subscription, component),
                        cutoff,
                        aware(subscription.recompute_from),
                    )
                ],
                booked.get((subscription.id, component.id), {}),
            )
            for component in rates.get_components(life)
        ]

    def _differ(self, part, cutoff):
        """Yield the lines of one component."""
        policy = part.subscription.tenant_id.amendment_policy
        tell = difference.replace if policy == "replace" else difference.differ
        for period, (target, rows) in part.find_due(cutoff).items():
            ruler = target.ruler if target else self._make_ruler(part.component, period)
            booked = [row.as_booked(ruler) for row in rows]
            for line in tell(target.layers if target else (), booked, ruler):
                yield ChargeLine(
                    part.subscription,
                    part.component,
                    *period,
                    ruler.moment(line.layer.start),
                    ruler.moment(line.layer.end),
                    line.layer.rate,
                    line.layer.rate.quantity,
                    line.amount,
                    line.is_credit,
                    line.layer.full,
                    is_correction=bool(rows),
                )

    def _make_ruler(self, component, period):
        """Return the ruler of a period that is booked."""
        start, end, zone = period
        return Ruler(Period(start, end, start, end), component.proration, zone)


@dataclass
class Found:
    """What is to be billed: ``lines`` are :class:`~.line.ChargeLine`; ``failed`` says
    why subscriptions can't be billed, an error by subscription; and ``nexts`` when the
    others are to be looked at again: an aware instant, or None if nothing will come.
    """

    lines: list = field(default_factory=list)
    failed: dict = field(default_factory=dict)
    nexts: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A component of a subscription: the targets of its periods, and ``known``, what is
    booked of it by period.
    """

    subscription: object
    component: object
    targets: list
    known: dict

    @property
    def is_usage(self):
        """Return whether it is billed by what was used."""
        return self.component.kind == ComponentKind.USAGE

    @property
    def grace(self):
        """Return how long its meter waits for what comes late."""
        return timedelta(hours=self.component.meter_id.grace_hours)

    def find_due(self, cutoff):
        """Return by period the target that may be billed and the rows that are booked
        of it; no target for a period that is none any more.
        """
        due = {period: (None, rows) for period, rows in self.known.items()}
        for target in self.targets:
            if target.due_at is None or target.due_at <= cutoff - self.grace:
                due[target.key] = (target, self.known.get(target.key, ()))
            else:
                due.pop(target.key, None)
        return due


def _find_next(life, parts, cutoff):
    """Return when more of a life may have to be billed: when a period may be billed or
    the next one begins, or when something changes that is known already.
    """
    moments = [segment.start for segment in life]
    for part in parts:
        moments += [t.due_at + part.grace for t in part.targets if t.due_at]
        for target in part.targets[-1:]:
            end = target.period.end
            if life[-1].state != State.CANCELED or life[-1].start > end:
                moments.append(end)
    return min((moment for moment in moments if moment > cutoff), default=None)


def _number(lines, booked):
    """Yield lines with how often their period is billed by them, and which line of that
    time each is.
    """
    sequences, numbers = {}, {}
    for (subscription, component), periods in booked.items():
        for (start, end, _zone), rows in periods.items():
            key = subscription, component, start, end
            newest = max(row.sequence for row in rows)
            sequences[key] = max(sequences.get(key, 0), newest)
    for line in lines:
        start, end, _zone = line.period
        key = line.subscription.id, line.component.id, start, end
        numbers[key] = numbers.get(key, 0) + 1
        sequence = sequences.get(key, 0) + 1
        yield replace(line, sequence=sequence, number=numbers[key])
