"""Records of the models by which several systems tell one story, and of what people do
to many events, for :class:`~..support.neighbours.NeighboursCommon`.
"""

from odoo import Command

from ..dunning.records import prepare_dunning, prepare_dunning_vals
from ..metrics.records import prepare_metrics
from ..revenue.records import prepare_revenue, prepare_revenue_vals
from ..subscriptions.records import prepare_subscription_vals, prepare_subscriptions

#: The dialogs that answer a case.
_OF_CASES = ("saas.product.map", "saas.tax.map", "saas.case.settle")


def prepare_hub(records, word):
    """Yield the values of one company's records, by model."""
    source = {"source_id": records["saas.source"].id}
    company = {"company_id": records["res.company"].id}
    named = {**source, "external_id": word}
    tenant = {"tenant_id": records["saas.tenant"].id}
    yield "saas.source.credential", {**source, "client_id": word}
    yield "saas.metrics.token", {**company, "name": word}
    yield "saas.cursor", {**source, "stream": word, "label": word, "minutes": 5}
    yield "saas.ownership", {**company, **source, "kind": "customer"}
    last = {"name": word, "last_sequence": 1}
    yield "saas.outbound.target", {**company, **source, **last}
    target = {"target_id": records["saas.outbound.target"].id}
    message = {"type": "invoice.posted", "key": word, "sequence": 1}
    message |= {"payload": {"told": word}}
    yield "saas.outbound.message", {**target, **source, **tenant, **message}
    guess = {"partner_id": records["res.partner"].id, "matched_on": "name"}
    yield "saas.tenant.proposal", {**source, **tenant, **guess}
    guesses = {"proposal_ids": records["saas.tenant.proposal"].ids}
    yield "saas.proposal.decide", guesses
    yield "saas.mandate", {**named, **tenant, "state": "active"}
    yield "saas.contract", {**named, **tenant, "state": "won"}
    contract = {"contract_id": records["saas.contract"].id}
    yield "saas.contract.line", {**contract, "external_id": word}
    check = {"value": word, "result": "valid", "checked_at": "2026-01-01"}
    yield "saas.tax.check", {**named, **tenant, **check}
    yield from _prepare_usage(records, word)
    sources = {"source_ids": [Command.set(records["saas.source"].ids)]}
    done = {**sources, "kind": "pause", "reason": word}
    yield "saas.operation", {**company, **done}
    item = {"operation_id": records["saas.operation"].id, "detail": word}
    item |= {"event_id": records["saas.subscription.event"].id, "state": "skipped"}
    yield "saas.operation.item", {**company, **item}
    yield "saas.operation.start", done
    events = {"event_ids": [Command.set(records["saas.subscription.event"].ids)]}
    yield "saas.preview.show", events
    yield "saas.event.accept", events
    yield "saas.approval.policy", {**company, "kind": "bind_by_hand"}
    person = records.get("res.users", records["res.company"].env.user).id
    proposed = {"kind": "bind_by_hand", "summary": word, "subject_key": word}
    proposed |= {"author_id": person, "requested_by": person, "form": word}
    yield "saas.approval", {**company, **events, **sources, **proposed}
    yield from prepare_plans(records, word)
    yield from prepare_subscriptions(records, word)
    yield from prepare_metrics(records, word)
    yield from _prepare_observed(records, word)
    yield from _prepare_cases(records, word)
    yield from _prepare_alerts(records)


def prepare_plans(records, word):
    """Yield the values of a plan with a draft, and of a tenant's own price in it."""
    named = {"code": word, "name": word}
    if "saas.meter" not in records:
        yield "saas.meter", {**named, "company_id": records["res.company"].id}
    yield "saas.plan.group", {"name": word, "company_id": records["res.company"].id}
    yield "saas.plan", {**named, "company_id": records["res.company"].id}
    yield "saas.plan.version", {"plan_id": records["saas.plan"].id}
    version = {"version_id": records["saas.plan.version"].id}
    meter = {"meter_id": records["saas.meter"].id, "kind": "usage"}
    product = records.get("product.product")
    sold = {"product_id": product.id} if product else {}
    yield "saas.plan.component", {**version, **named, **meter, **sold}
    yield "saas.plan.feature", {**version, "code": word}
    component = {"component_id": records["saas.plan.component"].id}
    currency = {"currency_id": records["res.company"].currency_id.id}
    tenant = {"tenant_id": records["saas.tenant"].id}
    yield "saas.price", {**component, **currency, **tenant, "unit_price": "1"}


