"""Reads payouts. https://developer.gocardless.com/api-reference/#core-endpoints-payouts

The money that GoCardless holds stays in the payments' own currency until it is paid
out. A payout that the bank gets in another one is exchanged then.
"""

from datetime import UTC, datetime, time

from ....canonical.facts import ExchangedAmount, Payout
from ..event import read_currency


def read(event):
    """Return one fact about a payout, in a list. One that has bounced is on its way: it
    is sent again.
    """
    data = event.data
    exchanged = _read_exchanged(data, data.ref("id"))
    is_known = exchanged or data.text("fx.fx_currency", "") in (
        "",
        data.text("currency"),
    )
    is_paid = data.text("status") == "paid" and bool(is_known)
    arrives_on = data.date("arrival_date", None) or data.iso_moment("created_at").date()
    ref, reference = data.ref("id"), data.text("reference", "")
    return [
        Payout(
            external_id=ref,
            amount=data.integer("amount"),
            state="paid" if is_paid else "in_transit",
            automatic=True,
            arrives_at=datetime.combine(arrives_on, time(tzinfo=UTC)),
            contents_ready=is_paid,
            bank_texts=tuple(filter(None, (ref, reference))),
            exchanged=exchanged,
            **read_currency(data),
        )
    ]


def _read_exchanged(data, ref):
    """Return what the bank gets in another currency, or None where there is none, or
    where it is not known yet.
    """
    fx = data.object("fx")
    amount, currency = fx.integer("fx_amount", None), fx.text("fx_currency", "")
    if amount is None or currency in ("", data.text("currency")):
        return None
    return ExchangedAmount(
        external_id=ref,
        amount=amount,
        rate=fx.decimal_text("exchange_rate", None),
        **read_currency(fx, "fx_currency"),
    )
