"""What each type of the published interface does to the books, written from the
accounting rules alone. See ``tests/golden/case.py`` for how to read them.

Each case is a list of types, with what is other than in the published example.
"""

_VOIDED = """
2026-11-02 out_invoice reversed
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
2026-11-04 out_refund paid
    AR -119.00
    REV +100.00 {19% VAT}
    TAX +19.00
"""
_PAID = """
2026-11-02 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
2026-11-03 entry
    AR -119.00
    SC +119.00
"""
_FEE = """
2026-11-03 entry
    SC -3.77
    FEE +3.77
"""
_OPEN = """
2026-11-02 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
"""
_REFUNDED = """
2026-11-10 entry
    AR +23.80
    SC -23.80
2026-11-10 out_refund paid
    AR -23.80
    REV +20.00 {19% VAT}
    TAX +3.80
"""
_OTHER = {
    "name": "Northlight Labs",
    "email": "labs@northlight.example",
    "phone": "",
    "vat_numbers": [],
    "registration_number": "",
}
_TWO_INVOICES = {
    "amount": 17850,
    "invoices": [{"id": "I-1", "amount": 11900}, {"id": "I-3", "amount": 5950}],
}
_HALF = {
    "id": "I-3",
    "number": "2026-0003",
    "total": 5950,
    "lines": [{"net": 5000, "taxes": [{"rate": "vat19", "amount": 950}]}],
}

#: The events, what becomes of those that end otherwise than done, and the books.
CASES = {
    # -- customers ------------------------------------------------------------
    "customer": ([("customer.upserted", {})], ""),
    "merged": (
        [
            ("customer.upserted", {}),
            ("customer.upserted", {"id": "C-2", **_OTHER}),
            ("invoice.issued", {"customer": {"id": "C-2", **_OTHER}}),
            ("customer.merged", {}),
        ],
        _OPEN,
    ),
    # -- what books nothing ----------------------------------------------------
    "subscription": (
        [
            ("customer.upserted", {}),
            ("subscription.created", {}),
            ("subscription.updated", {}),
        ],
        "",
    ),
    "contract": ([("customer.upserted", {}), ("contract.won", {})], ""),
    "managed": (
        [
            ("customer.upserted", {}),
            ("contract.won", {}),
            ("subscription.activated", {}),
            ("subscription.trial_ended", {}),
            ("subscription.changed", {}),
            ("subscription.paused", {}),
            ("subscription.resumed", {}),
            ("subscription.renewed", {}),
            ("subscription.canceled", {}),
            ("subscription.change_withdrawn", {}),
        ],
        "",
    ),
    "usage": ([("customer.upserted", {}), ("usage.recorded", {})], ""),
    "usage_corrected": (
        [("customer.upserted", {}), ("usage.recorded", {}), ("usage.corrected", {})],
        "",
    ),
    "failed_payment": ([("invoice.issued", {}), ("payment.failed", {})], _OPEN),
    "risk": (
        [
            ("invoice.issued", {}),
            ("payment.succeeded", {"fee": None}),
            ("risk.flagged", {}),
            ("risk.cleared", {}),
        ],
        _PAID,
    ),
    "risk_of_a_customer": (
        [
            ("risk.flagged", {"payment": None, "customer": "C-1"}),
            ("customer.upserted", {}),
        ],
        "",
    ),
    # -- documents ------------------------------------------------------------
    "invoice": ([("invoice.issued", {})], _OPEN),
    "void": ([("invoice.issued", {"id": "I-2"}), ("invoice.voided", {})], _VOIDED),
    "void_alone": ([("invoice.voided", {})], _VOIDED),
    "void_first": (
        [("invoice.voided", {}), ("invoice.issued", {"id": "I-2"})],
        _VOIDED,
    ),
    "yen": (
        [
            (
                "invoice.issued",
                {
                    "currency": "JPY",
                    "total": 11900,
                    "lines": [
                        {
                            "net": 10000,
                            "taxes": [{"rate": "vat19", "amount": 1900}],
                        }
                    ],
                },
            )
        ],
        """
2026-11-02 out_invoice not_paid
    AR +119.00 (+11900 JPY) open +11900
    REV -100.00 (-10000 JPY) {19% VAT}
    TAX -19.00 (-1900 JPY)
""",
    ),
    "credit_to_invoice": (
        [
            ("invoice.issued", {}),
            ("credit_note.issued", {"to_invoice": 2380, "refunds": []}),
        ],
        """
2026-11-02 out_invoice partial
    AR +119.00 open +95.20
    REV -100.00 {19% VAT}
    TAX -19.00
2026-11-10 out_refund paid
    AR -23.80
    REV +20.00 {19% VAT}
    TAX +3.80
""",
    ),
    "credit_to_balance": (
        [
            ("invoice.issued", {}),
            ("payment.succeeded", {"fee": None}),
            ("credit_note.issued", {"to_credit": 2380, "refunds": []}),
        ],
        _PAID
        + """
2026-11-10 entry
    AR +23.80
    BAL -23.80
2026-11-10 out_refund reversed
    AR -23.80
    REV +20.00 {19% VAT}
    TAX +3.80
""",
    ),
    # -- payments -------------------------------------------------------------
    "paid": ([("invoice.issued", {}), ("payment.succeeded", {})], _PAID + _FEE),
    "paid_first": ([("payment.succeeded", {}), ("invoice.issued", {})], _PAID + _FEE),
    "paid_without_fee": (
        [("invoice.issued", {}), ("payment.succeeded", {"fee": None})],
        _PAID,
    ),
    "two_invoices_at_once": (
        [
            ("invoice.issued", {}),
            ("invoice.issued", _HALF),
            ("payment.succeeded", {**_TWO_INVOICES, "fee": None}),
        ],
        """
2026-11-02 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
2026-11-02 out_invoice paid
    AR +59.50
    REV -50.00 {19% VAT}
    TAX -9.50
2026-11-03 entry
    AR -178.50
    SC +178.50
""",
    ),
    "guest": (
        [
            (
                "payment.succeeded",
                {
                    "customer": None,
                    "invoices": [],
                    "fee": None,
                    "payer": {"name": "Guest", "email": "guest@walk-in.example"},
                },
            )
        ],
        """
2026-11-03 entry
    AR -119.00 open -119.00
    SC +119.00
""",
    ),
    "reversed": (
        [
            ("invoice.issued", {}),
            ("payment.succeeded", {"fee": None}),
            ("payment.reversed", {}),
        ],
        """
2026-11-02 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
2026-11-03 entry
    AR -119.00
    SC +119.00
2026-11-20 entry
    AR +119.00
    SC -119.00
2026-11-20 entry
    SC -15.00
    FEE +15.00
""",
    ),
    "refunded": (
        [
            ("invoice.issued", {}),
            ("payment.succeeded", {"fee": None}),
            ("credit_note.issued", {}),
            ("refund.succeeded", {}),
        ],
        _PAID + _REFUNDED,
    ),
    # -- clearing -------------------------------------------------------------
    "payout": (
        [
            ("invoice.issued", {}),
            ("payment.succeeded", {}),
            ("credit_note.issued", {}),
            ("refund.succeeded", {}),
            ("payout.paid", {}),
        ],
        _PAID
        + _FEE
        + _REFUNDED
        + """
2026-11-12 entry
    SC -91.43
    TRF +91.43 open +91.43
""",
    ),
}
