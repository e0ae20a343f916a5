"""Holds what Odoo says of the money that Stripe had against what ought to be there."""

from collections import Counter, defaultdict
from decimal import Decimal

from ...make_believe.stripe.fate import DONE
from ...make_believe.stripe.shapes.shape import FIRST_PAGE
from ...make_believe.stripe.units import ZERO
from .check import SIGNS, Row, is_pulled, is_replay

#: What entries that are neither documents nor payments are, by their binding's kind.
POSTINGS = {
    "invoice_balance": "invoices with credit used or given",
    "credit_note_balance": "credit notes kept as credit",
    "invoice_overpaid": "overpayments",
    "balance_adjustment": "credit entered by hand",
    "invoice_loss": "losses by invoice and day, and less of them",
    "dispute_movement": "movements of disputes",
    "dispute_loss": "disputes lost",
    "balance_entry": "fees, exchanges, other movements",
    "loan_cost": "costs of a loan",
    "payout_entry": "payouts paid",
    "payout_return": "payouts that came back",
    "payment_failure": "payments that failed after all",
    "receivable_transfer": "credits on another receivable account",
}


def check_postings(accounts, books):
    """Return rows with the entries by kind, and a list of those that are not as they
    should be: day, and amounts by account and currency.
    """
    meant, found, exact, wrong = Counter(), Counter(), 0, []
    for account in accounts:
        due = {key: _list(p) for key, p in account.ledger.postings.items()}
        has = _read(books[account.entity.key]["postings"])
        meant.update(kind for kind, _id in due)
        found.update(kind for kind, _id in has)
        for key in sorted(set(due) | set(has)):
            if due.get(key) == has.get(key):
                exact += 1
            else:
                wrong.append((" ".join(key), due.get(key), has.get(key)))
    others = sorted(set(meant) | set(found), key=[*POSTINGS, *found].index)
    rows = [Row(POSTINGS.get(kind, kind), meant[kind], found[kind]) for kind in others]
    rows.append(Row("each with its day, accounts, amounts", sum(meant.values()), exact))
    return rows, wrong


def check_pulled(accounts, books):
    """Return rows with what was read through the API, each once, and a list of what
    was not meant to be read, or did not end as it was meant to: what is of a payment
    that waits, waits as well.
    """
    meant, found, strays = Counter(), Counter(), []
    for account in accounts:
        fates = list_pulled(account)
        meant.update(kind for kind, _fate in fates.values())
        for event_id, fate in books[account.entity.key]["events"].items():
            if not is_pulled(event_id) or is_replay(event_id):
                continue
            # The end is made of the object's content: one that changes comes again.
            key = event_id.removeprefix("pulled_").rpartition("_")[0]
            kind, due = fates.get(key, ("others", None))
            found[kind] += 1
            if not due or (due.state, due.reason) != tuple(fate):
                strays.append((key, due, *fate))
    kinds = sorted(set(meant) | set(found))
    return [
        Row(f"{kind}, each once", meant[kind], found[kind]) for kind in kinds
    ], strays


def list_pulled(account):
    """Return what Odoo has to read by itself, by id: its kind and fate. No event tells
    of balance transactions, of what a payout consists of, and of changes of customers'
    credit; a long invoice does not fit into one.
    """
    kept, fates = account.list_kept, {}
    for kind, things in (
        ("what payouts consist of", kept("payout")),
        ("changes of customers' credit", kept("customer_balance_transaction")),
        ("long invoices", [i for i in kept("invoice") if len(i.lines) > FIRST_PAGE]),
    ):
        fates.update({thing.id: (kind, DONE) for thing in things})
    for movement in account.balance.movements:
        fates[movement.id] = ("balance transactions", movement.fate)
    return fates


def take_read_again(account, book):
    """Take from the events those by which objects were read once more after people had
    acted, because both sides had differed; leave in the book how many there were.

    They have to be objects that Stripe has, and to be done.
    """
    if not account.is_resolved:
        return
    known, due = account.list_ids(), list_pulled(account)
    again = [
        event_id
        for event_id, fate in book["events"].items()
        if is_pulled(event_id)
        and (key := event_id.removeprefix("pulled_").rpartition("_")[0]) in known
        and key not in due
        and tuple(fate) == DONE.key
    ]
    for event_id in again:
        del book["events"][event_id]
    book["read_again"] = len(again)


