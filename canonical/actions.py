"""The closed list of what the log tells was done; ``models/log/actions.py`` has what
people read of each. A chain keeps actions for good, so a word never changes.
"""

from enum import StrEnum

from .kinds import Kind
from .reasons import State


class Action(StrEnum):
    """What was done to a record, or became of an event."""

    # -- customers ------------------------------------------------------------
    CREDIT_ASKED_FOR = "balance_asked_for"
    CUSTOMER_CHOSEN = "customer_chosen"
    CUSTOMER_DELETED = "customer_deleted"
    CUSTOMER_MERGED = "customers_merged"
    CUSTOMER_SUPERSEDED = "customer_superseded"
    PAYER_CREATED = "payer_created"
    PROPOSAL_ACCEPTED = "proposal_accepted"
    PROPOSAL_REFUSED = "proposal_refused"
    SUSPENSION_LIFTED = "suspension_lifted"
    TAX_ID_CREATED = "tax_id_created"
    TAX_ID_UPDATED = "tax_id_updated"
    MANDATORY_MISSING = "mandatory_missing"
    TAX_CHECK_CREATED = "tax_check_created"
    TAX_CHECK_UPDATED = "tax_check_updated"
    TENANT_ARCHIVED = "tenant_archived"
    TENANT_CREATED = "tenant_created"
    TENANT_MATCHED = "tenant_matched"
    TENANT_MERGED = "tenant_merged"
    TENANT_PARENT_SET = "tenant_parent_set"
    TENANT_PARENT_REFUSED = "tenant_parent_refused"
    TENANT_PROPOSED = "tenant_proposed"
    TENANT_SUSPENDED = "tenant_suspended"
    TENANT_UPDATED = "tenant_updated"
    VAT_KEPT = "vat_kept"
    VAT_UPDATED = "vat_updated"

    # -- catalogue ------------------------------------------------------------
    CATALOG_ITEM_CREATED = "catalog_item_created"
    CATALOG_ITEM_UPDATED = "catalog_item_updated"
    TAX_RATE_CREATED = "tax_rate_created"
    TAX_RATE_UPDATED = "tax_rate_updated"

    # -- subscriptions --------------------------------------------------------
    SUBSCRIPTION_CREATED = "subscription_created"
    SUBSCRIPTION_UPDATED = "subscription_updated"
    SUBSCRIPTION_CHANGE_KEPT = "subscription_change_kept"
    SUBSCRIPTION_CONTINUED = "subscription_continued"
    SUBSCRIPTION_MOVED_ON = "subscription_moved_on"
    TRIAL_ENDS_SOON = "trial_ends_soon"
    CONTRACT_CREATED = "contract_created"
    CONTRACT_UPDATED = "contract_updated"
    DISCOUNT_GRANTED = "discount_granted"
    DISCOUNT_ENDED = "discount_ended"
    ENTITLEMENT_CHANGED = "entitlement_changed"

    # -- usage ----------------------------------------------------------------
    USAGE_STORED = "usage_stored"
    USAGE_FREED = "usage_freed"
    USAGE_CORRECTED = "usage_corrected"
    USAGE_DECIDED = "usage_decided"
    USAGE_RECOUNTED = "usage_recounted"
    USAGE_LOSS_NOTED = "usage_loss_noted"

    # -- documents ------------------------------------------------------------
    INVOICE_POSTED = "invoice_posted"
    INVOICE_OPEN = "invoice_open"
    INVOICE_PAID = "invoice_paid"
    INVOICE_UNCOLLECTIBLE = "invoice_uncollectible"
    INVOICE_VOID = "invoice_void"
    COLLECTION_FAILED = "collection_failed"
    DUE_DATE_CHANGED = "due_date_changed"
    SERVICE_PERIOD_CHANGED = "service_period_changed"
    DRAFT_FAILING = "draft_failing"
    DRAFT_DELETED = "draft_deleted"
    INVOICE_CREDIT_POSTED = "invoice_balance_posted"
    INVOICE_CREDIT_REVERSAL = "invoice_balance_reversal"
    INVOICE_CREDIT_GIVEN_BACK_POSTED = "invoice_balance_given_back_posted"
    INVOICE_OVERPAID_POSTED = "invoice_overpaid_posted"
    INVOICE_WRITE_OFF_POSTED = "invoice_write_off_posted"
    INVOICE_WRITE_OFF_REVERSAL = "invoice_write_off_reversal"
    INVOICE_UNEARNED_POSTED = "invoice_unearned_posted"
    CREDIT_NOTE_POSTED = "credit_note_posted"
    CREDIT_NOTE_VOID = "credit_note_void"
    CREDIT_NOTE_CREDIT_POSTED = "credit_note_balance_posted"
    CREDIT_NOTE_CREDIT_REVERSAL = "credit_note_balance_reversal"
    CREDIT_ADJUSTMENT_POSTED = "balance_adjustment_posted"

    # -- payments -------------------------------------------------------------
    MANDATE_CREATED = "mandate_created"
    MANDATE_UPDATED = "mandate_updated"
    COLLECTION_ORDERED = "collection_ordered"
    COLLECTION_SUCCEEDED = "collection_succeeded"
    COLLECTION_REFUSED = "collection_refused"
    COLLECTION_NEEDS_CUSTOMER = "collection_needs_customer"
    COLLECTION_CANCELED = "collection_canceled"
    DUNNING_STEP_TAKEN = "dunning_step_taken"
    TENANT_RESTRICTED = "tenant_restricted"
    RESTRICTION_LIFTED = "restriction_lifted"
    PAYMENT_POSTED = "payment_posted"
    PAYMENT_FAILURE_TOLD = "payment_failure_told"
    PAYMENT_FAILURE_POSTED = "payment_failure_posted"
    PAYMENT_REVERSED = "payment_reversed"
    ENTRY_MOVED = "entry_moved"
    RECONCILED = "reconciled"
    OWNER_CHOSEN = "owner_chosen"
    OWNER_CHANGED = "owner_changed"
    RECEIVABLE_TRANSFER_POSTED = "receivable_transfer_posted"
    RECEIVABLE_TRANSFER_REVERSED = "receivable_transfer_reversed"
    ALLOCATION_ENDED = "allocation_ended"
    MONEY_TOLD_TWICE = "money_told_twice"
    REFUND_POSTED = "refund_posted"
    REFUND_PENDING = "refund_pending"
    REFUND_SUCCEEDED = "refund_succeeded"
    REFUND_RETURNED = "refund_returned"
    REFUND_RETURN = "refund_return"
    HELD_CASH_ENTRY_POSTED = "cash_balance_entry_posted"

    # -- clearing -------------------------------------------------------------
    MOVEMENT = "balance_transaction"
    MOVEMENT_ENTRY_POSTED = "balance_entry_posted"
    MOVEMENT_KNOWN = "movement_known"
    MOVEMENTS_ASKED_FOR = "movements_asked_for"
    MOVEMENT_ACCOUNT_CHOSEN = "movement_account_chosen"
    LOAN_COST_POSTED = "loan_cost_posted"
    DISPUTE_WARNING_NEEDS_RESPONSE = "dispute_warning_needs_response"
    DISPUTE_WARNING_UNDER_REVIEW = "dispute_warning_under_review"
    DISPUTE_WARNING_CLOSED = "dispute_warning_closed"
    DISPUTE_NEEDS_RESPONSE = "dispute_needs_response"
    DISPUTE_UNDER_REVIEW = "dispute_under_review"
    DISPUTE_LOST = "dispute_lost"
    DISPUTE_APPEAL_NEEDS_RESPONSE = "dispute_appeal_needs_response"
    DISPUTE_APPEAL_UNDER_REVIEW = "dispute_appeal_under_review"
    DISPUTE_PREVENTED = "dispute_prevented"
    DISPUTE_WON = "dispute_won"
    DISPUTE_MOVEMENT_POSTED = "dispute_movement_posted"
    DISPUTE_LOSS_POSTED = "dispute_loss_posted"
    DISPUTE_LOSS_UNDONE = "dispute_loss_undone"
    DISPUTE_LOSS_UNDONE_POSTED = "dispute_loss_undone_posted"
    PAYOUT_PENDING = "payout_pending"
    PAYOUT_IN_TRANSIT = "payout_in_transit"
    PAYOUT_PAID = "payout_paid"
    PAYOUT_CANCELED = "payout_canceled"
    PAYOUT_FAILED = "payout_failed"
    PAYOUT_CONTENTS = "payout_contents"
    PAYOUT_ENTRY_POSTED = "payout_entry_posted"
    PAYOUT_RETURN = "payout_return"

    # -- cut-over -------------------------------------------------------------
    BEFORE_CUTOVER = "before_cutover"
    NOTHING_OPEN = "nothing_open"
    OPENING_POSTED = "opening_posted"

    # -- notices --------------------------------------------------------------
    NOTICE_KNOWN = "event_twin_known"
    OBJECT_ASKED_FOR = "object_asked_for"
    WORD_UNKNOWN = "word_unknown"
    RISK_FLAGGED = "risk_flagged"
    RISK_UPDATED = "risk_updated"
    RISK_CLEARED = "risk_cleared"

    # -- events and differences -----------------------------------------------
    EVENT_RECEIVED = "event_received"
    EVENT_DONE = "event_done"
    EVENT_IGNORED = "event_ignored"
    EVENT_PARKED = "event_parked"
    EVENT_QUARANTINED = "event_quarantined"
    EVENT_DEAD = "event_dead"
    EVENT_HELD = "event_held"
    EVENT_OBSERVED = "event_observed"
    CONTENT_ACCEPTED = "content_accepted"
    EVENT_FORWARDED = "event_forwarded"
    DIFFERENCE_OPEN = "difference_open"
    DIFFERENCE_RESOLVED = "difference_resolved"
    DIFFERENCE_ACCEPTED = "difference_accepted"

    # -- decisions of people about objects --------------------------------------
    ACCEPTED_ONCE = "accepted_once"
    OBJECT_BOUND = "object_bound"
    OBJECT_IGNORED = "object_ignored"
    CURRENCY_SET_UP = "currency_set_up"
    OBJECT_REOPENED = "object_reopened"
    DECISION_PROPOSED = "decision_proposed"
    DECISION_SIGNED = "decision_signed"
    DECISION_APPLIED = "decision_applied"
    DECISION_REFUSED = "decision_refused"
    DECISION_VOID = "decision_void"
    DECISION_SAMPLED = "decision_sampled"
    FOUR_EYES_SET = "four_eyes_set"

    # -- billing runs ----------------------------------------------------------------
    BILLING_STARTED = "billing_started"
    BILLING_DONE = "billing_done"
    BILLING_CANCELLED = "billing_cancelled"

    # -- recognition and cost runs ---------------------------------------------------
    RECOGNITION_STARTED = "recognition_started"
    RECOGNITION_DONE = "recognition_done"
    RECOGNITION_CANCELLED = "recognition_cancelled"
    COSTS_STARTED = "costs_started"
    COSTS_DONE = "costs_done"
    COSTS_CANCELLED = "costs_cancelled"

    # -- operations of people on many events, or on sources ---------------------
    OPERATION_STARTED = "operation_started"
    OPERATION_DONE = "operation_done"
    OPERATION_CANCELLED = "operation_cancelled"
    SOURCE_PAUSED = "source_paused"
    SOURCE_RESUMED = "source_resumed"

    # -- areas that are observed, and switched on --------------------------------
    STAGE_CHANGED = "stage_changed"
    SWITCH_STARTED = "switch_started"
    OBSERVATION_DECIDED = "observation_decided"

    # -- what people did to records, and where this database is ----------------
    CREATED_BY_PERSON = "created_by_person"
    CHANGED_BY_PERSON = "changed_by_person"
    DELETED_BY_PERSON = "deleted_by_person"
    LINK_MOVED = "link_moved"
    SOURCE_LINKED = "source_linked"
    ENVIRONMENT_CONFIRMED = "environment_confirmed"


