"""What may become of an invoice and of all that belongs to it, one fate a function.

A fate is called with the account and the invoice. It returns what it may be done to,
and an empty list where Stripe would refuse: https://docs.stripe.com/invoicing/overview
The second function does it to one of these.
"""

from .objects import get_shipping, get_total, make_line, make_shipping


def _payable(account, invoice):
    """An invoice that was given up can still be paid."""
    return [invoice] * (invoice["status"] in ("open", "uncollectible"))


def _charges(account, invoice):
    """Return the charges that pay an invoice, or did."""
    intents = {
        part["payment"]["payment_intent"]
        for part in account.find("invoice_payment", invoice=invoice["id"])
    }
    charges = account.find("charge", status="succeeded")
    return [charge for charge in charges if charge["payment_intent"] in intents]


def _refundable(account, invoice):
    """Nothing is given back beyond what came in, nor while a bank disputes it."""
    disputed = {dispute["charge"] for dispute in account.find("dispute")}
    return [
        charge
        for charge in _charges(account, invoice)
        if charge["amount_refunded"] < charge["amount"] and charge["id"] not in disputed
    ]


def _whole(account, invoice):
    """Return charges of which nothing went back, and nothing became credit."""
    untouched = [c for c in _refundable(account, invoice) if not c["amount_refunded"]]
    return [c for c in untouched if not _gave(account, c)]


def _gave(account, charge):
    """Return whether money of a charge became a credit: what Stripe does with that
    credit when the charge is taken off its invoice isn't documented.
    """
    invoices = [
        account.objects[p["invoice"]] for p in account.find_parts(charge=charge)
    ]
    return any(
        invoice["amount_overpaid"] or invoice["post_payment_credit_notes_amount"]
        for invoice in invoices
    )


def _refunds(account, invoice, status, left):
    charges = {charge["id"] for charge in _charges(account, invoice)}
    return [
        refund
        for refund in account.find("refund", status=status)
        if refund["charge"] in charges and bool(refund["balance_transaction"]) is left
    ]


def _disputes(account, invoice):
    charges = {charge["id"] for charge in _charges(account, invoice)}
    found = account.find("dispute", status="needs_response")
    return [dispute for dispute in found if dispute["charge"] in charges]


def _free(account, charge):
    parts = account.find_parts(charge=charge)
    return charge["amount"] - sum(part["amount_paid"] for part in parts)


def _attachable(account, invoice):
    """Money that pays nothing, no more than what is due, can pay an invoice."""
    if invoice["status"] != "open":
        return []
    disputed = {dispute["charge"] for dispute in account.find("dispute")}
    return [
        charge
        for charge in account.find("charge", status="succeeded")
        if not account.find_parts(charge=charge)
        and not charge["amount_refunded"]
        and charge["id"] not in disputed
        and charge["amount"] <= invoice["amount_remaining"]
    ]


def _get_limit(invoice):
    """Return how much can be credited: what is due or was paid."""
    paid = invoice["amount_paid"] - invoice["amount_overpaid"]
    applied = invoice["ending_balance"] - invoice["starting_balance"]
    limit = invoice["amount_remaining"] + paid + applied
    return limit - invoice["post_payment_credit_notes_amount"]


def _shipped(account, invoice):
    """Return the shipping, if it can be credited."""
    shipping = invoice["shipping_cost"]
    if not shipping or invoice["status"] == "void":
        return []
    notes = account.find("credit_note", invoice=invoice["id"], status="issued")
    credited = any(note["shipping_cost"] for note in notes)
    fits = shipping["amount_total"] <= _get_limit(invoice)
    return [shipping] * (fits and not credited)


def _creditable(account, invoice):
    """Return the lines that can be credited: no line twice, and no more than what is
    due or was paid.
    """
    if invoice["status"] == "void":
        return []
    notes = account.find("credit_note", invoice=invoice["id"], status="issued")
    credited = {line["invoice_line_item"] for n in notes for line in n["lines"]["data"]}
    limit = _get_limit(invoice)
    return [
        line
        for line in invoice["lines"]["data"]
        if line["id"] not in credited and 0 < get_total([line]) <= limit
    ]


def _credit_all(account, invoice):
    """Return all lines and the shipping, if none of it was credited."""
    lines, shipping = _creditable(account, invoice), invoice["shipping_cost"]
    whole = len(lines) == len(invoice["lines"]["data"])
    if shipping and not _shipped(account, invoice):
        whole = False
    return [(lines, shipping)] * (whole and invoice["total"] > 0)


def _credit(account, invoice, lines, shipping=None):
    """Credit lines or shipping: what is due, then by a refund or to the balance."""
    own = [
        {
            **line,
            "id": account.new_id("cnli"),
            "invoice_line_item": line["id"],
            # Without its discount: Stripe says so by the amount.
            "amount": line["amount"]
            - sum(part["amount"] for part in line["discount_amounts"]),
            "discount_amounts": [],
        }
        for line in lines
    ]
    total = get_total(own) + get_shipping(shipping)
    due = invoice["amount_remaining"] * (invoice["status"] != "paid")
    before = min(total, due)
    refund, refunded = None, 0
    charges = _refundable(account, invoice)
    if total > before and charges and account.chance.random() < 0.7:
        charge = account.chance.choice(charges)
        refunded = min(total - before, charge["amount"] - charge["amount_refunded"])
        leaves = account.chance.random() < 0.7
        refund = account.refund(charge, refunded, leaves)["id"]
    parts = (before, refund, refunded, total - before - refunded)
    account.credit(invoice, own, parts, shipping)


