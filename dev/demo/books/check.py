"""Holds what Odoo says against what ought to be there."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from ...make_believe.stripe.units import ZERO
from .ledger import ACCOUNTS

STATES = ("done", "ignored", "parked", "quarantined", "dead", "received")
#: Accounts that are shown even where nothing is on them: in every currency, and in
#: the company's own.
ALWAYS = ("receivable", "clearing")
ALWAYS_IN_OWN = (*ALWAYS, "customer balances", "fees", "disputed")
#: Accounts on which people read a credit as above zero.
SIGNS = {"revenue": -1, "tax": -1, "customer balances": -1}
#: States of which the reasons are worth a row each.
DETAILED = ("quarantined", "dead")


@dataclass
class Row:
    """One line of the report: what was meant, what is there, and whether they agree."""

    label: str
    meant: object
    found: object

    @property
    def agrees(self):
        return self.meant == self.found


def check_answers(planned, answers):
    """Return rows about the requests: how many were answered as they should be."""
    labels = {
        "event": "events, answered 200",
        "again": "the same once more, answered 200",
        "forgery": "forged in {} ways, refused with 401 or 404",
    }
    meant, right, ways = Counter(), Counter(), set()
    for request, answer in zip(planned, answers, strict=True):
        kind = "again" if request.again else "event"
        if request.forgery:
            kind = "forgery"
            ways.add(request.forgery)
        meant[kind] += 1
        right[kind] += answer == request.answer
    return [
        Row(label.format(len(ways)), meant[kind], right[kind])
        for kind, label in labels.items()
    ]


def check_stored(accounts, planned, books):
    """Return rows about the inbox: each event once, and nothing else but what was
    pulled from Stripe.
    """
    meant = {event.id for account in accounts for event in account.events}
    stored = [
        key for book in books.values() for key in book["events"] if not is_extra(key)
    ]
    return [
        Row("stored in the inbox, each once", len(meant), len(meant & set(stored))),
        Row("stored beside them", 0, len(stored) - len(meant & set(stored))),
    ]


def is_pulled(event_id):
    """Return whether an event is what became of an object read through the API."""
    return event_id.startswith("pulled_")


def is_replay(event_id):
    """Return whether a person had an event processed once more, as a new one."""
    return ":replay:" in event_id


def is_extra(event_id):
    """Return whether Stripe did not send an event."""
    return is_pulled(event_id) or is_replay(event_id)


def check_events(accounts, books, pulled=None):
    """Return rows with all events by state and reason, as the screens count them, and a
    list of those that ended in another state than they were meant to.

    In: for each account what is meant to become of what is read through the API, if
    there is one.
    """
    meant, found, strays = Counter(), Counter(), []
    pulled = pulled or [{} for _account in accounts]
    for account, read in zip(accounts, pulled, strict=True):
        fates = {
            key: tuple(fate)
            for key, fate in books[account.entity.key]["events"].items()
            if not is_replay(key)
        }
        found.update(fates.values())
        meant.update(fate.key for _kind, fate in read.values())
        for event in account.events:
            meant[event.fate.key] += 1
            if fates.get(event.id) != event.fate.key:
                strays.append((event, fates.get(event.id)))
    rows = []
    for state in STATES:
        reasons = sorted(r for s, r in set(meant) | set(found) if s == state)
        if not reasons:
            continue
        in_all = [sum(n[state, r] for r in reasons) for n in (meant, found)]
        rows.append(Row(state, *in_all))
        rows += [
            Row(f"  {reason}", meant[state, reason], found[state, reason])
            for reason in reasons
            if reason and state in DETAILED
        ]
    return rows, strays


def check_documents(accounts, books):
    """Return rows with what was booked, and a list of entries that are not as they
    should be: amount, day, state, and what is still open.
    """
    kinds = ("invoice", "credit_note", "payment", "refund")
    meant, found, reversals = Counter(), Counter(), Counter()
    exact, wrong, extra, undone = 0, [], Counter(), Counter()
    for account in accounts:
        ledger, book = account.ledger, books[account.entity.key]
        entries = {key: _read_entry(entry) for key, entry in book["entries"].items()}
        for key in sorted(set(entries) | set(ledger.entries)):
            entry = ledger.entries.get(key)
            due = entry and _list_entry(entry)
            meant[entry.kind if entry else None] += 1
            found[entries[key][0] if key in entries else None] += 1
            if due == entries.get(key):
                exact += 1
            else:
                wrong.append((key, due, entries.get(key)))
        reversals.update(book["reversals"])
        undone.update(ledger.reversals)
        extra.update(book["counts"])
    rows = [
        Row(f"{kind.replace('_', ' ')}s", meant[kind], found[kind]) for kind in kinds
    ]
    rows += [
        Row(label, undone[kind], reversals[kind])
        for kind, label in (
            ("invoice_void", "invoices voided"),
            ("credit_note_void", "credit notes voided"),
            ("refund_return", "refunds that came back"),
        )
    ]
    rows.append(
        Row("each with its amount, day, state, rest", sum(meant.values()), exact)
    )
    return rows, wrong


def check_people(accounts, books):
    """Return rows about customers, and what a person is asked to look at."""
    rows, ledgers = [], [account.ledger for account in accounts]
    known = list_tenants(accounts)
    matched = [tenant for tenant in known if tenant.had_contact]
    subscribed = [tenant for tenant in known if tenant.subscription.id]
    for label, key, meant in (
        ("tenants known", "tenants", len(known)),
        ("  of them contacts before", "matched_contacts", len(matched)),
        ("subscriptions", "subscriptions", len(subscribed)),
    ):
        found = sum(book["counts"][key] for book in books.values())
        rows.append(Row(label, meant, found))
    for label, kind, meant in (
        (
            "activity: collecting failed",
            "mail_activity_payment_failed",
            sum(len(ledger.failing) for ledger in ledgers),
        ),
        (
            "activity: refund without credit note",
            "mail_activity_refund_without_credit_note",
            sum(len(ledger.unexplained) for ledger in ledgers),
        ),
        (
            "activity: paid past Stripe",
            "mail_activity_paid_outside",
            sum(len(ledger.outside) for ledger in ledgers),
        ),
        (
            "activity: word that is not known",
            "mail_activity_unknown_word",
            sum(len(ledger.unknown_words) for ledger in ledgers),
        ),
        (
            "activity: two receivable accounts",
            "mail_activity_sides_apart",
            sum(len(ledger.apart) for ledger in ledgers),
        ),
        (
            "activity: dispute to be answered",
            "mail_activity_dispute",
            sum(len(ledger.asked) for ledger in ledgers),
        ),
    ):
        found = sum(book["activities"].get(kind, 0) for book in books.values())
        rows.append(Row(label, meant, found))
    return rows


def list_tenants(accounts):
    """Return the customers that Odoo is meant to know."""
    return [
        tenant
        for account in accounts
        for tenant in account.tenants
        if tenant.fate.state == "done"
    ]


def check_totals(account, book):
    """Yield each currency with rows that compare its accounts."""
    ledger = account.ledger
    own = account.entity.currency
    currencies = set(ledger.totals) | set(book["totals"])
    for currency in sorted(currencies, key=lambda code: (code != own, code)):
        meant = ledger.totals[currency]
        found = _read_totals(book["totals"].get(currency, {}))
        shown = ALWAYS_IN_OWN if currency == own else ALWAYS
        rows = [
            Row(place, meant[place], found[place])
            for place in ACCOUNTS
            if place in shown or meant[place] or found[place]
        ]
        owed, settling = book["still_open"].get(currency, ("0", "0"))
        parts = [
            Row(
                "of it, still to be paid", ledger.still_open(currency, 1), Decimal(owed)
            ),
            Row("of it, credit", ledger.still_open(currency, -1), Decimal(settling)),
        ]
        yield currency, [rows[0], *parts, *rows[1:]]


def check_logs(books):
    """Return a row about the chains of the sync log."""
    rows = sum(book["counts"]["log_rows"] for book in books.values())
    broken = sum(book["broken_at"] > 0 for book in books.values())
    return [Row(f"breaks in the chains of the log's {rows} rows", 0, broken)]


def _read_totals(amounts):
    """Return an entity's accounts with the signs that people use."""
    return {
        place: SIGNS.get(place, 1) * Decimal(amounts.get(place, "0")) + ZERO
        for place in ACCOUNTS
    }


def _list_entry(entry):
    return [
        entry.kind,
        entry.currency,
        entry.amount,
        entry.day.isoformat(),
        entry.state,
        entry.still_open,
    ]


def _read_entry(entry):
    kind, currency, amount, day, state, still_open = entry
    return [kind, currency, Decimal(amount), day, state or "", Decimal(still_open or 0)]
