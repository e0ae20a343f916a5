"""Payments and customers that are doubted, as facts, and what people do about them."""

from datetime import UTC, datetime

from odoo.tests import Form

from ...canonical import facts
from ..customers.facts_common import FactsCommon


def at(hour):
    """Return a moment of the day after the payment."""
    return datetime(2026, 11, 6, hour, tzinfo=UTC)


class RiskFacts:
    """What sources tell of a risk, and what people do about it."""

    def flag(self, hour=9, ref="F-1", **vals):
        """Return the fact of a risk as it was at an hour."""
        vals = {"payment": "P-1", "form": "flag", "state": "open", **vals}
        vals.setdefault("opened_at", at(9) if vals["state"] == "open" else None)
        return facts.RiskFlag(external_id=ref, told_at=at(hour), **vals)

    def clear(self, hour=12, **vals):
        """Return the fact that a risk is none any more."""
        return self.flag(hour, state="cleared", is_actionable=False, **vals)

    def refund(self, amount, ref="R-1", **vals):
        """Return the fact of money that was sent back."""
        return facts.Refund(
            **{
                "external_id": ref,
                "payment": "P-1",
                "currency": "USD",
                "exponent": 2,
                "amount": amount,
                "state": "succeeded",
                "left": True,
                "refunded_at": at(10),
                **vals,
            }
        )

    def clear_by_hand(self, risk, user, note="We spoke with them on the phone."):
        """Have a person clear a risk."""
        action = risk.with_user(user).action_clear()
        dialog = risk.with_user(user).env[action["res_model"]]
        form = Form(dialog.with_context(**action["context"]))
        form.note = note
        return form.save().action_apply()


class RiskCommon(RiskFacts, FactsCommon):
    """A customer who has paid 100.00."""

    def pay(self):
        """Have the customer pay."""
        self.tell(self.platform, self.customer())
        self.tell(self.platform, self.payment())

    @property
    def risk(self):
        """Return the one risk there is."""
        return self.env["saas.risk"].search([])

    @property
    def case(self):
        """Return the open cases of risks."""
        return self.env["saas.exception"].search(
            [("risk_id", "!=", False), ("state", "=", "open")]
        )
