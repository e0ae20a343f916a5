"""What Stripe tells of the money it holds, as JSON: the same in all API versions.
https://docs.stripe.com/api/balance_transactions
"""

from ..units import minor, stamp


class BalanceShape:
    """Writes balance transactions, payouts, disputes, and customers' credit."""

    def balance_transaction(self, movement):
        """Return a balance transaction. ``_payout`` is what it can be listed by."""
        currency = movement.currency
        return {
            "id": movement.id,
            "object": "balance_transaction",
            "amount": minor(movement.amount, currency),
            "available_on": stamp(movement.created),
            "balance_type": "payments",
            "created": stamp(movement.created),
            "currency": currency.lower(),
            "description": None,
            "exchange_rate": movement.rate and float(movement.rate),
            "fee": minor(movement.fee, currency),
            "fee_details": self._fees(movement),
            "net": minor(movement.net, currency),
            "reporting_category": movement.category,
            "source": movement.source or None,
            "status": "available",
            "type": movement.type,
            "_payout": movement.payout,
        }

    def _fees(self, movement):
        """Return what a fee consists of."""
        fees = movement.fees or {"stripe_fee": movement.fee}
        return [
            {
                "amount": minor(amount, movement.currency),
                "application": "ca_halyard" if kind == "application_fee" else None,
                "currency": movement.currency.lower(),
                "description": kind.replace("_", " ").capitalize(),
                "type": kind,
            }
            for kind, amount in fees.items()
            if amount
        ]

    def payout(self, payout):
        descriptor = f"HALYARD {payout.id[-4:].upper()}"
        return {
            "id": payout.id,
            "object": "payout",
            "amount": minor(payout.amount, payout.currency),
            "application_fee": None,
            "application_fee_amount": None,
            "arrival_date": stamp(payout.arrives_at),
            "automatic": True,
            "balance_transaction": payout.movement,
            "created": stamp(payout.created),
            "currency": payout.currency.lower(),
            "description": "STRIPE PAYOUT",
            "destination": f"ba_{self.entity.key}_{payout.currency.lower()}",
            "failure_balance_transaction": payout.failure_movement or None,
            "failure_code": "account_closed" if payout.failure_movement else None,
            "failure_message": None,
            "livemode": True,
            "metadata": {},
            "method": "standard",
            "original_payout": None,
            "reconciliation_status": (
                "completed" if payout.completed else "in_progress"
            ),
            "reversed_by": None,
            "source_type": "card",
            "statement_descriptor": descriptor,
            "status": payout.status,
            "trace_id": None,
            "type": "bank_account",
        }

    def dispute(self, dispute):
        payment = dispute.payment
        movements = [self.balance_transaction(part) for part in dispute.movements]
        return {
            "id": dispute.id,
            "object": "dispute",
            "amount": minor(payment.amount, payment.currency),
            "balance_transactions": [
                {key: value for key, value in part.items() if key != "_payout"}
                for part in movements
            ],
            "charge": payment.charge,
            "created": stamp(dispute.created),
            "currency": payment.currency.lower(),
            "enhanced_eligibility_types": [],
            "evidence": {},
            "evidence_details": {
                "due_by": stamp(dispute.created) + 14 * 86400,
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
            "is_charge_refundable": dispute.status.startswith("warning"),
            "livemode": True,
            "metadata": {},
            "payment_intent": payment.id,
            "reason": dispute.reason,
            "status": dispute.status,
        }

    def customer_balance_transaction(self, change):
        """Return a change of a customer's credit: there, credit is below zero."""
        return {
            "id": change.id,
            "object": "customer_balance_transaction",
            "amount": -minor(change.amount, change.currency),
            "checkout_session": None,
            "created": stamp(change.created),
            "credit_note": None,
            "currency": change.currency.lower(),
            "customer": change.customer,
            "customer_account": None,
            "description": None,
            "ending_balance": -minor(change.after, change.currency),
            "invoice": change.invoice or None,
            "livemode": True,
            "metadata": {},
            "type": change.kind,
        }
