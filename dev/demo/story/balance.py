"""The money that Stripe holds for an account: what moves it, and how it is paid out."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from ...make_believe.stripe.fate import DONE
from ...make_believe.stripe.movements import Dispute, Movement, Payout
from ...make_believe.stripe.units import ZERO, rounded
from ..catalogue import CHARGE_FEES, DISPUTE_FEES, EXCHANGED_AT

#: How long a payout is on its way.
TRANSIT = timedelta(days=2)


class Balance:
    """All movements of an account's balance, in every currency it is held in."""

    def __init__(self, account):
        self.account = account
        self.entity = account.entity
        self.ledger = account.ledger
        self.movements = []
        self.payouts = []

    def charge(self, payment, fate=DONE, fees=None):
        """Take in a payment, less what Stripe keeps of it; ``fees`` are what others
        keep of it beside, by Stripe's type.
        """
        movement = self._move_money(
            payment.movement,
            "charge",
            payment.charge,
            payment,
            payment.amount,
            payment.paid_at,
            fate,
        )
        percent, fixed = CHARGE_FEES[movement.currency]
        own = rounded(movement.amount * percent / 100 + fixed, movement.currency)
        movement.fees = {"stripe_fee": own, **(fees or {})}
        movement.fee = sum(movement.fees.values())
        return self._tell_ledger(movement)

    def fail(self, payment, moment):
        """Give the money of a payment back to its bank. What Stripe kept, it keeps."""
        return self._tell_ledger(
            self._move_money(
                payment.failure_movement,
                "charge_failure",
                payment.charge,
                payment,
                -payment.amount,
                moment,
            )
        )

    def refund(self, refund, moment, fate=DONE):
        """Let money go back to a customer. What Stripe kept, it keeps."""
        return self._move_refund(refund, moment, "refund", f"txn_{refund.id}", -1, fate)

    def return_refund(self, refund, moment):
        """Take a refund in again that could not be delivered."""
        name = f"txn_{refund.id}_back"
        return self._move_refund(refund, moment, "refund_failure", name, 1)

    def _move_refund(self, refund, moment, category, movement_id, sign, fate=DONE):
        amount, payment = sign * refund.amount, refund.payment
        movement = self._move_money(
            movement_id, category, refund.id, payment, amount, moment, fate
        )
        return self._tell_ledger(movement)

    def keep_fee(self, moment, amount):
        """Let Stripe take a fee that is for no payment in particular."""
        return self.move(moment, "fee", "stripe_fee", -Decimal(amount))

    def move(self, moment, category, kind, amount, source=""):
        """Let money move that is no customer's, in the entity's own currency."""
        number = len(self.movements) + 1
        return self._tell_ledger(
            self._add(
                id=f"txn_{self.entity.key}_{kind}_{number}",
                category=category,
                type=kind,
                currency=self.entity.currency,
                amount=amount,
                created=moment,
                source=source,
            )
        )

    # Disputes

    def dispute(self, moment, payment, reason="fraudulent", is_inquiry=False):
        """Have a customer's bank ask a payment back; an inquiry only asks about it."""
        dispute = Dispute(
            id=payment.charge.replace("ch_", "dp_", 1),
            payment=payment,
            reason=reason,
            created=moment,
            status="warning_needs_response" if is_inquiry else "needs_response",
        )
        self.account.keep("dispute", dispute)
        if is_inquiry:
            self.ledger.asked.add(dispute.id)
            self._tell_dispute("created", moment, dispute)
            return dispute
        payment.disputed = True
        self._move_dispute(moment, dispute, -1)
        self._tell_dispute("created", moment, dispute)
        self._tell_dispute("funds_withdrawn", moment, dispute)
        return dispute

    def decide(self, moment, dispute, status):
        """Have a dispute decided: lost, or won, which brings money and fee back."""
        dispute.status = "under_review"
        self._tell_dispute("updated", moment - timedelta(days=1), dispute)
        dispute.status = status
        if status == "won":
            self._move_dispute(moment, dispute, 1)
            self._tell_dispute("funds_reinstated", moment, dispute)
        else:
            self.ledger.dispute_lost(dispute, moment)
        self._tell_dispute("closed", moment, dispute)

    def tell_word(self, moment, dispute, word):
        """Tell a state of a dispute that nobody knows."""
        dispute.status = word
        self.ledger.unknown_words.add(word)
        self._tell_dispute("updated", moment, dispute)

    def _move_dispute(self, moment, dispute, sign):
        currency = dispute.payment.currency
        movement = self._add(
            id=f"txn_{dispute.id}_{len(dispute.movements) + 1}",
            category="dispute" if sign < 0 else "dispute_reversal",
            type="adjustment",
            currency=currency,
            amount=sign * dispute.payment.amount,
            fee=-sign * DISPUTE_FEES[currency],
            created=moment,
            source=dispute.id,
        )
        dispute.movements.append(movement)
        self.ledger.dispute_moved(movement)

    def _tell_dispute(self, what, moment, dispute):
        data = self.account.shape.dispute(dispute)
        self.account.emit(f"charge.dispute.{what}", moment, data)

    # Payouts

    def pay_out(self, moment, currency, bounces=False):
        """Send all that came in until now to the bank, on its schedule. One that
        bounces is back the day after it had arrived, and in the next payout.
        """
        parts = [
            movement
            for movement in self.movements
            if movement.currency == currency
            and movement.created <= moment
            and not movement.payout
        ]
        number = len(self.payouts) + 1
        payout = Payout(
            id=f"po_{self.entity.key}_{number:02d}",
            currency=currency,
            amount=sum((part.net for part in parts), ZERO),
            created=moment,
            # A day, and no moment: Stripe says midnight in UTC.
            arrives_at=datetime.combine((moment + TRANSIT).date(), time.min, UTC),
            movement=f"txn_po_{self.entity.key}_{number:02d}",
            parts=parts,
        )
        for part in parts:
            part.payout = payout.id
        self.payouts.append(payout)
        self.account.keep("payout", payout)
        self._move_payout(payout, payout.movement, "payout", -payout.amount, moment)
        self._tell_payout("created", moment, payout)
        arrived = payout.arrives_at + timedelta(hours=6)
        payout.status = "paid"
        self.ledger.payout(payout)
        self._tell_payout("paid", arrived, payout)
        payout.completed = True
        self._tell_payout("reconciliation_completed", arrived, payout)
        if bounces:
            self._bounce(arrived + timedelta(days=1), payout)
        return payout

    def _bounce(self, moment, payout):
        payout.status = "failed"
        payout.failure_movement = f"{payout.movement}_back"
        self._move_payout(
            payout,
            payout.failure_movement,
            "payout_failure",
            payout.amount,
            moment,
            category="payout_reversal",
        )
        self.ledger.payout_returned(payout, moment)
        self._tell_payout("failed", moment, payout)

    def _move_payout(self, payout, key, kind, amount, moment, category="payout"):
        movement = self._add(
            id=key,
            category=category,
            type=kind,
            currency=payout.currency,
            amount=amount,
            created=moment,
            source=payout.id,
        )
        if kind == "payout":
            movement.payout = payout.id

    def _tell_payout(self, what, moment, payout):
        self.account.emit(f"payout.{what}", moment, self.account.shape.payout(payout))

    # Movements

    def _move_money(self, key, kind, source, payment, money, moment, fate=DONE):
        """Add a movement of customers' money, exchanged where it has to be."""
        currency, rate = payment.currency, None
        amount = money
        if currency not in self.entity.held_in:
            rate, currency = EXCHANGED_AT[currency], self.entity.currency
            amount = rounded(money * rate, currency)
        return self._add(
            id=key,
            category=kind,
            type=kind,
            currency=currency,
            amount=amount,
            created=moment,
            source=source,
            intent=payment.id,
            money=money,
            money_currency=payment.currency,
            rate=rate,
            fate=fate,
        )

    def _add(self, **values):
        movement = Movement(**values)
        self.movements.append(movement)
        self.account.keep("balance_transaction", movement)
        return movement

    def _tell_ledger(self, movement):
        if movement.fate is DONE:
            self.ledger.movement(movement)
        return movement
