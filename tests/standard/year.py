"""A customer's year, told by the published interface alone."""

from datetime import UTC, date, datetime, timedelta

from .common import write_event

_PARTY = {"id": "C-1", "name": "Northlight", "email": "billing@northlight.example"}
_PRICE, _TAX, _FEE = 10000, 1900, 377
_TOTAL = _PRICE + _TAX


def tell_year(year=2026):
    """Return the events of a year as they happened: each month an invoice, which is
    paid and paid out; and among them a void one, two payments that were taken back, one
    invoice that was paid in two sums, a credit note with its refund, a credit that went
    to the next invoice, and changes of the customer and of the subscription.
    """
    events = [_tell_customer(year, 1, "Northlight")]
    events += [_tell_subscription(year, 1, "created", "trialing")]
    for month in range(1, 13):
        events += _tell_month(year, month)
    events += [_tell_customer(year, 6, "Northlight Analytics GmbH")]
    events += [_tell_subscription(year, 2, "updated", "active")]
    events += [_tell_subscription(year, 12, "canceled", "canceled")]
    return sorted(events, key=lambda event: (event["time"], event["id"]))


def _tell_month(year, month):
    tell = {
        3: _tell_void,
        4: _tell_two_payments,
        5: _tell_reversal,
        7: _tell_refund,
        9: _tell_credit,
        10: _tell_reversal,
    }
    return tell.get(month, _tell_paid)(year, month)


def _tell_paid(year, month):
    return [
        _tell_invoice(year, month),
        _tell_payment(year, month, "a", _TOTAL),
        _tell_payout(year, month, _TOTAL - _FEE, "a"),
    ]


def _tell_void(year, month):
    """A wrong invoice, which is voided, and the right one."""
    wrong = _tell_invoice(year, month, "wrong")
    voided = {**wrong["data"], "voided_at": _at(year, month, 3)}
    event = _event("invoice.voided", "1", voided, f"void-{month}", voided["voided_at"])
    return [wrong, event, *_tell_paid(year, month)]


def _tell_two_payments(year, month):
    half = _TOTAL // 2
    return [
        _tell_invoice(year, month),
        _tell_payment(year, month, "a", half),
        _tell_payment(year, month, "b", _TOTAL - half),
        _tell_payout(year, month, _TOTAL - 2 * _FEE, "a", "b"),
    ]


def _tell_reversal(year, month):
    """A debit that fails late, and is paid by another one."""
    back = {
        "id": f"V-{month}",
        "payment": f"P-{month}a",
        "amount": _TOTAL,
        "currency": "USD",
        "reversed_at": _at(year, month, 12),
        "reason": "late_failure",
        "fee": 500,
    }
    payout = _tell_payout(year, month, _TOTAL - 2 * _FEE - 500, "a", "b")
    payout["data"]["contains"].append({"type": "reversal", "id": back["id"]})
    return [
        _tell_invoice(year, month),
        _tell_payment(year, month, "a", _TOTAL),
        _event("payment.reversed", "1", back, f"back-{month}", back["reversed_at"]),
        _tell_payment(year, month, "b", _TOTAL, day=15),
        payout,
    ]


def _tell_refund(year, month):
    refund = {
        "id": f"R-{month}",
        "payment": f"P-{month}a",
        "amount": 2380,
        "currency": "USD",
        "refunded_at": _at(year, month, 14),
        "fee": 0,
    }
    note = _tell_note(year, month, refunds=[{"id": refund["id"], "amount": 2380}])
    payout = _tell_payout(year, month, _TOTAL - _FEE - 2380, "a")
    payout["data"]["contains"].append({"type": "refund", "id": refund["id"]})
    return [
        _tell_invoice(year, month),
        _tell_payment(year, month, "a", _TOTAL),
        note,
        _event("refund.succeeded", "1", refund, f"ref-{month}", refund["refunded_at"]),
        payout,
    ]


def _tell_credit(year, month):
    """A credit note that lowers what is due, before the rest is paid."""
    return [
        _tell_invoice(year, month),
        _tell_note(year, month, to_invoice=2380),
        _tell_payment(year, month, "a", _TOTAL - 2380, day=16),
        _tell_payout(year, month, _TOTAL - 2380 - _FEE, "a"),
    ]


# -- single events ------------------------------------------------------------------


def _at(year, month, day):
    return f"{year}-{month:02d}-{day:02d}T09:30:00Z"


def _event(event_type, version, data, name, time):
    return write_event(event_type, data, version, id=name, time=time)


def _tell_customer(year, month, name):
    data = {**_PARTY, "name": name, "currency": "USD"}
    return _event("customer.upserted", "1", data, f"cus-{month}", _at(year, month, 1))


def _tell_subscription(year, month, what, state):
    data = {
        "id": "S-1",
        "customer": "C-1",
        "state": state,
        "currency": "USD",
        "started_at": _at(year, 1, 1),
        "period_start": _at(year, month, 1),
        "items": [{"id": "SI-1", "product": "team", "unit_amount": _PRICE}],
    }
    return _event(
        f"subscription.{what}", "0", data, f"sub-{month}", _at(year, month, 1)
    )


def _tell_invoice(year, month, word=""):
    data = {
        "id": f"I-{month}{word}",
        "number": f"{year}-{month:04d}{word}",
        "customer": _PARTY,
        "issued_at": _at(year, month, 2),
        "due_at": _at(year, month, 20),
        "currency": "USD",
        "total": _TOTAL,
        "subscription": "S-1",
        "lines": [
            {
                "id": f"L-{month}{word}",
                "description": f"Month {month}",
                "product": "team",
                "net": _PRICE,
                "taxes": [{"rate": "vat19", "percentage": "19", "amount": _TAX}],
            }
        ],
    }
    return _event("invoice.issued", "1", data, f"inv-{month}{word}", data["issued_at"])


def _tell_note(year, month, **parts):
    data = {
        "id": f"CN-{month}",
        "number": f"CN-{year}-{month:04d}",
        "invoice": f"I-{month}",
        "customer": "C-1",
        "issued_at": _at(year, month, 13),
        "currency": "USD",
        "total": 2380,
        "lines": [
            {
                "id": f"L-{month}",
                "net": 2000,
                "taxes": [{"rate": "vat19", "amount": 380}],
            }
        ],
        **parts,
    }
    return _event("credit_note.issued", "1", data, f"cn-{month}", data["issued_at"])


def _tell_payment(year, month, word, amount, day=5):
    data = {
        "id": f"P-{month}{word}",
        "customer": "C-1",
        "amount": amount,
        "currency": "USD",
        "paid_at": _at(year, month, day),
        "invoices": [{"id": f"I-{month}"}],
        "fee": _FEE,
    }
    return _event("payment.succeeded", "1", data, f"pay-{month}{word}", data["paid_at"])


def _tell_payout(year, month, amount, *words):
    day = date(year, month, 20) + timedelta(days=3)
    data = {
        "id": f"PO-{month}",
        "amount": amount,
        "currency": "USD",
        "arrives_on": day.isoformat(),
        "contains": [{"type": "payment", "id": f"P-{month}{word}"} for word in words],
    }
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat()
    return _event("payout.paid", "1", data, f"po-{month}", moment)