def prepare_billing(records, word):
    """Yield the values of a billing run, of a tenant in it and of what it was
    charged.
    """
    company = {"company_id": records["res.company"].id}
    tenant = {"tenant_id": records["saas.tenant"].id}
    due = {"cutoff": "2026-01-01", "invoice_date": "2026-01-01"}
    item = {"move_id": records["account.move"].id, "name": word}
    item |= {"account_id": records["account.account"].id}
    yield "account.move.line", item
    yield "saas.billing.run", {**company, **due}
    run = {"run_id": records["saas.billing.run"].id}
    yield "saas.billing.item", {**company, **tenant, **run, "detail": word}
    yield "saas.billing.look", {**company, **tenant, **run, **due}
    links = {
        "subscription_id": records["saas.subscription"].id,
        "component_id": records["saas.plan.component"].id,
        "item_id": records["saas.billing.item"].id,
        "move_id": records["account.move"].id,
        "move_line_id": records["account.move.line"].id,
        "currency_id": records["res.company"].currency_id.id,
    }
    billed = {"kind": "charge", "quantity": "1", "amount": 100, "full": 100}
    billed |= {"zone": "UTC", "sequence": 1, "number": 1, "exponent": 2}
    price = {"model": "unit", "currency": "USD", "exponent": 2, "unit": "1"}
    billed["rate"] = {"price": price, "quantity": "1", "discount": "0"}
    moments = ("period_start", "period_end", "service_from", "service_to")
    billed |= dict.fromkeys(moments, "2026-01-01")
    yield "saas.charge", {**company, **tenant, **links, **billed}
    tied = {"move_id": records["account.move"].id, "state": "equal"}
    tied |= {"source_id": records["saas.source"].id}
    tied |= {"currency_id": links["currency_id"]}
    yield "saas.tie.out", {**tenant, **tied}
    yield from prepare_revenue(records, word)
    ordered = {"source_id": records["saas.source"].id, "number": 1, "key": word}
    ordered |= {key: links[key] for key in ("move_id", "currency_id")}
    ordered |= {"amount": 100, "exponent": 2, "state": "canceled"}
    yield "saas.collection", {**tenant, **ordered}
    yield "saas.collection.start", {"move_id": records["account.move"].id}
    doubted = {"external_id": word, "form": "flag", "state": "open"}
    yield "saas.risk", {**tenant, "source_id": ordered["source_id"], **doubted}
    yield "saas.risk.clear", {"risk_id": records["saas.risk"].id, "note": word}
    yield from prepare_dunning(records, word)


def _prepare_usage(records, word):
    """Yield the values of a meter, and of what it has counted of a subscription."""
    company = {"company_id": records["res.company"].id}
    yield "saas.meter", {**company, "code": word, "name": word}
    own = [("company_id", "=", company["company_id"])]
    subscriptions = records["saas.source"].env["saas.subscription"]
    counted = {
        **company,
        "source_id": records["saas.source"].id,
        "tenant_id": records["saas.tenant"].id,
        "meter_id": records["saas.meter"].id,
        "subscription_id": subscriptions.search(own, limit=1).id,
    }
    used = {"external_id": word, "customer_ref": word, "meter_ref": word}
    used |= {"quantity": 1.0, "stated_quantity": "1", "occurred_at": "2026-01-01"}
    used["event_id"] = records["saas.subscription.event"].id
    yield "saas.usage.record", {**counted, **used}
    chosen = {"chosen": [records["saas.usage.record"].id], "note": word}
    yield "saas.usage.decide", {**chosen, "what": "set_aside"}
    yield "saas.usage.bucket", {**counted, "day": "2026-01-01", "sum": 1, "count": 1}


def _prepare_alerts(records):
    """Yield the values of an alert. Its rule is one that every company has."""
    source = records["saas.source"]
    records["saas.alert.rule"] = source.env["saas.alert.rule"].search(
        [("company_id", "=", records["res.company"].id)], limit=1
    )
    links = {"rule_id": records["saas.alert.rule"].id, "source_id": source.id}
    yield "saas.alert", {**links, "value": 1, "told_value": 1}


_STAGES = dict.fromkeys(
    ("customers", "subscriptions", "documents", "payments", "clearing"), "on"
)


def _prepare_observed(records, word):
    """Yield the values of a run that observes, of what it found, and of what people
    decide about that.
    """
    source = {"source_id": records["saas.source"].id}
    noted = {**source, "note": word}
    yield "saas.observation.run", noted
    seen = {"area": "documents", "kind": "invoice", "result": "only_here"}
    seen |= {"run_id": records["saas.observation.run"].id, "external_id": word}
    seen |= {"event_id": records["saas.subscription.event"].id}
    yield "saas.observation", {**source, **seen}
    rows = {"observation_ids": [Command.set(records["saas.observation"].ids)]}
    yield "saas.observation.decide", {**rows, "note": word}
    yield "saas.stage.change", {**noted, **_STAGES}
    yield "saas.switch.on", {**noted, "area": "documents"}