def _voidable_notes(account, invoice):
    """Only while the invoice is open, and only what gave nothing back."""
    notes = account.find("credit_note", invoice=invoice["id"], status="issued")
    before = [note for note in notes if not note["post_payment_amount"]]
    return before if invoice["status"] == "open" else []


def _voidable(account, invoice):
    """What was paid has to be taken off first."""
    gave = invoice["amount_overpaid"] or invoice["post_payment_credit_notes_amount"]
    unpaid = not invoice["amount_paid"] and not gave
    return _payable(account, invoice) * unpaid


def _pay(account, invoice, amount):
    # The part may be told of after midnight, and its charge before.
    later = account.chance.choice([0, 0, 0, 50000])
    account.allocate(account.charge(amount), invoice, amount, later)


def _part(account, invoice):
    steps = invoice["amount_remaining"] // account.step
    return account.step * account.chance.randint(1, steps - 1)


#: What may be done to which object, by name: functions of the account and invoice.
FATES = {
    "pay_part": (
        lambda a, i: _payable(a, i) * (i["amount_remaining"] > a.step),
        lambda a, i, _x: _pay(a, i, _part(a, i)),
    ),
    "pay_rest": (_payable, lambda a, i, _x: _pay(a, i, i["amount_remaining"])),
    "overpay": (
        _payable,
        lambda a, i, _x: _pay(a, i, i["amount_remaining"] + 500 * a.step),
    ),
    "detach": (
        lambda a, i: [
            part
            for charge in _whole(a, i)
            for part in a.find_parts(invoice=i, charge=charge)
        ],
        lambda a, _i, part: a.release(part),
    ),
    "attach": (
        _attachable,
        lambda a, i, charge: a.allocate(charge, i, charge["amount"]),
    ),
    "fail_late": (_whole, lambda a, _i, charge: a.fail(charge)),
    "credit_line": (_creditable, lambda a, i, line: _credit(a, i, [line])),
    "credit_all": (_credit_all, lambda a, i, whole: _credit(a, i, *whole)),
    "credit_shipping": (_shipped, lambda a, i, cost: _credit(a, i, [], cost)),
    "void_credit": (_voidable_notes, lambda a, _i, note: a.void_credit_note(note)),
    "refund": (
        _refundable,
        lambda a, _i, c: a.refund(c, _rest_or_part(a, c)),
    ),
    "ask_refund": (
        _refundable,
        lambda a, _i, c: a.refund(c, _rest_or_part(a, c), leaves=False),
    ),
    "refund_leaves": (
        lambda a, i: _refunds(a, i, "pending", False),
        lambda a, _i, refund: a.let_leave(refund),
    ),
    "cancel_refund": (
        lambda a, i: _refunds(a, i, "pending", False),
        lambda a, _i, refund: a.end_refund(refund),
    ),
    "refund_returns": (
        lambda a, i: _refunds(a, i, "succeeded", True),
        lambda a, _i, refund: a.end_refund(refund),
    ),
    "dispute": (_refundable, lambda a, _i, charge: a.dispute(charge)),
    "win": (_disputes, lambda a, _i, dispute: a.decide(dispute, "won")),
    "lose": (_disputes, lambda a, _i, dispute: a.decide(dispute, "lost")),
    "give_up": (
        lambda a, i: [i] * (i["status"] == "open"),
        lambda a, i, _x: a.end_invoice(i, "uncollectible"),
    ),
    "void": (_voidable, lambda a, i, _x: a.end_invoice(i, "void")),
}

#: What leaves little that can still happen to an invoice.
ENDS = ("void", "overpay", "credit_all")


def _rest_or_part(account, charge):
    rest = charge["amount"] - charge["amount_refunded"]
    steps = rest // account.step
    return account.chance.choice([rest, account.step * max(steps // 3, 1)])


def draw_line(account):
    """Return a random line of an invoice."""
    chance, step = account.chance, account.step
    amount = step * chance.randint(-2000, 90000)
    discount = step * chance.choice([0, 0, 7, 333]) if amount > 333 * step else 0
    rates = chance.sample(["txr_19", "txr_7", "txr_05", "txr_0"], chance.randint(0, 2))
    return make_line(account.new_id("il"), amount, discount, rates, step)


def draw_shipping(account):
    """Return random shipping, or None for most invoices."""
    chance, step = account.chance, account.step
    if chance.random() < 0.7:
        return None
    rate = chance.choice(["txr_19", "txr_7"])
    return make_shipping(
        step * chance.randint(1, 990), rate, step, chance.random() < 0.5
    )
