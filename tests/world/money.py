"""Money at Stripe: what comes in, what it pays, what goes back, and what of it is
disputed or sent to the bank.
"""

from . import objects

DAY = 86400


class Money:
    """The part of an account that moves money. Each movement changes the balance."""

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
        # What was told after midnight comes off later still.
        paid_at = part["status_transitions"]["paid_at"]
        self.now = max(self.now, paid_at + 60)
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
                "arrival_date": self.now - self.now % DAY,
                **self.common(),
            }
        )
        movement = self.move_money("payout", -amount, payout)
        for data in [*moved, movement]:
            data["_payout"] = payout["id"]
        self.send("payout.paid", payout)