#: What is logged when a record of its own is made for an object, and when it is brought
#: to a newer snapshot, by its kind.
_OWN = "TAX_ID CATALOG_ITEM TAX_RATE MANDATE CONTRACT TAX_CHECK".split()
CREATED = {Kind[name]: Action[f"{name}_CREATED"] for name in _OWN}
UPDATED = {Kind[name]: Action[f"{name}_UPDATED"] for name in _OWN}
#: What is logged when a document or an entry is posted, by the kind it is bound as.
POSTED = {
    Kind.INVOICE: Action.INVOICE_POSTED,
    Kind.CREDIT_NOTE: Action.CREDIT_NOTE_POSTED,
    Kind.INVOICE_CREDIT: Action.INVOICE_CREDIT_POSTED,
    Kind.INVOICE_CREDIT_GIVEN_BACK: Action.INVOICE_CREDIT_GIVEN_BACK_POSTED,
    Kind.INVOICE_OVERPAID: Action.INVOICE_OVERPAID_POSTED,
    Kind.INVOICE_WRITE_OFF: Action.INVOICE_WRITE_OFF_POSTED,
    Kind.INVOICE_UNEARNED: Action.INVOICE_UNEARNED_POSTED,
    Kind.CREDIT_NOTE_CREDIT: Action.CREDIT_NOTE_CREDIT_POSTED,
    Kind.CREDIT_ADJUSTMENT: Action.CREDIT_ADJUSTMENT_POSTED,
    Kind.HELD_CASH_ENTRY: Action.HELD_CASH_ENTRY_POSTED,
    Kind.MOVEMENT_ENTRY: Action.MOVEMENT_ENTRY_POSTED,
    Kind.LOAN_COST: Action.LOAN_COST_POSTED,
    Kind.DISPUTE_MOVEMENT: Action.DISPUTE_MOVEMENT_POSTED,
    Kind.DISPUTE_LOSS: Action.DISPUTE_LOSS_POSTED,
    Kind.DISPUTE_LOSS_UNDONE: Action.DISPUTE_LOSS_UNDONE_POSTED,
    Kind.DISPUTE_UNEARNED: Action.INVOICE_UNEARNED_POSTED,
    Kind.PAYOUT_ENTRY: Action.PAYOUT_ENTRY_POSTED,
}
#: Postings whose delay is measured, each with what was posted.
LAGGED = {
    Action.INVOICE_POSTED: Kind.INVOICE,
    Action.CREDIT_NOTE_POSTED: Kind.CREDIT_NOTE,
    Action.PAYMENT_POSTED: Kind.PAYMENT,
    Action.REFUND_POSTED: Kind.REFUND,
    Action.PAYOUT_ENTRY_POSTED: Kind.PAYOUT,
}
#: What is logged when a record is reversed, by the kind its reversal is bound as.
REVERSED = {
    Kind.INVOICE_CREDIT_REVERSAL: Action.INVOICE_CREDIT_REVERSAL,
    Kind.INVOICE_VOID: Action.INVOICE_VOID,
    Kind.INVOICE_WRITE_OFF_REVERSAL: Action.INVOICE_WRITE_OFF_REVERSAL,
    Kind.CREDIT_NOTE_CREDIT_REVERSAL: Action.CREDIT_NOTE_CREDIT_REVERSAL,
    Kind.CREDIT_NOTE_VOID: Action.CREDIT_NOTE_VOID,
    Kind.REFUND_RETURN: Action.REFUND_RETURN,
    Kind.DISPUTE_LOSS_UNDONE: Action.DISPUTE_LOSS_UNDONE,
    Kind.PAYOUT_RETURN: Action.PAYOUT_RETURN,
}


def _find_states(kind, *states):
    """Return what is logged when an object of a kind gets to a state, by the state."""
    return {state: Action(f"{kind}_{state}") for state in states}


INVOICE_STATES = _find_states("invoice", "open", "uncollectible", "paid", "void")
DRAFT_STATES = {"failing": Action.DRAFT_FAILING, "deleted": Action.DRAFT_DELETED}
REFUND_STATES = _find_states("refund", "pending", "succeeded", "returned")
DISPUTE_STATES = _find_states(
    "dispute",
    *("warning_needs_response", "warning_under_review", "warning_closed"),
    *("needs_response", "under_review", "lost", "won", "prevented"),
    *("appeal_needs_response", "appeal_under_review"),
)
PAYOUT_STATES = _find_states(
    "payout", "pending", "in_transit", "paid", "canceled", "failed"
)
EVENT_STATES = {state: Action(f"event_{state}") for state in State}
DIFFERENCE_STATES = _find_states("difference", "open", "resolved", "accepted")
#: What is logged when a person decides about an object, by the decision.
RESOLUTIONS = {
    "record": Action.OBJECT_BOUND,
    "nothing": Action.OBJECT_IGNORED,
    "open": Action.OBJECT_REOPENED,
}
