"""One example for each type of event, which together are a customer's month."""

_ADDRESS = {
    "line1": "Kantstr. 12",
    "city": "Berlin",
    "postal_code": "10623",
    "country": "DE",
}
_PARTY = {
    "id": "C-1",
    "name": "Northlight Analytics",
    "email": "billing@northlight.example",
    "address": _ADDRESS,
}
_LINE = {
    "id": "L-1",
    "description": "Team plan, November",
    "product": "team",
    "quantity": "5",
    "net": 10000,
    "taxes": [{"rate": "vat19", "percentage": "19", "country": "DE", "amount": 1900}],
    "period_start": "2026-11-01T00:00:00Z",
    "period_end": "2026-12-01T00:00:00Z",
}
_INVOICE = {
    "id": "I-1",
    "number": "2026-0001",
    "customer": _PARTY,
    "issued_at": "2026-11-02T09:30:00Z",
    "due_at": "2026-11-16T09:30:00Z",
    "currency": "USD",
    "total": 11900,
    "lines": [_LINE],
}
_SUBSCRIPTION = {
    "id": "S-1",
    "customer": "C-1",
    "state": "active",
    "currency": "USD",
    "started_at": "2026-11-01T00:00:00Z",
    "period_start": "2026-11-01T00:00:00Z",
    "period_end": "2026-12-01T00:00:00Z",
    "items": [{"id": "SI-1", "product": "team", "quantity": "5", "unit_amount": 2000}],
}

#: The ``data`` of an event, by type and version.
EXAMPLES = {
    ("customer.upserted", "1"): {
        **_PARTY,
        "phone": "+49 30 901820",
        "vat_numbers": ["DE136695976"],
        "registration_number": "HRB 12345 B",
        "language": "de",
        "currency": "USD",
    },
    ("customer.merged", "1"): {"id": "C-1", "merged_ids": ["C-2"]},
    ("subscription.created", "0"): _SUBSCRIPTION,
    ("subscription.updated", "0"): {**_SUBSCRIPTION, "cancel_at_period_end": True},
    ("subscription.canceled", "0"): {
        **_SUBSCRIPTION,
        "state": "canceled",
        "canceled_at": "2026-11-30T12:00:00Z",
    },
    ("contract.won", "0"): {
        "id": "D-1",
        "number": "Q-1001",
        "customer": "C-1",
        "won_at": "2026-10-20T15:00:00Z",
        "currency": "USD",
        "starts_on": "2026-11-01",
        "term_months": 12,
        "period_months": 1,
        "purchase_order": "PO-4711",
        "lines": [{"product": "team", "quantity": "5", "unit_amount": 2000}],
    },
    ("usage.recorded", "0"): {
        "customer": "C-1",
        "meter": "api_calls",
        "quantity": "1250",
        "occurred_at": "2026-11-03T10:15:00Z",
        "dimensions": {"region": "eu"},
    },
    ("invoice.issued", "1"): _INVOICE,
    ("invoice.voided", "1"): {
        **_INVOICE,
        "id": "I-2",
        "number": "2026-0002",
        "voided_at": "2026-11-04T11:00:00Z",
    },
    ("credit_note.issued", "1"): {
        "id": "CN-1",
        "number": "CN-2026-0001",
        "invoice": "I-1",
        "customer": "C-1",
        "issued_at": "2026-11-10T09:00:00Z",
        "currency": "USD",
        "total": 2380,
        "lines": [
            {
                "id": "L-1",
                "description": "One seat less",
                "product": "team",
                "net": 2000,
                "taxes": [{"rate": "vat19", "percentage": "19", "amount": 380}],
            }
        ],
        "refunds": [{"id": "R-1", "amount": 2380}],
    },
    ("payment.succeeded", "1"): {
        "id": "P-1",
        "customer": "C-1",
        "amount": 11900,
        "currency": "USD",
        "paid_at": "2026-11-03T08:00:00Z",
        "invoices": [{"id": "I-1"}],
        "fee": 377,
    },
    ("payment.failed", "1"): {
        "id": "T-1",
        "customer": "C-1",
        "invoice": "I-1",
        "amount": 11900,
        "currency": "USD",
        "failed_at": "2026-11-02T10:00:00Z",
        "reason": "insufficient_funds",
        "will_retry": True,
    },
    ("payment.reversed", "1"): {
        "id": "V-1",
        "payment": "P-1",
        "amount": 11900,
        "currency": "USD",
        "reversed_at": "2026-11-20T07:00:00Z",
        "reason": "chargeback",
        "fee": 1500,
    },
    ("refund.succeeded", "1"): {
        "id": "R-1",
        "payment": "P-1",
        "amount": 2380,
        "currency": "USD",
        "refunded_at": "2026-11-10T09:05:00Z",
        "fee": 0,
    },
    ("payout.paid", "1"): {
        "id": "PO-1",
        "amount": 9143,
        "currency": "USD",
        "arrives_on": "2026-11-12",
        "bank_texts": ["PAYOUT 1"],
        "contains": [
            {"type": "payment", "id": "P-1"},
            {"type": "refund", "id": "R-1"},
        ],
    },
}
