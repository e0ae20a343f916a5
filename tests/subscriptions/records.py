"""Records of subscriptions that are managed here, and of what people do to them, for
:class:`~..support.neighbours.NeighboursCommon`.
"""

from ...canonical.subscriptions.entitlement import find_entitlement

_STATE = find_entitlement(())


def prepare_subscriptions(records, word):
    """Yield the values of one company's records, by model."""
    company = {"company_id": records["res.company"].id}
    own = [("company_id", "=", company["company_id"])]
    known = records["saas.source"].env["saas.subscription"].search(own, limit=1)
    tenant = {"tenant_id": records["saas.tenant"].id}
    subscription = {"subscription_id": known.id}
    yield "account.payment.term", {**company, "name": word}
    change = {"kind": "activated", "effective_at": "2026-01-01", "known": 1}
    change |= {"source_id": records["saas.source"].id, "key": word}
    yield "saas.subscription.change", {**subscription, **change}
    discount = {"percent": "5", "valid_from": "2026-01-01", "note": word}
    yield "saas.discount", {**company, **tenant, **discount}
    yield "saas.entitlement", {**tenant, "number": 1, "state": _STATE}
    yield "saas.tenant.suspend", {**tenant, "is_suspended": True, "note": word}
    yield "saas.subscription.amend", {**subscription, "kind": "pause", "note": word}
    form = {"wizard_id": records["saas.subscription.amend"].id, "quantity": "1"}
    component = {"component_id": records["saas.plan.component"].id}
    yield "saas.subscription.amend.line", {**form, **component}
    yield "saas.discount.grant", {**subscription, "percent": "5", "note": word}


def prepare_subscription_vals(source):
    """Return values with which a person could create a record, by model."""
    env, own = source.env, [("company_id", "=", source.company_id.id)]
    subscription = env["saas.subscription"].search(own, limit=1)
    forms = env["saas.subscription.amend"].search(
        [("subscription_id", "=", subscription.id)], limit=1
    )
    component = env["saas.plan.component"].search(own, limit=1)
    return {
        "saas.subscription.amend": {
            "subscription_id": subscription.id,
            "kind": "pause",
        },
        "saas.subscription.amend.line": {
            "wizard_id": forms.id,
            "component_id": component.id,
            "quantity": "1",
        },
        "saas.tenant.suspend": {
            "tenant_id": subscription.tenant_id.id,
            "note": "new",
        },
        "saas.discount.grant": {"subscription_id": subscription.id, "percent": "5"},
    }
