from odoo import models
from odoo.tools import SQL

from ..canonical.actions import Action
from ..canonical.payments.dunning import find_standing

#: Activities that dunning asks for, and that are over once nothing is overdue.
ACTIVITIES = (
    "mail_activity_dunning",
    "mail_activity_dunning_call",
    "mail_activity_dunning_proposal",
)


class SaasCollectionsStanding(models.AbstractModel):
    """Brings the states of tenants to what follows from the books: the target, less
    what is there. Whoever gets restricted by that, or is no more, is told of to others
    in the same transaction.
    """

    _name = "saas.collections.standing"
    _description = "SaaS standing of tenants"

    def _refresh(self, tenants):
        """Bring the states of payers to what the books say.

        Two transactions that do this for one tenant do it one after the other: the
        later one fails as any concurrent update does, and is done again.

        :return: the :class:`~..canonical.payments.dunning.Standing` of each state that
            there is, by state.
        """
        open_items = self.env["saas.collections.debts"]._read(tenants)
        states = self._lock(tenants, open_items)
        taken = self._read_taken(states)
        stopped = tenants._filter_collection_stopped()
        days = {each: each._get_dunning_day() for each in tenants.company_id}
        found = {}
        for state in states:
            tenant = state.tenant_id
            debts, credit = open_items.get((tenant.id, state.currency_id.id), ((), 0))
            found[state] = find_standing(
                tenant._get_dunning_policy()._make_policy(state.currency_id),
                debts,
                credit,
                [step._make_taken() for step in taken.get(state, ())],
                days[tenant.company_id],
                state._make_promise(),
                tenant in stopped,
            )
        restricted = states.filtered("is_restricted").tenant_id
        for state, standing in found.items():
            self._write_standing(state, standing, taken.get(state))
        self._tell_restrictions(restricted, states)
        self._end_activities(states)
        return found

    def _lock(self, tenants, open_items):
        """Return the states of tenants, to be changed by this transaction alone: those
        that are there, and new ones for currencies in which something is open.
        """
        states = self.env["saas.dunning.state"]
        states.flush_model()
        known = states.search([("tenant_id", "in", tenants.ids)])
        keys = {(state.tenant_id.id, state.currency_id.id) for state in known}
        keys |= {key for key, (debts, _credit) in open_items.items() if debts}
        if not keys:
            return states
        places = {
            each.id: each.decimal_places
            for each in states.env["res.currency"].browse({key[1] for key in keys})
        }
        companies = {tenant.id: tenant.company_id.id for tenant in tenants}
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_dunning_state AS known
                          (tenant_id, currency_id, exponent, company_id,
                           amount, disputed, retried)
                   VALUES %s
                   ON CONFLICT (tenant_id, currency_id)
                   DO UPDATE SET exponent = known.exponent
                   RETURNING known.id""",
                SQL(", ").join(
                    (tenant, currency, places[currency], companies[tenant], 0, 0, 0)
                    for tenant, currency in sorted(keys)
                ),
            ),
            log_exceptions=False,
        )
        found = states.browse(id_ for (id_,) in self.env.cr.fetchall())
        tenants.invalidate_recordset(["dunning_state_ids"], flush=False)
        return found

    def _read_taken(self, states):
        """Return the steps that were ever taken, by state."""
        steps = self.env["saas.dunning.step"].search(
            [("state_id", "in", states.ids)], order="id"
        )
        return steps.grouped("state_id")

    def _write_standing(self, state, standing, taken):
        """Write what is other of a state."""
        held = {step.step for step in standing.held}
        last = taken and taken.filtered(lambda s: s.policy_step_id.id in held)[-1:]
        step = standing.step
        promise = state.promised_until
        vals = {
            "oldest_due": standing.owed.oldest or False,
            "amount": standing.owed.amount,
            "disputed": standing.disputed,
            "retried": standing.retried,
            "invoice_count": standing.owed.count,
            "last_step_id": last.id if last else False,
            "next_step_id": step.ref if step else False,
            "next_day": standing.next_day or False,
            "waits_for": standing.waits.value if standing.waits else False,
            "is_restricted": standing.is_restricted,
        }
        if promise and not standing.owed.amount and not standing.disputed:
            # What was promised is kept, and is no promise for the next debt.
            vals |= {"promised_until": False, "promise_lifts": False}
        state.write(
            {
                name: value
                for name, value in vals.items()
                if _get_plain(state, name) != value
            }
        )

    def _tell_restrictions(self, before, states):
        """Log and tell whose restriction is other than before."""
        tenants = states.tenant_id
        now = tenants.filtered("is_restricted")
        for action, changed in (
            (Action.TENANT_RESTRICTED, now - before),
            (Action.RESTRICTION_LIFTED, (before & tenants) - now),
        ):
            for tenant in changed:
                tenant.restriction_number += 1
                cause = f"restriction {tenant.restriction_number}"
                rows = tenant._prepare_log_rows(action, cause)
                self.env["saas.sync.log"]._append(rows)
                if source := tenant._get_log_source():
                    self.env["saas.outbox"]._tell_done(
                        action, source, tenant, tenant, cause
                    )
            self.env["saas.entitlement"]._refresh(changed)

    def _end_activities(self, states):
        """Stop asking people to look after tenants that owe nothing any more."""
        owing = states.filtered(lambda state: state.amount or state.disputed).tenant_id
        over = states.tenant_id - owing
        for name in ACTIVITIES:
            self.env["saas.activities"]._stop_asking(name, over)


def _get_plain(record, name):
    """Return the value of a field as it is written: of a link the id."""
    value = record[name]
    return value.id if isinstance(value, models.BaseModel) else value
