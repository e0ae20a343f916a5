"""One customer's account at Stripe: what Stripe does to its objects, by Stripe's rules,
and the events that it sends of it.
"""

import copy

from . import objects

#: 2 November 2026, 10:00 in UTC.
BEGIN = 1793613600
_DAY = 86400


class Account:
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
        self.now += _DAY * self.chance.choice([0, 1, 1, 2]) + 60

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

    def move_money(self, category, amount, data, fee=0):
        """Return the movement of Stripe's balance that an object makes."""
        source = {
            "id": data["id"],
            "object": data["object"],
            "payment_intent": data.get("payment_intent"),
        }
        new = self.new_id("txn")
        return self.add(
            objects.make_movement(new, category, amount, fee, source, self.common())
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

    def finalize(self, lines):
        new = self.new_id("in")
        invoice = self.add(
            objects.make_invoice(new, lines, self.balance, self.common())
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

    def credit(self, invoice, lines, parts):
        """Issue a credit note; see :func:`.objects.make_credit_note` for its parts."""
        before, _refund, refunded, to_balance = parts
        note = self.add(
            objects.make_credit_note(
                self.new_id("cn"), invoice, lines, parts, self.common()
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

    # -- money --------------------------------------------------------------------

    def charge(self, amount, intent=None):
        """Get money from the customer."""
        charge = {
            "id": self.new_id("ch"),
            "object": "charge",
            "payment_intent": intent or self.new_id("pi"),
        }
        fee = self.step * self.chance.choice([0, 3, 30])
        movement = self.move_money("charge", amount, charge, fee)
        charge = self.add(
            objects.make_charge(
                charge["id"], charge["payment_intent"], amount, movement, self.common()
            )
        )
        self.send("charge.succeeded", charge)
        return charge

    def allocate(self, charge, invoice, amount, later=0):
        """Have a charge pay so much of an invoice. What is too much becomes the
        customer's credit.
        """
        over = max(amount - invoice["amount_remaining"], 0)
        part = self.add(
            objects.make_part(
                self.new_id("inpay"),
                invoice,
                charge,
                amount,
                self.now + later,
                self.common(),
            )
        )
        invoice["amount_paid"] += amount
        invoice["amount_overpaid"] += over
        self.balance -= over
        self.send("invoice_payment.paid", part, later=later)
        self.tell_invoice(invoice)

    def release(self, part, event_type="invoice_payment.detached"):
        """Take a payment off its invoice, which is due again."""
        invoice = self.objects[part["invoice"]]
        part["status"] = "canceled"
        part["status_transitions"]["canceled_at"] = self.now
        invoice["amount_paid"] -= part["amount_paid"]
        self.send(event_type, part)
        self.tell_invoice(invoice)

    def fail(self, charge):
        """Have a debit fail that had succeeded."""
        movement = self.move_money("charge_failure", -charge["amount"], charge)
        charge["status"] = "failed"
        charge["failure_balance_transaction"] = movement["id"]
        self.send("charge.failed", charge)
        for part in self.find_parts(charge=charge):
            self.release(part, "invoice_payment.canceled")

    def refund(self, charge, amount, leaves=True):
        refund = {"id": self.new_id("re"), "object": "refund"}
        refund["payment_intent"] = charge["payment_intent"]
        movement = leaves and self.move_money("refund", -amount, refund)
        refund = self.add(
            objects.make_refund(
                refund["id"], charge, amount, movement or None, self.common()
            )
        )
        charge["amount_refunded"] += amount
        self.send("refund.created", refund)
        return refund

    def let_leave(self, refund):
        movement = self.move_money("refund", -refund["amount"], refund)
        refund["status"] = "succeeded"
        refund["balance_transaction"] = movement["id"]
        previous = {"balance_transaction": None, "status": "pending"}
        self.send("refund.updated", refund, previous)

    def end_refund(self, refund):
        """Have a refund come back, or be canceled if it has not left."""
        charge = self.objects[refund["charge"]]
        charge["amount_refunded"] -= refund["amount"]
        if not refund["balance_transaction"]:
            refund["status"] = "canceled"
            self.send("refund.updated", refund, {"status": "pending"})
            return
        movement = self.move_money("refund_failure", refund["amount"], refund)
        refund["status"] = "failed"
        refund["failure_balance_transaction"] = movement["id"]
        self.send("refund.failed", refund)

    def dispute(self, charge):
        dispute = {"id": self.new_id("dp"), "object": "dispute"}
        amount = charge["amount"] - charge["amount_refunded"]
        movement = self.move_money("dispute", -amount, dispute, 15 * self.step)
        dispute = self.add(
            objects.make_dispute(dispute["id"], charge, amount, movement, self.common())
        )
        self.send("charge.dispute.created", dispute)
        self.send("charge.dispute.funds_withdrawn", dispute)

    def decide(self, dispute, status):
        dispute["status"] = status
        if status == "won":
            back = self.move_money("dispute_reversal", dispute["amount"], dispute)
            dispute["balance_transactions"].append(back)
            self.send("charge.dispute.funds_reinstated", dispute)
        self.send("charge.dispute.closed", dispute)

    def pay_out(self):
        """Send all that the balance holds to the bank; nothing if it is overdrawn."""
        moved = [
            data
            for data in self.find("balance_transaction")
            if not data.get("_payout") and data["reporting_category"] != "payout"
        ]
        amount = sum(data["net"] for data in moved)
        if amount <= 0:
            return
        payout = self.add(
            {
                "id": self.new_id("po"),
                "object": "payout",
                "amount": amount,
                "status": "paid",
                "automatic": True,
                "arrival_date": self.now - self.now % _DAY,
                **self.common(),
            }
        )
        movement = self.move_money("payout", -amount, payout)
        for data in [*moved, movement]:
            data["_payout"] = payout["id"]
        self.send("payout.paid", payout)
