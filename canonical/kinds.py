"""The closed list of kinds of objects.

A kind is the name of an object of a source here: in bindings, in pairs to reconcile, in
what an event waits for, in what is fetched, read and compared. Kinds are stored, so a
kind's word never changes, whatever its name in this list says better today.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What an object of a source, or an entry made because of one, is called here.

    Kinds of facts have a handler, ``saas.handler.<kind>``. The others are kinds of
    references: entries that one fact leads to beside its own, and what to wait for.
    """

    # -- customers ------------------------------------------------------------
    CUSTOMER = "customer"
    #: That two customers of a source have become one.
    CUSTOMER_MERGED = "customer_merged"
    #: What a customer is called in another system, by its own source.
    CUSTOMER_ALIAS = "customer_alias"
    #: The customer of a source that another one belongs to.
    CUSTOMER_PARENT = "customer_parent"
    TAX_ID = "tax_id"
    #: What an authority said of a tax number.
    TAX_CHECK = "tax_check"
    #: What is known of a payer who is no customer of the source.
    PAYER = "payer"

    # -- catalogue ------------------------------------------------------------
    CATALOG_ITEM = "catalog_item"
    PRICE = "price"
    PRODUCT = "product"
    TAX_RATE = "tax_rate"

    # -- subscriptions --------------------------------------------------------
    SUBSCRIPTION = "subscription"
    SUBSCRIPTION_ITEM = "subscription_item"
    #: What has happened to a subscription whose invoices Odoo issues, or will.
    SUBSCRIPTION_CHANGE = "subscription_change"
    #: A deal that was won, before it is billed.
    CONTRACT = "contract"
    #: The sales order that a contract is, where Sales is installed; and its lines.
    SALES_ORDER = "sales_order"
    SALES_ORDER_LINE = "sales_order_line"

    # -- usage ----------------------------------------------------------------
    USAGE = "usage"
    #: What usage is counted by. Records of usage wait for one, by its code.
    METER = "meter"

    # -- documents ------------------------------------------------------------
    INVOICE = "invoice"
    INVOICE_DRAFT = "invoice_draft"
    #: The entry for the part of an invoice that changed the customer's credit.
    INVOICE_CREDIT = "invoice_balance"
    INVOICE_CREDIT_REVERSAL = "invoice_balance_reversal"
    #: The entry that gives a void invoice's part of the customer's credit back.
    INVOICE_CREDIT_GIVEN_BACK = "invoice_balance_given_back"
    INVOICE_OVERPAID = "invoice_overpaid"
    #: The reversal of an invoice that is void.
    INVOICE_VOID = "invoice_void"
    #: That an invoice was given up: since when, and what its newest snapshot says is
    #: uncollectible. It has no record.
    INVOICE_GIVEN_UP = "invoice_given_up"
    #: What was booked first of an invoice's loss, and what has changed of it since.
    INVOICE_WRITE_OFF = "invoice_write_off"
    INVOICE_WRITE_OFF_REVERSAL = "invoice_write_off_reversal"
    #: What of an invoice's loss was never earned, and what has changed of it since.
    INVOICE_UNEARNED = "invoice_unearned"
    CREDIT_NOTE = "credit_note"
    #: The entry for the part of a credit note that went to the customer's credit.
    CREDIT_NOTE_CREDIT = "credit_note_balance"
    CREDIT_NOTE_CREDIT_REVERSAL = "credit_note_balance_reversal"
    #: The reversal of a credit note that is void.
    CREDIT_NOTE_VOID = "credit_note_void"
    CREDIT_ADJUSTMENT = "balance_adjustment"
    #: The list of all changes of a customer's credit, with those that documents tell.
    CREDIT_CHANGE = "customer_balance_transaction"

    # -- payments -------------------------------------------------------------
    MANDATE = "mandate"
    #: What became of an order to collect money.
    COLLECTION = "collection"
    PAYMENT = "payment"
    #: The part of a payment that went to one invoice.
    INVOICE_PAYMENT = "invoice_payment"
    #: The entry that takes back a payment that failed after it had succeeded.
    PAYMENT_FAILURE = "payment_failure"
    #: When the source's balance moved because of an object that isn't booked yet.
    MOVEMENT_DAY = "movement_day"
    OUTSIDE_PAYMENT = "outside_payment"
    #: Whose money it is, as a person said.
    OWNER = "payment_owner"
    #: The entry that takes a receivable to another contact or account.
    RECEIVABLE_TRANSFER = "receivable_transfer"
    REFUND = "refund"
    #: Any refund of the payment that has this id.
    REFUND_OF = "refund_of"
    #: The reversal of a refund whose money came back.
    REFUND_RETURN = "refund_return"
    REFUND_TOTAL = "refund_total"
    #: A change of a customer's held cash whose entry waits for its payment.
    HELD_CASH = "cash_balance"
    HELD_CASH_CHANGE = "cash_balance_change"
    #: The entry of a change of a customer's held cash.
    HELD_CASH_ENTRY = "cash_balance_entry"

    # -- linked sources ---------------------------------------------------------
    #: Which documents of other systems a payment or a refund is for.
    MONEY_LINKS = "money_links"
    #: An object of whichever linked source has it: what an event waits for.
    LINKED_INVOICE = "linked_invoice"
    LINKED_CREDIT_NOTE = "linked_credit_note"
    #: A document with this number.
    LINKED_NUMBER = "linked_number"
    LINKED_PAYMENT = "linked_payment"
    LINKED_REFUND = "linked_refund"

    # -- clearing -------------------------------------------------------------
    #: One movement of the source's balance, as the source lists it.
    MOVEMENT = "balance_transaction"
    #: The entry that a movement itself books: its fee, and the exchange.
    MOVEMENT_ENTRY = "balance_entry"
    #: What an event says has moved money. The movement itself books it.
    MOVEMENT_NOTICE = "movement_notice"
    #: The movement that took the top-up with this id back.
    TOPUP_REVERSAL = "topup_reversal"
    #: The movement of the transfer to a connected account with this id.
    TRANSFER = "transfer"
    #: The part of a repayment that is the cost of the loan.
    LOAN_COST = "loan_cost"
    DISPUTE = "dispute"
    #: One of the movements that a dispute tells of.
    DISPUTE_MOVEMENT = "dispute_movement"
    DISPUTE_LOSS = "dispute_loss"
    #: The entry that takes a dispute's loss back.
    DISPUTE_LOSS_UNDONE = "dispute_loss_undone"
    #: What of a dispute's loss was never earned, and what has changed of it since.
    DISPUTE_UNEARNED = "dispute_unearned"
    PAYOUT = "payout"
    PAYOUT_CONTENTS = "payout_contents"
    PAYOUT_ENTRY = "payout_entry"
    #: The reversal of a payout whose money came back.
    PAYOUT_RETURN = "payout_return"

    # -- cut-over -------------------------------------------------------------
    CREDIT_OPENING = "balance_opening"
    INVOICE_OPENING = "invoice_opening"
    #: An invoice as it stood at the cut-over, as it is fetched.
    OPENING_INVOICE = "opening_invoice"

    # -- notices --------------------------------------------------------------
    #: The event with the content that a notice tells of.
    EVENT = "event"
    NOTICE = "event_twin"
    #: An object as it was read after a notice had come: its id here is the reference
    #: of the object, such as ``customer:C-7``.
    ANSWER = "notice_answer"
    #: A word of the source's that is not known here.
    UNKNOWN_WORD = "unknown_word"
    #: That somebody doubts a payment or a customer.
    RISK = "risk"


