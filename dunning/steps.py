from odoo import models
from odoo.tools import mute_logger

from ..canonical.actions import Action
from ..canonical.display.texts import fit
from ..models.concurrency import is_lost_race


class SaasCollectionsSteps(models.AbstractModel):
    """Takes the steps that are due today: each is booked as a row, and done, in one
    transaction. What can't be done for one tenant is said where a person looks for it,
    and holds up nobody else.
    """

    _name = "saas.collections.steps"
    _description = "SaaS dunning of tenants"

    def _take_next(self, company, day, after, limit):
        """Take what is due of the next tenants of a company.

        :param day: the day of the company's run.
        :param after: the id of the last tenant that was looked at.
        :return: the tenants that were looked at, and the steps that were taken.
        """
        debts = self.env["saas.collections.debts"]
        tenants = debts._find_overdue(company, after, day, limit)
        return tenants, self._take(tenants)

    def _take_all(self, company, day, limit=100):
        """Take all that is due in a company in one transaction, as a preview does."""
        tenants, after = None, 0
        while tenants is None or len(tenants) == limit:
            tenants, _taken = self._take_next(company, day, after, limit)
            after = max(tenants.ids, default=after)

    def _take(self, tenants):
        """Take what is due of these tenants.

        :return: the steps that were taken.
        """
        taken = self.env["saas.dunning.step"]
        standing = self.env["saas.collections.standing"]
        for state, found in standing._refresh(tenants).items():
            if found.due:
                taken |= self._try(state, found)
        if taken:
            # What a step has restricted counts at once, and another one comes next.
            standing._refresh(taken.tenant_id)
        return taken

    def _try(self, state, found):
        """Take the steps of one state, or none of them."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                steps = self._book(state, found)
                for step in steps:
                    self.env["saas.collections.acts"]._do(step)
        except Exception as error:
            # Whatever is wrong with one tenant, such as with its mail's template, must
            # not stop the others.
            if is_lost_race(error):
                raise
            state.problem = fit(str(error)) or type(error).__name__
            return self.env["saas.dunning.step"]
        if state.problem:
            state.problem = False
        return steps

    def _book(self, state, found):
        """Return new rows of the steps that are due, in their order."""
        rows = self.env["saas.dunning.step"].create(
            [self._prepare_step_vals(state, found, step) for step in found.due]
        )
        places = state.exponent
        for row in rows:
            told = f"{row.name}: {row.total:.{places}f} {state.currency_id.name}"
            self.env["saas.sync.log"]._append(
                row.tenant_id._prepare_log_rows(Action.DUNNING_STEP_TAKEN, told)
            )
        return rows

    def _prepare_step_vals(self, state, found, step):
        policy_step = self.env["saas.dunning.policy.step"].browse(step.ref)
        asked = found.asked
        return {
            "state_id": state.id,
            "policy_step_id": policy_step.id,
            "policy_id": policy_step.policy_id.id,
            "name": policy_step.name,
            "action": step.act.value,
            "after_days": step.after,
            "least": step.least,
            "day": state.company_id._get_dunning_day(),
            "oldest_due": asked.oldest,
            "amount": asked.amount,
            "first_move_id": asked.refs[0],
            "move_ids": [(6, 0, list(asked.refs))],
        }
