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
_USAGE = {
    "customer": "C-1",
    "meter": "api_calls",
    "quantity": "1250",
    "occurred_at": "2026-11-03T10:15:00Z",
    "dimensions": {"region": "eu"},
}

_HELD = {
    "plan": "team",
    "plan_version": 1,
    "currency": "USD",
    "items": [{"component": "seats", "quantity": "5"}],
}
_CANCELED = {
    **_SUBSCRIPTION,
    "state": "canceled",
    "canceled_at": "2026-11-30T12:00:00Z",
}
_WON = {
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
}


def _change(moment, **values):
    return {"id": "S-2", "customer": "C-1", "effective_at": moment, **values}


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
    ("subscription.created", "1"): _SUBSCRIPTION,
    ("subscription.updated", "0"): {**_SUBSCRIPTION, "cancel_at_period_end": True},
    ("subscription.updated", "1"): {**_SUBSCRIPTION, "cancel_at_period_end": True},
    ("subscription.activated", "1"): _change(
        "2026-11-01T00:00:00Z",
        **_HELD,
        trial_end="2026-11-08T00:00:00Z",
        timezone="Europe/Berlin",
        purchase_order="PO-4711",
        term={"months": 12, "auto_renew": True, "notice_days": 30},
        contract="D-1",
    ),
    ("subscription.changed", "1"): _change(
        "2026-11-16T00:00:00Z",
        **{**_HELD, "items": [{"component": "seats", "quantity": "8"}]},
    ),
    ("subscription.trial_ended", "1"): _change("2026-11-05T00:00:00Z"),
    ("subscription.paused", "1"): _change("2026-11-20T00:00:00Z"),
    ("subscription.resumed", "1"): _change("2026-11-25T00:00:00Z"),
    ("subscription.renewed", "1"): _change(
        "2027-11-01T00:00:00Z", term={"months": 12, "notice_days": 30}
    ),
    ("subscription.canceled", "0"): _CANCELED,
    ("subscription.canceled", "1"): _change("2027-12-10T00:00:00Z", at_period_end=True),
    ("subscription.change_withdrawn", "1"): {
        "id": "S-2",
        "customer": "C-1",
        "event": "42",
    },
    ("contract.won", "0"): _WON,
    ("contract.won", "1"): {
        **_WON,
        "plan": "team",
        "items": [{"component": "seats", "quantity": "5"}],
        "subscription": "S-2",
        "auto_renew": True,
        "notice_days": 30,
    },
    ("usage.recorded", "0"): _USAGE,
    ("usage.recorded", "1"): {**_USAGE, "subscription": "S-1"},
    ("usage.corrected", "1"): {
        **_USAGE,
        "subscription": "S-1",
        "quantity": "1200",
        "corrects": "42",
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
    ("risk.flagged", "1"): {
        "id": "F-1",
        "payment": "P-1",
        "reason": "stolen_card",
        "amount": 11900,
        "currency": "USD",
        "flagged_at": "2026-11-05T14:20:00Z",
    },
    ("risk.cleared", "1"): {
        "id": "F-1",
        "payment": "P-1",
        "reason": "verified",
        "cleared_at": "2026-11-06T09:00:00Z",
    },
}

#: One for each type that others are told.
TOLD_EXAMPLES = {
    ("entitlement.changed", "1"): {
        "number": 17,
        "state": {
            "is_suspended": False,
            "flags": ["sso"],
            "limits": {"projects": "20", "storage": None},
            "subscriptions": ["S-1"],
        },
        "changed_at": "2026-11-26T09:30:00Z",
    },
}
