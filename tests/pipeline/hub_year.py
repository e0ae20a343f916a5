"""A customer's year as three systems tell it: who issues the invoices, who takes the
money, and the product, which knows whose part the customer is.
"""

from ...canonical import facts
from ..payments.linked_year import LinkedYear
from ..payments.two_sources import moment

_MONTH = 28


class HubYear(LinkedYear):
    """A year of a customer that belongs to a group, which pays some of its invoices."""

    def tell(self):
        """Return all that happened in the year."""
        super().tell()
        case = self.case
        group = {
            "name": f"Northlight Group {self.mark}",
            "email": f"group{self.mark}@northlight.example",
        }
        self.add("product", case.customer(self.ref("pg"), **group))
        self.add("gateway", case.customer(self.ref("gg"), **group))
        self.add("product", self._customer(""))
        self.add("product", self._customer("pg"))
        for month, state in enumerate(("trialing", "active", "past_due", "active")):
            self._subscription(month, state)
            self.add("product", self._usage(month, "1250"), self._usage(month, "-0.5"))
        self._pay_by_group("g1", 0)
        self._pay_by_group("g2", _MONTH)
        self._give_up_and_group_pays("g3", 2 * _MONTH)
        return self.events

    def _customer(self, parent):
        """Return the product's customer: as a part of nothing, and of the group."""
        return facts.Customer(
            external_id=self.ref("pc"),
            customer=self.ref("pc"),
            version="2" if parent else "1",
            parent=self.ref(parent) if parent else None,
            **self._person,
        )

    def _subscription(self, month, state):
        at = moment(month * _MONTH)
        self.add(
            "product",
            facts.Subscription(
                external_id=self.ref("s"),
                customer=self.ref("pc"),
                version=f"{month}",
                state=state,
                currency="USD",
                period_start=at,
                period_end=moment((month + 1) * _MONTH),
            ),
        )

    def _usage(self, month, quantity):
        record = facts.UsageRecord(
            external_id=self.ref(f"u{month}{quantity}"),
            customer=self.ref("pc"),
            meter="calls",
            quantity=quantity,
            # What was metered is over by now, whenever the year is told.
            occurred_at=moment(month),
            subscription=self.ref("s"),
        )
        return facts.Usage(external_id=record.external_id, records=(record,))

    def _pay_by_group(self, name, day):
        self.invoice(name, day, issued=day)
        self._group_pays(name, day + 2)
        self.invoice(name, day + 2, "paid", issued=day)

    def _give_up_and_group_pays(self, name, day):
        self.invoice(name, day, issued=day)
        self.invoice(name, day + 9, "uncollectible", issued=day)
        self._group_pays(name, day + 12)
        self.invoice(name, day + 12, "paid", issued=day)

    def _group_pays(self, name, day):
        self.add(
            "gateway",
            self.case.payment(
                self.ref(f"ch{name}"),
                11900,
                day,
                customer=self.ref("gg"),
                document_links=self.by_id(name),
            ),
        )
