"""``risk.*``."""

import re

from ...canonical.facts import RiskFlag
from ...canonical.money import get_exponent

_WORD = re.compile(r"[\w.-]{1,64}", re.ASCII)


def read_flagged(event, data):
    """Return one fact about a payment or a customer that is doubted, in a list."""
    told = {}
    if data.amount is not None:
        exponent = get_exponent(data.currency)
        told = {"amount": data.amount, "currency": data.currency, "exponent": exponent}
    return [
        RiskFlag(
            state="open",
            is_actionable=data.is_actionable,
            told_at=data.flagged_at,
            opened_at=data.flagged_at,
            **told,
            **_read_common(event, data),
        )
    ]


def read_cleared(event, data):
    """Return one fact about what is doubted no longer, in a list."""
    return [
        RiskFlag(
            state="cleared",
            is_actionable=False,
            told_at=data.cleared_at,
            **_read_common(event, data),
        )
    ]


def _read_common(event, data):
    return {
        "external_id": data.id,
        "form": "flag",
        "customer": data.customer,
        "payment": data.payment,
        "reason": data.reason if _WORD.fullmatch(data.reason) else "",
        "version": event.order,
    }
