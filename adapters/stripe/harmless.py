"""The values of Stripe's payloads that may be shown. https://docs.stripe.com/api

Not listed, and so masked: who somebody is and where, how they pay, what people wrote
(``description``, ``name``, ``memo``), links that let somebody in, and ``metadata``,
whose keys too are the merchant's own.
"""

from ...canonical.display import harmless as shape

_SHAPES = shape.by_shape(
    (
        (
            shape.is_minor,
            """
            amount_authorized amount_capturable amount_captured amount_due
            amount_excluding_tax amount_overpaid amount_paid amount_paid_off_stripe
            amount_received amount_refunded amount_releasable amount_remaining
            amount_requested amount_reversed
            amount_off amount_shipping amount_subtotal amount_tax amount_total
            application_fee_amount balance discount_amount
            ending_balance fee flat_amount maximum_amount_capturable net net_amount
            out_of_band_amount post_payment_amount post_payment_credit_notes_amount
            pre_payment_amount pre_payment_credit_notes_amount starting_balance
            subtotal_excluding_tax taxable_amount total_excluding_tax unit_amount
            """,
        ),
        (
            shape.is_decimal,
            """
            amount_decimal exchange_rate unit_amount_decimal unit_amount_excluding_tax
            """,
        ),
        (
            shape.is_percentage,
            "application_fee_percent effective_percentage percent_off tax_percent",
        ),
        (
            shape.is_count,
            """
            attempt_count days_until_due interval_count next_invoice_sequence
            pending_webhooks submission_count total_count trial_period_days
            """,
        ),
        (
            shape.is_time,
            """
            arrival_date automatically_finalizes_at available_on billing_cycle_anchor
            cancel_at canceled_at current_period_end current_period_start due_by
            due_date effective_at end ended_at finalized_at marked_uncollectible_at
            next_payment_attempt paid_at period_end period_start start start_date
            trial_end trial_start voided_at webhooks_delivered_at
            """,
        ),
        (
            shape.is_flag,
            """
            actionable active attempted auto_advance automatic cancel_at_period_end
            captured delinquent discountable disputed enabled has_evidence has_more
            inclusive is_charge_refundable is_default open paid paid_out_of_band
            past_due proration refunded shippable used using_merchant_default
            """,
        ),
        (
            shape.is_word,
            """
            balance_type billing_reason billing_scheme cancellation_reason
            capture_method case_type closed_reason code collection_method
            confirmation_method customer_tax_exempt disabled_reason failure_code
            failure_reason feedback fraud_type interval jurisdiction_level method
            missing_payment_method network_status opened_reason payment_method_types
            rate_type reconciliation_mode reconciliation_status reference_status
            reference_type reporting_category risk_level source_type tax_behavior
            tax_exempt tax_type taxability_reason usage_type
            """,
        ),
        (shape.is_currency, "default_currency"),
        (shape.is_place, "account_country jurisdiction state"),
        (shape.is_tax_name, "display_name"),
        (shape.is_document_number, "number"),
        (shape.is_version, "api_version"),
    )
)

#: Keys with an id, or with the object itself where it was expanded.
_REFERENCES = frozenset(
    """
    account application_fee balance_transaction charge checkout_session credit_note
    credited_items customer customer_account customer_balance_transaction
    default_payment_method default_price default_source default_tax_rates destination
    discount discounts failure_balance_transaction fee from_invoice id invoice
    invoice_item invoice_line_item latest_charge latest_invoice latest_revision
    on_behalf_of
    order_reference original_payout payment_intent payment_method payment_record plan
    price product quote rate refund reversed_by schedule shipping_rate snapshot_event
    source source_transfer subscription subscription_item tax_rate tax_rates test_clock
    transactions transfer transfer_reversal
    """.split()
)

#: https://docs.stripe.com/api names no list; these begin the ids of what is read here.
_PREFIXES = tuple(
    """
    acct adj ba bps btok card cbtxn ccsbtxn ch cn cnli cpd cpo cptxn cs cus di dp evt
    fee fr ii il in inpay issfr li pi plan pm po pr price prod promo prv
    pulled py pyr qt re req reshold seti shr si sli src sub sub_sched tr trr tu txcd
    txi txn txr
    """.split()
)

#: Keys with an object whose keys are Stripe's.
_OBJECTS = frozenset(
    """
    address amount_details applied_to_payment automatic_tax balance_transactions
    billing_details cancellation_details coupon customer_address customer_tax_ids
    destination_details discount_amounts end_behavior evidence_details fee_details
    invoice_item_details invoice_settings issuer items last_finalization_error
    last_payment_error liability lines object outcome owner parent payment
    payment_details payments period previous_attributes pretax_credit_amounts
    price_details pricing proration_details recurring refunded_from_payment refunds
    related_object request settings shipping_cost status_transitions
    subscription_details subscription_item_details tax_amounts tax_ids tax_rate_details
    taxes total_discount_amounts total_pretax_credit_amounts total_tax_amounts
    total_taxes transfer_data trial_settings unapplied_from_payment verification
    """.split()
)

HARMLESS = shape.Harmless(_SHAPES, _REFERENCES, _PREFIXES, _OBJECTS)
