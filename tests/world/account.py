"""One customer's account at Stripe: what Stripe does to its objects, by Stripe's rules,
and the events that it sends of it.
"""

import copy

from . import objects
from .money import DAY, Money

#: 2 November 2026, 10:00 in UTC.
BEGIN = 1793613600


class Account(Money):
    """Objects by id, as they are now, and the webhooks that were sent so far.

    :param int number: tells this customer's ids from those of all others.
    :param chance: what decides all that Stripe or people may decide.
    """

    def __init__(self, number, currency, chance):
        self.number, self.currency, self.chance = number, currency, chance
        self.step = objects.STEPS[currency]
        self.now = BEGIN
        self.balance = 0
        self.objects, self.events = {}, []
        self._count = 0
        self.customer = self.new_id("cus")
        customer = {"id": self.customer, "object": "customer"}
        self.add(customer)
        self.send("customer.created", customer)

    # -- what all do --------------------------------------------------------------

    def new_id(self, prefix):
        """Return an id that :mod:`..support.copies` can tell whose it is."""
        self._count += 1
        return f"{prefix}_W{self._count}copy{self.number}z"

    def common(self):
        """Return what most objects have in common when they are made."""
        return {
            "currency": self.currency,
            "customer": self.customer,
            "created": self.now,
        }

    def add(self, data):
        self.objects[data["id"]] = data
        return data

    def find(self, kind, **values):
        """Return the objects of a kind whose keys have these values."""
        return [
            data
            for data in self.objects.values()
            if data["object"] == kind
            and all(data.get(key) == value for key, value in values.items())
        ]

    def find_parts(self, invoice=None, charge=None):
        """Return what still pays an invoice, or what a charge still pays."""
        return [
            part
            for part in self.find("invoice_payment", status="paid")
            if (not invoice or part["invoice"] == invoice["id"])
            and (
                not charge
                or part["payment"]["payment_intent"] == charge["payment_intent"]
            )
        ]

    def wait(self):
        """Let up to two days pass; the moment is never near midnight in UTC."""
        self.now += DAY * self.chance.choice([0, 1, 1, 2]) + 60

    def send(self, event_type, data, previous=None, later=0):
        """Send a snapshot of an object."""
        body = {"object": copy.deepcopy(data)}
        if previous is not None:
            body["previous_attributes"] = previous
        self.events.append(
            {
                "id": self.new_id("evt"),
                "object": "event",
                "type": event_type,
                "api_version": "2026-10-28.endive",
                "created": self.now + later,
                "livemode": False,
                "data": body,
            }
        )

    # -- documents ----------------------------------------------------------------

    def give_credit(self, amount):
        """A person gives credit, which no webhook tells of."""
        self.balance -= amount
        self.add(
            {
                "id": self.new_id("cbtxn"),
                "object": "customer_balance_transaction",
                "type": "adjustment",
                "amount": -amount,
                **self.common(),
            }
        )

    def finalize(self, lines, shipping=None):
        new = self.new_id("in")
        invoice = self.add(
            objects.make_invoice(new, lines, self.balance, self.common(), shipping)
        )
        self.balance = invoice["ending_balance"]
        self.send("invoice.finalized", invoice)
        if invoice["status"] == "paid":
            self.send("invoice.paid", invoice)
        return invoice

    def tell_invoice(self, invoice, event_type="invoice.updated"):
        """Bring an invoice to the state that its amounts come to, and tell of it."""
        notes, state = invoice["pre_payment_credit_notes_amount"], invoice["status"]
        due = max(invoice["starting_balance"] + invoice["total"], 0) - notes
        paid = invoice["amount_paid"] - invoice["amount_overpaid"]
        invoice["amount_due"], invoice["amount_remaining"] = due, due - paid
        transitions = invoice["status_transitions"]
        if invoice["status"] in ("open", "uncollectible") and due == paid:
            invoice["status"], transitions["paid_at"] = "paid", self.now
            event_type = "invoice.paid"
        elif invoice["status"] == "paid" and due > paid:
            invoice["status"], transitions["paid_at"] = "open", None
        # Not every change is sent: of what else tells of it, there may be no snapshot.
        is_known = event_type == "invoice.updated" and invoice["status"] == state
        if not is_known or self.chance.random() < 0.5:
            self.send(event_type, invoice)

    def end_invoice(self, invoice, status):
        """Void an invoice, which gives back the credit that paid it, or give it up."""
        key = {"void": "voided", "uncollectible": "marked_uncollectible"}[status]
        invoice["status"] = status
        invoice["status_transitions"][f"{key}_at"] = self.now
        if status == "void":
            self.balance += invoice["starting_balance"] - invoice["ending_balance"]
        self.send(f"invoice.{key}", invoice)

    def credit(self, invoice, lines, parts, shipping=None):
        """Issue a credit note; see :func:`.objects.make_credit_note` for its parts."""
        before, _refund, refunded, to_balance = parts
        note = self.add(
            objects.make_credit_note(
                self.new_id("cn"), invoice, lines, parts, self.common(), shipping
            )
        )
        self.balance -= to_balance
        invoice["pre_payment_credit_notes_amount"] += before
        invoice["post_payment_credit_notes_amount"] += refunded + to_balance
        self.send("credit_note.created", note)
        self.tell_invoice(invoice)

    def void_credit_note(self, note):
        invoice = self.objects[note["invoice"]]
        note["status"], note["voided_at"] = "void", self.now
        invoice["pre_payment_credit_notes_amount"] -= note["pre_payment_amount"]
        self.send("credit_note.voided", note)
        self.tell_invoice(invoice)