def _prepare_cases(records, word):
    """Yield the values of a case, with a tag, and of its event."""
    company = {"company_id": records["res.company"].id}
    yield "saas.exception.tag", {**company, "name": word}
    cause = {"reason": "unmapped_product", "cause_key": word, "cause_label": word}
    links = {"source_id": records["saas.source"].id}
    links["tenant_id"] = records["saas.tenant"].id
    yield "saas.exception", {**links, **cause}
    event = {"event_id": records["saas.subscription.event"].id, "is_open": True}
    case = {"case_id": records["saas.exception"].id}
    yield "saas.exception.event", {**company, **case, **event}
    events = {"event_ids": [Command.set(records["saas.subscription.event"].ids)]}
    for model in _OF_CASES:
        yield model, {**case, **events}


def prepare_hub_vals(source):
    """Return values with which a person could create a record, by model."""
    company = source.company_id
    own = [("company_id", "=", company.id)]
    # A source has one credential: the records' own has it already.
    second = {"name": "Second", "company_id": company.id, "tz": "UTC"}
    other = source.search([("name", "=", "Second"), *own]) or source.create(second)
    proposals = source.env["saas.tenant.proposal"].search(own)
    event = source.env["saas.subscription.event"].search(own, limit=1)
    move = source.env["account.move"].search(own, limit=1)
    case = source.env["saas.exception"].search(own, limit=1)
    risk = source.env["saas.risk"].search(own, limit=1)
    observed = source.env["saas.observation"].search(own)
    noted = {"source_id": source.id, "note": "new"}
    return {
        **_prepare_catalogue_vals(source),
        **prepare_subscription_vals(source),
        "saas.observation.decide": {
            "observation_ids": [Command.set(observed.ids)],
            "note": "new",
        },
        "saas.stage.change": {**noted, **_STAGES},
        "saas.switch.on": {**noted, "area": "documents"},
        "saas.proposal.decide": {"proposal_ids": [Command.set(proposals.ids)]},
        "saas.source.credential": {"source_id": other.id},
        "saas.collection.start": {"move_id": move.id},
        "saas.risk.clear": {"risk_id": risk.id, "note": "new"},
        # As an import has it: a text.
        "saas.usage.decide": {"chosen": "[0]", "what": "set_aside", "note": "new"},
        "saas.preview.show": {"event_ids": [Command.set(event.ids)]},
        "saas.event.accept": {"event_ids": [Command.set(event.ids)]},
        "saas.operation.start": {
            "kind": "pause",
            "reason": "new",
            "source_ids": [Command.set(source.ids)],
        },
        **{
            model: {"case_id": case.id, "event_ids": [Command.set(event.ids)]}
            for model in _OF_CASES
        },
        "saas.metrics.token": {"company_id": company.id, "name": "new"},
        "saas.meter": {"company_id": company.id, "code": "new", "name": "new"},
        "saas.approval.policy": {"company_id": company.id, "kind": "ignore_objects"},
        "saas.ownership": {"company_id": company.id, "kind": "invoice"},
        "saas.outbound.target": {"company_id": company.id, "name": "new"},
        "saas.exception.tag": {"company_id": company.id, "name": "new"},
    }


def _prepare_catalogue_vals(source):
    """Return values with which a person could create what is sold and billed."""
    company = source.company_id
    own = [("company_id", "=", company.id)]
    named = {"name": "new", "code": "new"}
    component = source.env["saas.plan.component"].search(own, order="id", limit=1)
    version = component.version_id
    return {
        "saas.meter": {**named, "company_id": company.id},
        "saas.plan.group": {"name": "new", "company_id": company.id},
        "saas.plan": {**named, "company_id": company.id},
        "saas.plan.version": {"plan_id": version.plan_id.id},
        "saas.plan.component": {**named, "version_id": version.id},
        "saas.plan.feature": {"code": "new", "version_id": version.id},
        "saas.price": {
            "component_id": component.id,
            "currency_id": company.currency_id.id,
        },
        "saas.billing.run": {"company_id": company.id},
        "saas.mrr.count": {"company_id": company.id},
        **prepare_revenue_vals(company),
        **prepare_dunning_vals(company),
        "saas.billing.look": {
            "company_id": company.id,
            "cutoff": "2026-01-01",
            "invoice_date": "2026-01-01",
        },
    }
