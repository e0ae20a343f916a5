"""A customer's year as a platform and a gateway tell it: who issues the invoices, and
who takes the money. Each month has a fate of its own.
"""

from ...canonical import facts
from .two_sources import moment

_MONTH = 28


class LinkedYear:
    """The events of one customer's year, ``(source, facts)`` each, as they happened.

    :param case: a test with the facts of two sources.
    :param number: the customer's; it is in all ids and names.
    :param share: 0, 1 or 2: which third of the fates is left out.
    """

    def __init__(self, case, number, share):
        self.case = case
        self.fates = [f for n, f in enumerate(_FATES) if n % 3 != share]
        self.mark = f"copy{number}z"
        self.events = []
        self._person = {
            "name": f"Northlight {self.mark}",
            "email": f"books{self.mark}@northlight.example",
        }
        self.party = facts.Customer(
            external_id=self.ref("c"), customer=self.ref("c"), stub=True, **self._person
        )

    def ref(self, name):
        return f"{name}{self.mark}"

    def tell(self):
        """Return all that happened in the year."""
        case = self.case
        self.add("platform", case.customer(self.ref("c"), **self._person))
        self.add("gateway", case.customer(self.ref("gc"), **self._person))
        for month, fate in enumerate(self.fates):
            fate(self, f"{month}", month * _MONTH)
        return self.events

    def add(self, source, *told):
        self.events.append((source, told))

    # -- what happens -------------------------------------------------------------

    def invoice(self, name, day, state="open", **vals):
        at = {"paid": "paid_at", "void": "voided_at", "uncollectible": "written_off_at"}
        if state in at:
            vals[at[state]] = moment(day)
        if state == "uncollectible":
            vals.setdefault("written_off", 11900)
        issued = vals.pop("issued", 0)
        self.add(
            "platform",
            self.case.invoice(
                self.ref(f"in{name}"),
                customer=self.ref("c"),
                party=self.party,
                state=state,
                day=day,
                issued_at=moment(issued),
                **vals,
            ),
        )

    def money(self, name, amount, day, **vals):
        self.add(
            "gateway",
            self.case.payment(
                self.ref(f"ch{name}"), amount, day, customer=self.ref("gc"), **vals
            ),
        )

    def by_id(self, name):
        return self.case.by_id(self.ref(f"in{name}"))

    def mirror(self, name, amount, day, invoice=None, system="stripe"):
        """Let the platform tell of money, with the gateway's id of it."""
        self.add(
            "platform",
            self.case.payment(
                self.ref(f"tx{name}"),
                amount,
                day,
                customer=self.ref("c"),
                invoices=(self.ref(f"in{invoice or name}"),),
                gateway_ref=facts.GatewayRef(
                    system=system, external_id=self.ref(f"ch{name}")
                ),
            ),
        )

    def fail(self, source, name, amount, day):
        self.add(source, self.case.failure(self.ref(name), amount, day))

    def credit(self, name, net, day, **vals):
        self.add(
            "platform",
            self.case.credit_note(
                self.ref(f"cn{name}"), self.ref(f"in{name}"), net, day, **vals
            ),
        )

    def refund(self, source, name, payment, amount, day, **vals):
        self.add(
            source,
            self.case.refund(self.ref(name), self.ref(payment), amount, day, **vals),
        )

    # -- fates ------------------------------------------------------------------------

    def pay_by_id(self, name, day):
        self.invoice(name, day, issued=day)
        self.money(name, 11900, day + 2, document_links=self.by_id(name))
        self.invoice(name, day + 2, "paid", issued=day)

    def pay_by_number(self, name, day):
        self.invoice(name, day, issued=day)
        number = f"N-{self.ref(f'in{name}')}"
        links = (facts.DocumentLink(by="number", value=number),)
        self.money(name, 11900, day + 2, document_links=links)
        self.invoice(name, day + 2, "paid", issued=day)

    def pay_told_twice(self, name, day):
        self.invoice(name, day, issued=day)
        self.money(name, 11900, day + 2)
        self.mirror(name, 11900, day + 2)
        self.invoice(name, day + 2, "paid", issued=day)

    def pay_told_thrice(self, name, day):
        """Both say what it is for."""
        self.invoice(name, day, issued=day)
        self.money(name, 11900, day + 2, document_links=self.by_id(name))
        self.mirror(name, 11900, day + 2)
        self.invoice(name, day + 2, "paid", issued=day)

    def pay_parts(self, name, day):
        self.invoice(name, day, issued=day)
        self.money(f"{name}a", 4000, day + 2, document_links=self.by_id(name))
        self.money(f"{name}b", 5000, day + 4)
        self.mirror(f"{name}b", 5000, day + 4, name)

    def fail_and_pay(self, name, day):
        self.invoice(name, day, issued=day)
        self.money(f"{name}a", 11900, day + 2, document_links=self.by_id(name))
        self.fail("gateway", f"ch{name}a", 11900, day + 6)
        self.money(f"{name}b", 11900, day + 8, document_links=self.by_id(name))
        self.invoice(name, day + 8, "paid", issued=day)

    def fail_told_twice(self, name, day):
        self.invoice(name, day, issued=day)
        self.money(f"{name}a", 11900, day + 2)
        self.mirror(f"{name}a", 11900, day + 2, name)
        self.fail("gateway", f"ch{name}a", 11900, day + 6)
        self.fail("platform", f"tx{name}a", 11900, day + 6)
        self.money(f"{name}b", 11900, day + 8)
        self.mirror(f"{name}b", 11900, day + 8, name)

    def credit_and_pay(self, name, day):
        self.invoice(name, day, issued=day)
        self.credit(name, 3000, day + 1, to_invoice=3570)
        self.money(name, 8330, day + 2, document_links=self.by_id(name))
        self.invoice(name, day + 2, "paid", issued=day)

    def void(self, name, day):
        self.invoice(name, day, issued=day)
        self.invoice(name, day + 3, "void", issued=day)

    def give_up(self, name, day):
        self.invoice(name, day, issued=day)
        self.invoice(name, day + 9, "uncollectible", issued=day)

    def give_up_and_pay(self, name, day):
        self.invoice(name, day, issued=day)
        self.invoice(name, day + 9, "uncollectible", issued=day)
        self.money(name, 11900, day + 12, document_links=self.by_id(name))
        self.invoice(name, day + 12, "paid", issued=day)

    def refund_told_twice(self, name, day):
        self.pay_told_twice(name, day)
        self.refund("gateway", f"re{name}", f"ch{name}", 5950, day + 9)
        self.refund(
            "platform",
            f"rt{name}",
            f"tx{name}",
            5950,
            day + 9,
            gateway_ref=facts.GatewayRef(
                system="stripe", external_id=self.ref(f"re{name}")
            ),
        )
        refund = facts.CreditRefund(external_id=self.ref(f"rt{name}"), amount=5950)
        self.credit(name, 5000, day + 9, refunds=(refund,))

    def refund_by_id(self, name, day):
        self.pay_by_id(name, day)
        links = self.case.by_id(self.ref(f"cn{name}"), kind="credit_note")
        self.refund(
            "gateway", f"re{name}", f"ch{name}", 11900, day + 9, document_links=links
        )
        self.credit(name, 10000, day + 9)

    def fail_and_give_up(self, name, day):
        self.invoice(name, day, issued=day)
        self.money(name, 11900, day + 2)
        self.mirror(name, 11900, day + 2)
        self.fail("gateway", f"ch{name}", 11900, day + 6)
        self.invoice(name, day + 9, "uncollectible", issued=day)

    def pay_elsewhere(self, name, day):
        """A gateway that is no source here."""
        self.invoice(name, day, issued=day)
        self.mirror(name, 11900, day + 2, system="till")
        self.invoice(name, day + 2, "paid", issued=day)


_FATES = (
    LinkedYear.pay_by_id,
    LinkedYear.pay_by_number,
    LinkedYear.pay_told_twice,
    LinkedYear.pay_told_thrice,
    LinkedYear.pay_parts,
    LinkedYear.fail_and_pay,
    LinkedYear.fail_told_twice,
    LinkedYear.credit_and_pay,
    LinkedYear.void,
    LinkedYear.give_up,
    LinkedYear.give_up_and_pay,
    LinkedYear.refund_told_twice,
    LinkedYear.refund_by_id,
    LinkedYear.fail_and_give_up,
    LinkedYear.pay_elsewhere,
)
