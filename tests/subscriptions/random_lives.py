"""Random lives of subscriptions, as a platform tells them."""

from datetime import UTC, datetime, timedelta

from ..standard.common import write_event

_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
_KINDS = (
    *("changed",) * 4,
    *("paused", "resumed", "paused", "resumed"),
    *("trial_ended", "renewed", "canceled", "withdrawn", "amended"),
)


class Teller:
    """Tells the life of one subscription, and of those that go on as it.

    :param chance: a generator of random numbers.
    :param number: of the life: whose it is, and what its events are called.
    """

    def __init__(self, chance, number):
        self.chance = chance
        self.number = number
        self.customer = f"C-{number}"
        self.part = f"S-{number}"
        self.events = []

    def tell(self):
        """Return the events of a life, in the order in which they were known."""
        if self.chance.random() < 0.3:
            self._add("contract.won", 0, self._sell())
        start = self._choose(1, 40)
        data = self._hold()
        if self.chance.random() < 0.4:
            data["trial_end"] = self._moment(start + self._choose(5, 60))
        if self.chance.random() < 0.4:
            data["term"] = {
                "months": self._choose(1, 12),
                "auto_renew": self.chance.random() < 0.6,
                "notice_days": 30,
            }
        self._change("activated", start, start, **data)
        for _event in range(self._choose(0, 8)):
            self._go_on()
        return self.events

    def _go_on(self):
        kind, known = self.chance.choice(_KINDS), self._choose(2, 300)
        moment = self.chance.choice((known, known, self._choose(1, 360)))
        if kind == "withdrawn":
            event = self.chance.choice(self.events)
            if event["type"] != "contract.won":
                name = {"event": event["id"]}
                self._change("change_withdrawn", known, None, **name)
        elif kind == "amended":
            self._amend(known, moment)
        elif kind == "changed":
            self._change(kind, known, moment, **self._hold())
        elif kind == "renewed":
            term = {"months": self._choose(0, 12), "auto_renew": bool(known % 2)}
            self._change(kind, known, moment, term=term)
        elif kind == "canceled":
            self._change(kind, known, moment, at_period_end=bool(known % 2))
        else:
            self._change(kind, known, moment)

    def _amend(self, known, moment):
        """Tell an amendment as the end of one and the beginning of another."""
        self._change("canceled", known, moment)
        old, self.part = self.part, f"{self.part}+"
        self._change("activated", known, moment, replaces=old, **self._hold())

    def _sell(self):
        return {
            "id": f"D-{self.number}",
            "customer": self.customer,
            "won_at": self._moment(0),
            "subscription": self.part,
            **self._hold(),
        }

    def _hold(self):
        seats = {"component": "seats", "quantity": str(self._choose(1, 9))}
        plan = self.chance.choice(("team", "team", "firm"))
        return {"plan": plan, "currency": "USD", "items": [seats]}

    def _change(self, what, known, moment, **data):
        data = {"id": self.part, "customer": self.customer, **data}
        if moment is not None:
            data["effective_at"] = self._moment(moment)
        self._add(f"subscription.{what}", known, data)

    def _add(self, event_type, known, data):
        # No two are known at one moment.
        moment = _YEAR + timedelta(days=known, seconds=len(self.events))
        self.events.append(
            write_event(
                event_type,
                data,
                "1",
                id=f"L{self.number}-{len(self.events)}",
                time=moment.isoformat(),
            )
        )

    def _choose(self, least, most):
        return self.chance.randint(least, most)

    def _moment(self, day):
        return (_YEAR + timedelta(days=day)).isoformat()
