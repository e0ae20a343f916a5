"""What Stripe tells of money that moves without a customer, as JSON: the same in all
API versions. https://docs.stripe.com/connect
"""

from ..units import minor, stamp


class MovedShape:
    """Writes top-ups, transfers, application fees, reserves and financing."""

    def topup(self, moved):
        return {
            **self._moved(moved, "topup"),
            "description": "Top-up from the bank",
            "expected_availability_date": stamp(moved.created),
            "failure_code": None,
            "failure_message": None,
            "source": None,
            "statement_descriptor": "TOP-UP",
            "status": moved.status,
            "transfer_group": None,
        }

    def transfer(self, moved):
        backs = [self.transfer_reversal(moved, back) for back in moved.backs]
        return {
            **self._moved(moved, "transfer"),
            "amount_reversed": self._sum(moved),
            "description": None,
            "destination": moved.connected,
            "destination_payment": f"py_{moved.id}",
            "reversals": self.list(backs, f"/v1/transfers/{moved.id}/reversals"),
            "reversed": moved.amount == sum(back.amount for back in moved.backs),
            "source_transaction": None,
            "source_type": "card",
            "transfer_group": None,
        }

    def transfer_reversal(self, moved, back):
        return {
            **self._back(moved, back, "transfer_reversal"),
            "destination_payment_refund": None,
            "source_refund": None,
            "transfer": moved.id,
        }

    def application_fee(self, moved):
        charge = f"ch_of_{moved.id}"
        refunds = [self.fee_refund(moved, back) for back in moved.backs]
        return {
            **self._moved(moved, "application_fee"),
            "account": moved.connected,
            "amount_refunded": self._sum(moved),
            "application": "ca_halyard",
            "charge": charge,
            "fee_source": {"charge": charge, "type": "charge"},
            "originating_transaction": None,
            "refunded": moved.amount == sum(back.amount for back in moved.backs),
            "refunds": self.list(refunds, f"/v1/application_fees/{moved.id}/refunds"),
        }

    def fee_refund(self, moved, back):
        return {**self._back(moved, back, "fee_refund"), "fee": moved.id}

    def hold(self, moved):
        """Return what Stripe tells of money that it holds back."""
        data = self._moved(moved, "reserve.hold")
        del data["balance_transaction"]
        return {**data, "created_by": "stripe", "destination": "risk_reserved"}

    def repayment(self, repayment):
        """Return what Stripe tells of a part of its loan that it takes back."""
        currency = repayment.currency
        whole, cost = (
            minor(amount, currency) for amount in (repayment.amount, repayment.cost)
        )
        return {
            "id": repayment.id,
            "object": "capital.financing_transaction",
            "account": f"acct_{self.entity.key}",
            "created_at": stamp(repayment.created),
            "details": {
                "advance_amount": whole - cost,
                "currency": currency.lower(),
                "fee_amount": cost,
                "linked_payment": None,
                "reason": "automatic_withholding",
                "reversed_transaction": None,
                "total_amount": whole,
                "transaction": None,
            },
            "financing_offer": f"financingoffer_{self.entity.key}",
            "livemode": True,
            "type": "payment",
            "user_facing_description": None,
        }

    def _moved(self, moved, kind):
        return {
            "id": moved.id,
            "object": kind,
            "amount": minor(moved.amount, moved.currency),
            "balance_transaction": moved.movement or None,
            "created": stamp(moved.created),
            "currency": moved.currency.lower(),
            "livemode": True,
            "metadata": {},
        }

    def _back(self, moved, back, kind):
        return {
            "id": back.id,
            "object": kind,
            "amount": minor(back.amount, moved.currency),
            "balance_transaction": back.movement,
            "created": stamp(back.created),
            "currency": moved.currency.lower(),
            "metadata": {},
        }

    def _sum(self, moved):
        return sum(minor(back.amount, moved.currency) for back in moved.backs)
