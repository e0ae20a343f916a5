"""Stripe's events of a random story, in the newest shape."""

API_VERSION = "2026-10-28.endive"
FINALIZED = 1793613600
_DAY = 86400


class EventWriter:
    """Writes events of a ``story`` into ``events``, each a ``day`` after the invoice
    was finalized.
    """

    def __init__(self, story, events):
        self.story = story
        self.events = events

    def send(self, event_type, data, day):
        count = len(self.events) + 1
        self.events.append(
            {
                "id": f"evt_P{count}",
                "object": "event",
                "type": event_type,
                "api_version": API_VERSION,
                "created": FINALIZED + day * _DAY + count,
                "livemode": False,
                "data": {"object": data},
            }
        )

    def send_invoice(self, name, status, day, *, remaining, overpaid=0, lost=False):
        story = self.story
        moment = FINALIZED + day * _DAY
        self.send(
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

    def send_payment(self, name, amount, day):
        self.send(
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

    def send_refund(self, amount, day):
        self.send(
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

    def send_credit_note(self, lines, settled, refunded, to_balance, status="issued"):
        amount = settled + refunded + to_balance
        kind = "mixed" if settled and amount > settled else "pre_payment"
        refund = {"type": "refund", "refund": "re_P1", "amount_refunded": refunded}
        self.send(
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
