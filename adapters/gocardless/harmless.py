"""The values of GoCardless' payloads that may be shown.
https://developer.gocardless.com/api-reference/

Not listed, and so masked: who somebody is and where, what people wrote
(``description``, ``reference``), and ``metadata``, whose keys too are the merchant's.
"""

from ...canonical.display import harmless as shape

_SHAPES = shape.by_shape(
    (
        (shape.is_minor, "amount_refunded deducted_fees fx_amount"),
        (
            shape.is_decimal,
            """
            amount destination_amount estimated_exchange_rate exchange_rate rounding
            tax_rounding
            """,
        ),
        (
            shape.is_time,
            "arrival_date charge_date created_at moved_on next_possible_charge_date",
        ),
        (
            shape.is_flag,
            """
            faster_ach payments_require_approval retry_if_possible will_attempt_retry
            """,
        ),
        (shape.is_count, "item_count"),
        (shape.is_word, "action cause origin payout_type resource_type scheme"),
        (shape.is_currency, "destination_currency fx_currency tax_currency"),
    )
)

#: Keys with an id, or with the object itself.
_REFERENCES = frozenset(
    """
    creditor creditor_bank_account customer customer_bank_account id
    instalment_schedule mandate new_mandate object_ids organisation parent_event payment
    payout refund subscription transactions webhook_id
    """.split()
)
#: How ids begin: they have nothing between that and the rest.
_PREFIXES = tuple("BA CR CU EV IS MD OR PM PO RF SB WB pulled".split())
_OBJECTS = frozenset("details events fx items links taxes".split())

HARMLESS = shape.Harmless(_SHAPES, _REFERENCES, _PREFIXES, _OBJECTS, separator="")
