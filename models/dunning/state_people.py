from odoo import fields, models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ..roles import FINANCE


class SaasDunningState(models.Model):
    """What people do about a tenant that owes: note what it has promised, and open what
    is overdue.
    """

    _inherit = "saas.dunning.state"

    def action_promise(self):
        """Ask by when the tenant will pay, and who has said so."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        action = self.env["saas.subscription.event"]._action_dialog(
            "saas.dunning.promise",
            self.env._("Promise to Pay"),
            {"default_state_id": self.id},
        )
        return self._in_company(action)

    def action_forget_promise(self):
        """Go on as if nothing had been promised."""
        self._check_may_act(*FINANCE)
        self._set_promise(False, False, False)
        return True

    def _set_promise(self, until, note, lifts):
        """Note by when tenants have promised to pay; who calls this has checked that
        the user may.

        :param until: the last day on which nothing is done; False: no promise stands.
        :param lifts: whether what was restricted is given back until then.
        :raises UserError: if the day is over.
        """
        if until and until < fields.Date.context_today(self):
            raise UserError(self.env._("Choose a day that is still to come."))
        states = self.sudo()
        states.write(
            {
                "promised_until": until,
                "promise_lifts": bool(until and lifts),
                "promise_note": note,
                "promise_user_id": self.env.uid if until else False,
            }
        )
        rows = []
        for state in states:
            told = f"promised until {until}: {note}" if until else "no promise"
            rows += state.tenant_id._prepare_log_rows(Action.CHANGED_BY_PERSON, told)
        self.env["saas.sync.log"].sudo()._append(rows)
        self.env["saas.collections.standing"].sudo()._refresh(states.tenant_id)

    def action_write_off(self):
        """Ask which of the invoices nobody will pay any more, and why."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        action = self.env["saas.subscription.event"]._action_dialog(
            "saas.dunning.write_off",
            self.env._("Write Off"),
            {"default_state_id": self.id},
        )
        return self._in_company(action)

    def _find_own_open(self):
        """Return the invoices of these tenants, in these currencies, that Odoo has
        issued and that are overdue and open.
        """
        moves = self.env["account.move"]
        for state in self:
            owed = self.env["saas.collections.debts"].sudo()._read(state.tenant_id)
            key = (state.tenant_id.id, state.currency_id.id)
            debts, _credit = owed.get(key, ((), 0))
            today = state.company_id.sudo()._get_dunning_day()
            moves |= moves.browse({d.ref for d in debts if d.due < today})
        return moves.filtered(lambda move: move.sudo().saas_source_id.is_own)

    def _write_off(self, moves, note):
        """Write off own invoices; who calls this has checked that the user may.

        :param note: why, for the log.
        """
        self.ensure_one()
        source = self.env["saas.source"].sudo()._ensure_own(self.company_id.sudo())
        # One that books at the same time waits for this, or this for it.
        self.env["saas.linking"].sudo()._lock(source)
        work = self.env["saas.collections.write_off"].sudo()
        work = work.with_context(**source._get_batch_context())
        work._write_off(source.with_env(work.env), moves.with_env(work.env), note)

    def action_view_invoices(self):
        """Open the open invoices of this tenant in this currency."""
        self.ensure_one()
        action = self.tenant_id.action_view_moves()
        parts = self.tenant_id.search(
            [("is_consolidated", "=", True), ("bill_to_id", "=", self.tenant_id.id)]
        )
        domain = [
            ("saas_tenant_id", "in", (self.tenant_id | parts).ids),
            ("currency_id", "=", self.currency_id.id),
            ("move_type", "=", "out_invoice"),
            ("payment_state", "in", ("not_paid", "partial")),
            ("state", "=", "posted"),
        ]
        return {**action, "name": self.env._("Open Invoices"), "domain": domain}

    def action_view_tenant(self):
        """Open the tenant, with what people have done and still have to do."""
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "res_model": "saas.tenant",
                "view_mode": "form",
                "res_id": self.tenant_id.id,
            }
        )