def check_payouts(account, book):
    """Yield for each payout its row of the report, and whether it is proved: the sum
    of its transactions is its amount, and each is in the books.
    """
    for payout in account.balance.payouts:
        found = book["payouts"].get(payout.id)
        due = (
            payout.status,
            "proved",
            payout.currency,
            payout.amount,
            payout.amount,
            ZERO,
            len(payout.parts),
        )
        if not found:
            yield payout, None, False
            continue
        state, proof, currency, amount, net, difference, known, count = found
        has = (
            state,
            proof,
            currency,
            Decimal(amount),
            Decimal(net),
            Decimal(difference),
            count,
        )
        yield payout, has, due == has and known


def check_clearing(account, book):
    """Return rows about the clearing account: in each currency it holds what of
    Stripe's money is booked, and each movement that is meant to be is in the books.
    """
    held = sum_unpaid(account, lambda movement: movement.fate is DONE)
    left = {
        currency: Decimal(places.get("clearing", "0"))
        for currency, places in book["totals"].items()
        if "clearing" in places
    }
    rows = [
        Row(
            f"left on the clearing account, {currency}",
            held.get(currency, ZERO),
            left.get(currency, ZERO),
        )
        for currency in sorted(set(account.ledger.totals) | set(left))
    ]
    booked = [m for m in account.balance.movements if m.fate is DONE]
    matched = sum(state == "matched" for state, *_rest in book["movements"].values())
    rows.append(Row("movements at Stripe, each in the books", len(booked), matched))
    return rows


def list_pending(account):
    """Return what Stripe has not paid out, by currency: of payments that wait for a
    person here, so that they are not in the books either.
    """
    return sum_unpaid(account, lambda movement: movement.fate is not DONE)


def sum_unpaid(account, condition):
    """Return what was not paid out of the movements that fulfil a condition."""
    unpaid = defaultdict(lambda: ZERO)
    for movement in account.balance.movements:
        if not movement.payout and condition(movement):
            unpaid[movement.currency] += movement.net
    return dict(unpaid)


def check_compared(account, compared):
    """Return a row for each kind of object: its numbers as they should be and as they
    are, and a list of differences that nobody meant.
    """
    waiting = _list_waiting(account)
    apart = {*account.ledger.apart, *account.ledger.apart.values()}
    meant = defaultdict(Counter)
    for kind, things in _list_kinds(account).items():
        for key in things:
            result = "only_there" if (kind, key) in waiting else "matched"
            if key in apart:
                result = "different"
            meant[kind][result] += 1
    found = {line["kind"]: line for line in compared["lines"]}
    rows = []
    for kind in meant:
        names = ("matched", "different", "only_there", "only_here")
        has = tuple(found.get(kind, {}).get(name, 0) for name in names)
        rows.append(Row(kind, tuple(meant[kind][name] for name in names), has))
    strays = [
        row
        for row in compared["differences"]
        if (row["kind"], row["external_id"]) not in waiting
        and row["external_id"] not in apart
    ]
    return rows, strays


def _list_kinds(account):
    """Return the ids of all that is compared, by kind, in the order it is."""
    kept = account.list_kept
    return {
        # Stripe no longer lists a customer that was deleted.
        "customer": [t.id for t in kept("customer") if not t.has_left],
        "subscription": [subscription.id for subscription in kept("subscription")],
        "invoice": [invoice.id for invoice in kept("invoice")],
        "payment": [payment.id for payment in kept("payment_intent")],
        "credit_note": [note.id for note in kept("credit_note")],
        "refund": [refund.id for refund in kept("refund")],
        "payout": [payout.id for payout in kept("payout")],
    }


def _list_waiting(account):
    """Return kind and id of what waits for a person, so that it is only at Stripe."""
    waiting = set()
    for tenant in account.tenants:
        if tenant.fate is not DONE:
            waiting.add(("customer", tenant.id))
            waiting.add(("subscription", tenant.subscription.id))
    for invoice in account.list_kept("invoice"):
        if invoice.fate is not DONE:
            waiting.add(("invoice", invoice.id))
    for movement in account.balance.movements:
        if movement.fate is not DONE:
            kind = "refund" if movement.category == "refund" else "payment"
            key = movement.source if kind == "refund" else movement.intent
            waiting.add((kind, key))
    return waiting


def _list(posting):
    return posting.day.isoformat(), {
        key: amount for key, amount in posting.amounts.items() if amount
    }


def _read(rows):
    """Return Odoo's entries as the ledger has them."""
    entries = {}
    for kind, key, day, state, currency, place, amount in rows:
        _day, amounts = entries.setdefault(
            (kind, key), (day if state == "posted" else state, {})
        )
        if signed := SIGNS.get(place, 1) * Decimal(amount):
            amounts[place, currency] = signed
    return {
        (kind, key): entry
        for (kind, key), entry in entries.items()
        # In another order a loss is booked in more steps, which come to nothing.
        if entry[1] or kind != "invoice_loss"
    }
