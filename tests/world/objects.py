"""The objects of an account at Stripe, in its newest shape, as plain dictionaries that
the world changes in place. https://docs.stripe.com/api
"""

from collections import Counter

RATES = {"txr_19": 190, "txr_7": 70, "txr_05": 5, "txr_0": 0}
#: Of how many minor units amounts are multiples, and how many decimals they have.
STEPS = {"usd": 1, "eur": 1, "jpy": 1, "kwd": 10}
EXPONENTS = {"usd": 2, "eur": 2, "jpy": 0, "kwd": 3}


def make_line(line_id, amount, discount, rates, step, **keys):
    """Return a line of a document: the taxes of ``rates`` are on what the discount
    leaves.
    """
    net = amount - discount
    return {
        "id": line_id,
        "description": "Line",
        "amount": amount,
        "quantity": 1,
        "discount_amounts": [{"amount": discount}] if discount else [],
        "taxes": [
            {
                "amount": round_to(net * RATES[rate], 1000, step),
                "tax_behavior": "exclusive",
                "tax_rate_details": {"tax_rate": rate},
            }
            for rate in rates
        ],
        **keys,
    }


def make_shipping(amount, rate, step, tells_taxes):
    """Return the shipping at the head of a document. Its taxes come only where they
    were asked for.
    """
    tax = round_to(amount * RATES[rate], 1000, step)
    listed = [{"amount": tax, "rate": rate, "taxable_amount": amount}]
    return {
        "shipping_rate": "shr_1",
        "amount_subtotal": amount,
        "amount_tax": tax,
        "amount_total": amount + tax,
        **({"taxes": listed} if tells_taxes else {}),
        "_rate": rate,
    }


def make_head(lines, shipping):
    """Return the keys of a document's head: shipping, and the taxes by rate."""
    taxes = [tax for line in lines for tax in line["taxes"]]
    sums = Counter()
    for tax in taxes:
        sums[tax["tax_rate_details"]["tax_rate"]] += tax["amount"]
    if shipping:
        sums[shipping["_rate"]] += shipping["amount_tax"]
    return {
        "shipping_cost": shipping,
        "total_taxes": [
            {
                "amount": amount,
                "tax_behavior": "exclusive",
                "tax_rate_details": {"tax_rate": rate},
            }
            for rate, amount in sums.items()
        ],
    }


def get_shipping(shipping):
    """Return what shipping comes to with its tax; it may be None."""
    return shipping["amount_total"] if shipping else 0


def get_net(line):
    return line["amount"] - sum(part["amount"] for part in line["discount_amounts"])


def get_tax(line):
    return sum(tax["amount"] for tax in line["taxes"])


def get_total(lines):
    return sum(get_net(line) + get_tax(line) for line in lines)


def make_invoice(invoice_id, lines, balance, common, shipping=None):
    """Return an invoice that was just finalised, while ``balance`` was the customer's:
    credit, which is below zero, pays it as far as it goes.
    """
    total = get_total(lines) + get_shipping(shipping)
    ending = min(balance + total, 0)
    due = max(balance + total, 0)
    now = common["created"]
    return {
        "id": invoice_id,
        "object": "invoice",
        "status": "open" if due else "paid",
        "customer_name": f"Nordlicht {common['customer']}",
        "number": invoice_id.upper(),
        "total": total,
        "starting_balance": balance,
        "ending_balance": ending,
        "amount_due": due,
        "amount_paid": 0,
        "amount_remaining": due,
        "amount_overpaid": 0,
        "pre_payment_credit_notes_amount": 0,
        "post_payment_credit_notes_amount": 0,
        "status_transitions": {
            "finalized_at": now,
            "paid_at": None if due else now,
            "voided_at": None,
            "marked_uncollectible_at": None,
        },
        "lines": {"data": lines, "has_more": False},
        **make_head(lines, shipping),
        **common,
    }


def make_charge(charge_id, intent, amount, movement, common):
    return {
        "id": charge_id,
        "object": "charge",
        "status": "succeeded",
        "captured": True,
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": 0,
        "payment_intent": intent,
        "balance_transaction": movement["id"],
        "failure_balance_transaction": None,
        **common,
    }


def make_part(part_id, invoice, charge, amount, paid_at, common):
    """Return an invoice payment: what a payment is worth to one invoice."""
    return {
        "id": part_id,
        "object": "invoice_payment",
        "status": "paid",
        "amount_paid": amount,
        "amount_requested": amount,
        "invoice": invoice["id"],
        "payment": {
            "type": "payment_intent",
            "payment_intent": charge["payment_intent"],
        },
        "status_transitions": {"paid_at": paid_at, "canceled_at": None},
        "currency": common["currency"],
        "created": common["created"],
    }


def make_credit_note(note_id, invoice, lines, parts, common, shipping=None):
    """Return a credit note.

    :param parts: how much of it lowers what is due, is refunded by which refund, and
        goes to the customer's balance.
    """
    before, refund, refunded, to_balance = parts
    after = refunded + to_balance
    kind = "mixed" if before and after else "pre_payment" if before else "post_payment"
    linked = {"type": "refund", "refund": refund, "amount_refunded": refunded}
    return {
        "id": note_id,
        "object": "credit_note",
        "status": "issued",
        "voided_at": None,
        "type": kind,
        "invoice": invoice["id"],
        "number": note_id.upper(),
        "total": before + after,
        "pre_payment_amount": before,
        "post_payment_amount": after,
        "customer_balance_transaction": f"cbtxn_{note_id}" if to_balance else None,
        "refunds": [linked] if refunded else [],
        "lines": {"data": lines, "has_more": False},
        **make_head(lines, shipping),
        **common,
    }


def make_refund(refund_id, charge, amount, movement, common):
    """Return a refund; without a movement it waits until the balance has the money."""
    return {
        "id": refund_id,
        "object": "refund",
        "status": "succeeded" if movement else "pending",
        "amount": amount,
        "charge": charge["id"],
        "payment_intent": charge["payment_intent"],
        "balance_transaction": movement and movement["id"],
        "failure_balance_transaction": None,
        **common,
    }


def make_dispute(dispute_id, charge, amount, movement, common):
    return {
        "id": dispute_id,
        "object": "dispute",
        "status": "needs_response",
        "reason": "fraudulent",
        "amount": amount,
        "charge": charge["id"],
        "payment_intent": charge["payment_intent"],
        "balance_transactions": [movement],
        **common,
    }


def make_movement(movement_id, category, amount, fee, source, common):
    """Return a balance transaction as it is listed, with its source's ids."""
    return {
        "id": movement_id,
        "object": "balance_transaction",
        "reporting_category": category,
        "type": category,
        "status": "available",
        "amount": amount,
        "fee": fee,
        "fee_details": [],
        "net": amount - fee,
        "source": source,
        "currency": common["currency"],
        "created": common["created"],
        "available_on": common["created"],
    }


def round_to(number, divisor, step):
    """Return ``number / divisor`` in multiples of ``step``, half away from zero."""
    size = (2 * abs(number) + divisor * step) // (2 * divisor * step)
    return step * size * (1 if number > 0 else -1)
