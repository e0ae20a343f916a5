"""Checkout Sessions: pages of Stripe's on which a customer pays. Knows no Odoo.
https://docs.stripe.com/api/checkout/sessions
"""

from . import api_intents
from .api_lists import Refusal
from .shapes import collecting


def create(desk, values):
    """Create a page for one payment as a request asks for.

    :raises Refusal: for what Stripe would not create.
    """
    if values.get("mode") != "payment":
        raise Refusal(400, "Only the mode payment is here.", param="mode")
    url = values.get("success_url", "")
    if not url.startswith(("http://", "https://")):
        raise Refusal(400, "Not a valid URL", code="url_invalid", param="success_url")
    [item] = values["line_items"].values()
    price = item["price_data"]
    amount = int(price["unit_amount"]) * int(item["quantity"])
    money = {"currency": price["currency"], "amount": str(amount)}
    api_intents.check_money(desk, {**money, "customer": values.get("customer")})
    inner = values.get("payment_intent_data") or {}
    for part in (values, inner):
        api_intents.check_labels(part)
    mode = "live" if desk.livemode else "test"
    session = collecting.session(
        desk.make_id(f"cs_{mode}"),
        desk.now(),
        values.get("customer"),
        amount_subtotal=amount,
        amount_total=amount,
        currency=price["currency"],
        livemode=desk.livemode,
        metadata=values.get("metadata") or {},
        success_url=url,
        _intent={**money, **inner},
    )
    desk.put(session)
    return session


def expire(desk, session, values):
    """End a page, so that nobody pays on it any more.

    :raises Refusal: if it isn't open.
    """
    page = desk.get(session, "session")
    if _end_if_over(desk, page) or page["status"] != "open":
        raise Refusal(
            400,
            'Only Checkout Sessions with a status in ["open"] can be expired. This '
            f"Checkout Session has a status of {page['status']}.",
        )
    return _end(desk, page)


def lapse(desk, session):
    """Have a page end by itself, because nobody has paid on it for a day."""
    return _end(desk, desk.get(session))


def pay(desk, session, behaves="pm_card_visa", decline=None):
    """Have the customer try to pay on a page; return it. If the bank refuses, the page
    stays open. A way to pay that works is saved if the page was made to do that.

    :param behaves: the way to pay, as ``api_intents.save_method`` takes it.
    """
    page = desk.get(session)
    if _end_if_over(desk, page) or page["status"] != "open":
        raise ValueError(f"{session} is {page['status']}")
    wanted = page["_intent"]
    paying = page["payment_intent"] and desk.get(page["payment_intent"])
    if not paying:
        paying = api_intents.create(desk, {**wanted, "customer": page["customer"]})
        page["payment_intent"] = paying["id"]
    saved = api_intents.save_method(desk, page["customer"], behaves, decline=decline)
    try:
        paying = api_intents.confirm(desk, paying, saved)
    except Refusal:
        _forget(desk, saved)
        desk.put(page)
        return page
    if not wanted.get("setup_future_usage"):
        _forget(desk, saved)
    is_paid = paying["status"] == "succeeded"
    page.update(
        status="complete", payment_status="paid" if is_paid else "unpaid", url=None
    )
    desk.tell("checkout.session.completed", page)
    return page


def _forget(desk, saved):
    desk.put({**saved, "customer": None})


def _end_if_over(desk, page):
    """Return whether a page's time has passed; then it has ended."""
    is_over = page["status"] == "open" and desk.now() >= page["expires_at"]
    if is_over:
        _end(desk, page)
    return is_over


def _end(desk, page):
    page.update(status="expired", url=None)
    desk.tell("checkout.session.expired", page)
    return page
