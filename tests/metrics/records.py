"""Records of what recurs, for :class:`~..support.neighbours.NeighboursCommon`."""


def prepare_metrics(records, word):
    """Yield the values of one company's records, by model."""
    company = {"company_id": records["res.company"].id}
    tenant = {"tenant_id": records["saas.tenant"].id}
    env = records["saas.source"].env
    own = [("company_id", "=", company["company_id"])]
    subscription = env["saas.subscription"].search(own, limit=1)
    currency = {"currency_id": records["res.company"].currency_id.id}
    event = {"event_id": records["saas.subscription.event"].id}
    held = {"subscription_id": subscription.id, **currency, **event}
    told = {
        "version": word,
        "at": "2026-01-01",
        "worths": [["2026-01-01T00:00:00+00:00", "1"]],
    }
    yield "saas.mrr.snapshot", {**held, **told}
    moved = {"kind": "new", "day": "2026-01-01", "at": "2026-01-01"}
    moved |= {"amount": 1, "amount_year": 12, "tenants": 1}
    moved |= {"booked_at": "2026-01-01"}
    version = records["saas.plan.version"]
    moved |= {"plan_version_id": version.id, "plan_id": version.plan_id.id}
    moved |= {"change_id": records["saas.subscription.change"].id}
    yield "saas.mrr.movement", {**company, **tenant, **held, **moved}
    ended = {"ended_at": "2026-01-01", "day": "2026-01-01", "due": 1, "renewed": 1}
    ended |= dict.fromkeys(("due_amount", "renewed_amount", "after_amount"), 1)
    sold = {"plan_version_id": version.id, "plan_id": version.plan_id.id}
    term = {"subscription_id": subscription.id, **currency, **sold}
    yield "saas.mrr.renewal", {**company, **tenant, **term, **ended}
    for model in ("saas.mrr.month", "saas.mrr.cohort"):
        records[model] = env[model].search(own, limit=1)
    yield "saas.mrr.count", company
    # A tenant has one, which a subscription may have made already.
    env["saas.mrr.standing"].search([("tenant_id", "=", tenant["tenant_id"])]).unlink()
    yield "saas.mrr.standing", {**company, **tenant}