#: What an entry is bound as when it is taken back, by what it was bound as.
REVERSALS = {
    Kind.INVOICE_CREDIT: Kind.INVOICE_CREDIT_REVERSAL,
    Kind.CREDIT_NOTE_CREDIT: Kind.CREDIT_NOTE_CREDIT_REVERSAL,
}


#: The kinds of facts whose objects have documents or move money; each with the kind
#: that decisions about such an object are kept under.
DECIDABLE = {
    Kind.INVOICE: Kind.INVOICE,
    Kind.INVOICE_OPENING: Kind.INVOICE,
    Kind.CREDIT_NOTE: Kind.CREDIT_NOTE,
    Kind.CREDIT_ADJUSTMENT: Kind.CREDIT_ADJUSTMENT,
    Kind.PAYMENT: Kind.PAYMENT,
    Kind.PAYMENT_FAILURE: Kind.PAYMENT_FAILURE,
    Kind.REFUND: Kind.REFUND,
    Kind.MONEY_LINKS: Kind.MONEY_LINKS,
    Kind.HELD_CASH_CHANGE: Kind.HELD_CASH_CHANGE,
    Kind.DISPUTE: Kind.DISPUTE,
    Kind.PAYOUT: Kind.PAYOUT,
    Kind.MOVEMENT: Kind.MOVEMENT,
}

#: The documents of linked sources that money waits for.
LINKED_DOCUMENTS = (Kind.LINKED_INVOICE, Kind.LINKED_CREDIT_NOTE, Kind.LINKED_NUMBER)
#: All that an event waits for in linked sources.
LINKED = (*LINKED_DOCUMENTS, Kind.LINKED_PAYMENT, Kind.LINKED_REFUND)
