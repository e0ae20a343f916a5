"""The values of events that may be shown to people who see no personal data.

Not listed, and so masked: who somebody is and where, what people wrote, and what else a
sender chose to tell.
"""

from ...canonical.display import harmless as shape

_SHAPES = shape.by_shape(
    (
        (
            shape.is_minor,
            "net taxable fee to_invoice to_credit outside unit_amount sequence",
        ),
        (
            shape.is_time,
            """
            time issued_at due_at voided_at paid_at failed_at reversed_at refunded_at
            arrives_on period_start period_end started_at starts_at ends_at trial_end
            canceled_at won_at occurred_at effective_at anchor starts_on ends_on
            flagged_at cleared_at
            """,
        ),
        (
            shape.is_flag,
            """
            deleted will_retry cancel_at_period_end at_period_end auto_renew
            is_actionable
            """,
        ),
        (
            shape.is_count,
            "months notice_days term_months period_months plan_version",
        ),
        (shape.is_word, "state tax_exempt plan component"),
        (shape.is_decimal, "percentage specversion saasversion"),
        (shape.is_document_number, "number"),
    )
)
_OBJECTS = frozenset(
    """
    lines taxes items invoices refunds contains records customer address gateway
    invoices_elsewhere credit_notes_elsewhere also_known_as term terms
    """.split()
)

HARMLESS = shape.Harmless(_SHAPES, objects=_OBJECTS)
