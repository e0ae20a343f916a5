"""Records of dunning, for :class:`~..support.neighbours.NeighboursCommon`."""

from odoo import Command


def prepare_dunning(records, word):
    """Yield the values of one company's records, by model."""
    company = {"company_id": records["res.company"].id}
    money = {"currency_id": records["res.company"].currency_id.id}
    yield "saas.dunning.policy", {**company, "name": word}
    policy = {"policy_id": records["saas.dunning.policy"].id}
    yield "saas.dunning.policy.step", {**policy, "name": word, "after_days": 3}
    step = records["saas.dunning.policy.step"].id
    yield "saas.dunning.minimum", {"step_id": step, **money, "amount": 5}
    yield "saas.dunning.quiet.day", {**policy, "day": "2026-12-25", "name": word}
    tenant = {"tenant_id": records["saas.tenant"].id}
    yield "saas.dunning.state", {**tenant, **money, "exponent": 2}
    state = {"state_id": records["saas.dunning.state"].id}
    done = {"policy_step_id": step, "action": "mail", "after_days": 3, "least": 1}
    done |= {"day": "2026-01-01", "oldest_due": "2026-01-01", "amount": 100}
    move = records["account.move"]
    done |= {"first_move_id": move.id, "move_ids": [Command.set(move.ids)]}
    yield "saas.dunning.step", {**state, **policy, **done, "name": word}
    yield "saas.dunning.run", {**company, "day": "2026-01-01"}
    own = [("company_id", "=", company["company_id"])]
    _owe(records, word)
    ages = records["saas.source"].env["saas.dunning.age"]
    records["saas.dunning.age"] = ages.search(own, limit=1)
    promised = {"until": "2030-01-01", "note": word}
    yield "saas.dunning.promise", {**state, **promised}
    yield "saas.dunning.dispute", {"move_id": move.id, "note": word}
    yield "saas.dunning.write_off", {**state, "note": word}
    yield "saas.dunning.look", company


def _owe(records, word):
    """Post an invoice of the tenant, older than all else that is booked."""
    moves = records["saas.source"].env["account.move"]
    line = {"name": word, "price_unit": 1, "tax_ids": False}
    move = moves.with_company(records["res.company"]).create(
        {
            "move_type": "out_invoice",
            "partner_id": records["res.partner"].id,
            "invoice_date": "2020-01-01",
            "saas_tenant_id": records["saas.tenant"].id,
            "invoice_line_ids": [Command.create(line)],
        }
    )
    move.action_post()


def prepare_dunning_vals(company):
    """Return values with which a person could create a record, by model."""
    env, own = company.env, [("company_id", "=", company.id)]
    policy = env["saas.dunning.policy"].search(own, limit=1)
    step = env["saas.dunning.policy.step"].search(own, limit=1)
    state = env["saas.dunning.state"].search(own, limit=1)
    move = env["account.move"].search(own, limit=1)
    other = env["res.currency"].search([("id", "!=", company.currency_id.id)], limit=1)
    return {
        "saas.dunning.policy": {"company_id": company.id, "name": "new"},
        "saas.dunning.policy.step": {"policy_id": policy.id, "name": "new"},
        "saas.dunning.minimum": {
            "step_id": step.id,
            "currency_id": other.id,
            "amount": 7,
        },
        "saas.dunning.quiet.day": {"policy_id": policy.id, "day": "2027-01-01"},
        "saas.dunning.promise": {
            "state_id": state.id,
            "until": "2030-01-01",
            "note": "new",
        },
        "saas.dunning.dispute": {"move_id": move.id, "note": "new"},
        "saas.dunning.write_off": {"state_id": state.id, "note": "new"},
        "saas.dunning.look": {"company_id": company.id},
    }
