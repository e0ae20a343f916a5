"""How an event's object becomes facts, by the event's type.

The one list of what is understood: an endpoint should be subscribed to all of these
types. An object that was fetched or read through the API comes as an event too, of a
type that Stripe doesn't send: see ``wrapped.py``.
"""

from .catalogue import catalog, tax_rate
from .clearing import dispute, financing, movement, moving, payout
from .customers import customer, tax_id
from .cutover import opening_reader
from .documents import credit_change, credit_note, draft, invoice
from .notices import notice, risk, unbooked_types
from .payments import cash_balance, movement_day, payment, refund
from .subscriptions import subscription

#: Each function takes a ``StripeEvent`` and returns a list of facts, perhaps empty.
#: None stands for an event that is left aside.
NORMALISERS = {
    # customers
    "customer.created": customer.read,
    "customer.updated": customer.read,
    "customer.deleted": customer.read,
    "customer.tax_id.created": tax_id.read,
    "customer.tax_id.updated": tax_id.read,
    "customer.tax_id.deleted": tax_id.read,
    # catalogue
    "product.created": catalog.read_product,
    "product.updated": catalog.read_product,
    "product.deleted": catalog.read_product,
    "price.created": catalog.read_price,
    "price.updated": catalog.read_price,
    "price.deleted": catalog.read_price,
    "plan.created": catalog.read_plan,
    "plan.updated": catalog.read_plan,
    "plan.deleted": catalog.read_plan,
    "tax_rate.created": tax_rate.read,
    "tax_rate.updated": tax_rate.read,
    # subscriptions
    "customer.subscription.created": subscription.read,
    "customer.subscription.updated": subscription.read,
    "customer.subscription.deleted": subscription.read,
    "customer.subscription.paused": subscription.read,
    "customer.subscription.resumed": subscription.read,
    "customer.subscription.trial_will_end": subscription.read,
    "customer.subscription.pending_update_applied": subscription.read,
    "customer.subscription.pending_update_expired": subscription.read,
    # documents
    "invoice.finalized": invoice.read,
    "invoice.paid": invoice.read,
    "invoice.payment_succeeded": invoice.read,
    "invoice.payment_failed": invoice.read,
    "invoice.voided": invoice.read,
    "invoice.updated": invoice.read,
    "invoice.sent": invoice.read,
    "invoice.overdue": invoice.read,
    "invoice.will_be_due": invoice.read,
    "invoice.marked_uncollectible": invoice.read,
    "invoice.overpaid": invoice.read,
    "invoice.finalization_failed": draft.read_failure,
    "invoice.deleted": draft.read_deletion,
    "credit_note.created": credit_note.read,
    "credit_note.voided": credit_note.read,
    "credit_note.updated": credit_note.read,
    # payments
    "charge.succeeded": payment.read_charge,
    "charge.captured": payment.read_charge,
    "charge.failed": payment.read_charge,
    "payment_intent.succeeded": payment.read_payment_intent,
    "invoice_payment.paid": payment.read_invoice_payment,
    "refund.created": refund.read,
    "refund.updated": refund.read,
    "refund.failed": refund.read,
    "charge.refunded": refund.read_charge,
    "charge.refund.updated": refund.read,
    "customer_cash_balance_transaction.created": cash_balance.read,
    # clearing
    "charge.dispute.created": dispute.read,
    "charge.dispute.updated": dispute.read,
    "charge.dispute.closed": dispute.read,
    "charge.dispute.funds_withdrawn": dispute.read,
    "charge.dispute.funds_reinstated": dispute.read,
    "payout.created": payout.read,
    "payout.updated": payout.read,
    "payout.paid": payout.read,
    "payout.failed": payout.read,
    "payout.canceled": payout.read,
    "payout.reconciliation_completed": payout.read,
    "topup.succeeded": moving.read,
    "topup.reversed": moving.read,
    "transfer.created": moving.read,
    "transfer.updated": moving.read,
    "transfer.reversed": moving.read,
    "application_fee.created": moving.read,
    "application_fee.refunded": moving.read,
    "application_fee.refund.updated": moving.read,
    "reserve.hold.created": moving.read_unnamed,
    "reserve.release.created": moving.read_unnamed,
    # notices
    "radar.early_fraud_warning.created": risk.read_warning,
    "radar.early_fraud_warning.updated": risk.read_warning,
    "review.opened": risk.read_review,
    "review.closed": risk.read_review,
}

#: What reads objects that were fetched or read, by the type ``wrapped.py`` gives them.
WRAPPED = {
    # customers
    "pulled.customer": customer.read,
    "pulled.tax_id": tax_id.read,
    # catalogue
    "pulled.product": catalog.read_product,
    "pulled.price": catalog.read_price,
    "pulled.plan": catalog.read_plan,
    "pulled.tax_rate": tax_rate.read,
    # subscriptions
    "pulled.subscription": subscription.read,
    # documents
    "pulled.invoice": invoice.read,
    "pulled.credit_note": credit_note.read,
    "pulled.customer_balance_transaction": credit_change.read,
    # payments
    "pulled.charge": payment.read_charge,
    "pulled.payment_intent": payment.read_payment_intent,
    "pulled.refund": refund.read,
    "pulled.customer_cash_balance_transaction": cash_balance.read,
    "pulled.balance_transaction": movement_day.read,
    # clearing
    "pulled.dispute": dispute.read,
    "pulled.payout": payout.read,
    "pulled.payout_transactions": movement.read_contents,
    "pulled.topup": moving.read,
    "pulled.transfer": moving.read,
    "pulled.application_fee": moving.read,
    # cutover
    "pulled.opening_invoice": opening_reader.read_invoice,
    "pulled.opening_balance": opening_reader.read_balance,
    # notices
    f"pulled.{notice.KIND}": lambda event: notice.read(event.data, NORMALISERS, True),
}

#: Stripe takes no wildcards here.
EVENT_TYPES = tuple(NORMALISERS)
#: Types that an endpoint can't be subscribed to by name. They come to one that is
#: subscribed to all types, and from the list of events.
NORMALISERS |= {
    "invoice_payment.canceled": payment.read_invoice_payment,
    "invoice_payment.detached": payment.read_invoice_payment,
}
NORMALISERS |= dict.fromkeys(unbooked_types.TYPES, unbooked_types.read)
#: Of a preview of Stripe's, so not every endpoint can be subscribed to it.
NORMALISERS["capital.financing_transaction.created"] = financing.read
