"""What a person does about an event that waits, by its reason: what the event's own
next step says.
"""

from .. import catalogue

#: Which product the plan is that nobody had mapped.
LEGACY_IS = "SAAS-STARTER"
#: Units of the currency without a rate for one of the company's.
FRANC = 0.9415
#: The day on which a document of a closed month is entered, and its customer's line.
ENTERED_ON = "2026-10-12"
NOTE = "Demonstration"
#: Who got a refund of which nothing else is known, as finance remembers.
REMEMBERED = "Myrtle Beach Inn"


def map_product(desk, events):
    """Say what the unknown plan is, then retry."""
    product = desk.find("product.product", ["default_code", "=", LEGACY_IS])
    action = desk.press("action_map_product", events[0])
    desk.fill_in(action, button=None, product_id=product)
    _retry(desk, events)


def map_tax(desk, events):
    """Say what tax the unknown rate is, then retry."""
    action = desk.press("action_map_tax", events[0])
    rate = action["context"]["default_external_id"]
    desk.fill_in(action, button=None, tax_id=_find_tax(desk, events[0], rate))
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
        desk.call(model, "write", ids=[mapping["id"]], vals={"tax_id": tax})
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
    [wizard] = desk.call(model, "create", context=context, vals_list=[{"choice": "new"}])
    fields = ["candidate_ids", "customer_name"]
    [row] = desk.call(model, "read", ids=[wizard], fields=fields)
    partner = max(row["candidate_ids"], default=None) or _make_contact(desk, event)
    values = {"choice": "partner", "partner_id": partner, "tenant_id": False}
    desk.call(model, "write", ids=[wizard], vals=values)
    desk.call(model, "action_apply", ids=[wizard])


def ignore(desk, events):
    """Ignore what is not for this company, with the reason."""
    for event in events:
        desk.fill_in(desk.press("action_ignore", event), note=NOTE)


def enter_by_hand(desk, events):
    """Enter the document in an open month by hand, and say that it is that record."""
    [event, *_others] = events
    company = event["company_id"][0]
    partner = _find_partner(desk, event)
    product = desk.find("product.product", ["default_code", "=", LEGACY_IS])
    line = {
        "product_id": product,
        "quantity": 1,
        "price_unit": float(catalogue.STARTER.unit),
        "tax_ids": [[6, 0, []]],
    }
    values = {
        "move_type": "out_invoice",
        "partner_id": partner,
        "invoice_date": ENTERED_ON,
        "invoice_line_ids": [[0, 0, line]],
    }
    [move] = desk.call("account.move", "create", company=company, vals_list=[values])
    desk.call("account.move", "action_post", company=company, ids=[move])
    action = desk.press("action_bind_record", event)
    desk.fill_in(action, move_id=move, note=NOTE)


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
    "period_locked": enter_by_hand,
}


def _retry(desk, events):
    ids = [event["id"] for event in events]
    desk.call("saas.subscription.event", "action_retry", ids=ids)


def _find_tax(desk, event, rate):
    """Return the tax in Odoo of a tax rate at Stripe, by its percentage."""
    [percent] = {r.percent for r in catalogue.TAX_RATES if r.id == rate}
    return desk.find(
        "account.tax",
        ["company_id", "=", event["company_id"][0]],
        ["name", "=", f"VAT {percent} %"],
        ["type_tax_use", "=", "sale"],
    )


def _find_partner(desk, event):
    tenant = desk.find("saas.tenant", ["ref", "=", event["customer_ref"]])
    [row] = desk.call("saas.tenant", "read", ids=[tenant], fields=["partner_id"])
    return row["partner_id"][0]


def _make_contact(desk, event):
    values = {"name": REMEMBERED, "company_id": event["company_id"][0]}
    [partner] = desk.call("res.partner", "create", vals_list=[values])
    return partner
