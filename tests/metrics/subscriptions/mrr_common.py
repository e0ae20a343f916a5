"""What is booked of MRR, as tests compare it."""

from collections import defaultdict

from odoo import fields

from ....canonical.metrics.movement import find_movements
from ....canonical.moments import aware


def read_rows(env, **terms):
    """Return movements as texts, in the order in which they were added: the day, the
    plan, the kind and the amount.
    """
    domain = [(name, "=", value) for name, value in terms.items()]
    rows = env["saas.mrr.movement"].search(domain, order="id")
    env.cr.execute(
        "SELECT id, trim_scale(amount)::text FROM saas_mrr_movement WHERE id = ANY(%s)",
        (rows.ids,),
    )
    amounts = dict(env.cr.fetchall())
    return [
        f"{row.day} {row.plan_id.code or '-'} {row.kind} {amounts[row.id]}"
        for row in rows
    ]


def read_sums(env, tenants=None):
    """Return what is booked of tenants, by tenant and place, without what adds up to
    nothing.
    """
    tenants = tenants or env["saas.tenant"].search([])
    booked = env["saas.mrr.movement"]._read_booked(tenants)
    return {
        tenant: {
            place: amounts for place, (amounts, _last) in own.items() if any(amounts)
        }
        for tenant, own in booked.items()
        if any(any(amounts) for amounts, _last in own.values())
    }


def read_rebuilt(env, tenants=None):
    """Return what would be booked of tenants from nothing, as :func:`read_sums`
    does.
    """
    tenants = tenants or env["saas.tenant"].search([])
    subscriptions = env["saas.subscription"].search([("tenant_id", "in", tenants.ids)])
    levels = subscriptions._read_recurring().levels
    found = defaultdict(dict)
    for tenant, held in subscriptions.grouped("tenant_id").items():
        for movement in find_movements(
            {each.id: levels[each.id] for each in held},
            tenant.company_id._get_mrr_zone(),
            aware(fields.Datetime.now()),
        ):
            found[tenant.id][movement.place] = movement.amounts
    return dict(found)
