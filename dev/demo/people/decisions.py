"""What a person does about an event that waits, by its reason: what the event's own
next step says.
"""

from .. import catalogue
from ..api import EVENT

#: Which product the plan is that nobody had mapped.
LEGACY_IS = "SAAS-STARTER"
#: Units of the currency without a rate for one of the company's.
FRANC = 0.9415
NOTE = "Demonstration"
#: So many events a button retries at once; what is more asks for an operation.
_PAGE = 80
#: Who got a refund of which nothing else is known, as finance remembers.
REMEMBERED = "Myrtle Beach Inn"


def map_product(desk, events):
    """Say what the unknown plan is, then retry."""
    product = desk.find("product.product", ["default_code", "=", LEGACY_IS])
    action = desk.press("action_map_product", events[0])
    _add(desk, events[0], action, product_id=product)
    _retry(desk, events)


def map_tax(desk, events):
    """Say what tax the unknown rate is, then retry."""
    action = desk.press("action_map_tax", events[0])
    rate = action["context"]["default_external_id"]
    _add(desk, events[0], action, tax_id=_find_tax(desk, events[0], rate))
    _retry(desk, events)


def correct_tax(desk, events):
    """Correct the mapping that is wrong, then retry."""
    action = desk.press("action_map_tax", events[0])
    domain = action.get("domain") or [["id", "=", action["res_id"]]]
    model = action["res_model"]
    for mapping in desk.call(
        model, "search_read", domain=domain, fields=["external_id"]
    ):
        tax = _find_tax(desk, events[0], mapping["external_id"])
        company = events[0]["company_id"][0]
        desk.change(company, model, "write", [mapping["id"]], tax_id=tax)
    _retry(desk, events)


def enter_rate(desk, events):
    """Enter the currency's rate for the month in the company that lacks it, then
    retry.
    """
    company = events[0]["company_id"][0]
    currency = desk.find("res.currency", ["name", "=", catalogue.WITHOUT_RATE])
    values = {
        "currency_id": currency,
        "company_id": company,
        "name": f"{catalogue.YEAR}-{catalogue.MONTH:02d}-01",
        "company_rate": FRANC,
    }
    desk.call("res.currency.rate", "create", company=company, vals_list=[values])
    _retry(desk, events)


def choose_contact(desk, events):
    """Say which of the similar contacts the customer is; make one where there is
    none.
    """
    [event, *_others] = events
    action = desk.press("action_choose_customer", event)
    model, context = action["res_model"], action["context"]
    values = {"choice": "new"}
    [wizard] = desk.call(model, "create", context=context, vals_list=[values])
    [row] = desk.call(model, "read", ids=[wizard], fields=["candidate_ids"])
    partner = max(row["candidate_ids"], default=None) or _make_contact(desk, event)
    values = {"choice": "partner", "partner_id": partner, "tenant_id": False}
    desk.call(model, "write", ids=[wizard], vals=values)
    desk.call(model, "action_apply", ids=[wizard])


def ignore(desk, events):
    """Ignore what is not for this company, with the reason."""
    for event in events:
        desk.fill_in(desk.press("action_ignore", event), note=NOTE)


def bind_record(desk, events):
    """Say that the document is the one that was entered by hand before: the likely one
    of those that are proposed.
    """
    action = desk.press("action_bind_record", events[0])
    model, context = action["res_model"], action["context"]
    [wizard] = desk.call(model, "create", context=context, vals_list=[{}])
    fields = ["candidate_move_ids"]
    [row] = desk.call(model, "read", ids=[wizard], fields=fields)
    values = {"move_id": row["candidate_move_ids"][0], "note": NOTE}
    desk.call(model, "write", ids=[wizard], vals=values)
    desk.call(model, "action_apply", ids=[wizard])


#: By reason.
DECISIONS = {
    "unmapped_product": map_product,
    "unmapped_tax": map_tax,
    "tax_mismatch": correct_tax,
    "currency_mismatch": enter_rate,
    "duplicate_customer": choose_contact,
    "invalid_payload": ignore,
    "wrong_mode": ignore,
    "unknown_account": ignore,
    "period_locked": bind_record,
}


def _retry(desk, events):
    """Retry those events that what was done has not freed by itself."""
    waiting = desk.call(
        EVENT,
        "search",
        domain=[
            ["id", "in", [event["id"] for event in events]],
            ["state", "in", ["parked", "quarantined", "dead"]],
        ],
    )
    for start in range(0, len(waiting), _PAGE):
        desk.call(EVENT, "action_retry", ids=waiting[start : start + _PAGE])


def _add(desk, event, action, **values):
    """Add what the form of an action asks for, with what it fills in."""
    known = {
        name.removeprefix("default_"): value
        for name, value in action["context"].items()
        if name.startswith("default_")
    }
    company = event["company_id"][0]
    desk.change(company, action["res_model"], "create", [], **{**known, **values})


def _find_tax(desk, event, rate):
    """Return the tax in Odoo of a tax rate at Stripe, by its percentage."""
    [percent] = {r.percent for r in catalogue.TAX_RATES if r.id == rate}
    return desk.find(
        "account.tax",
        ["company_id", "=", event["company_id"][0]],
        ["name", "=", f"VAT {percent} %"],
        ["type_tax_use", "=", "sale"],
    )


def _make_contact(desk, event):
    values = {"name": REMEMBERED, "company_id": event["company_id"][0]}
    [partner] = desk.call("res.partner", "create", vals_list=[values])
    return partner
