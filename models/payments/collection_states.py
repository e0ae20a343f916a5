from odoo import api, models

from ...canonical.payments.collecting import (
    LIVE_STATES,
    NEXT_STATES,
    WITHOUT_MANDATE,
    CollectionReason,
    CollectionState,
)


class SaasCollection(models.Model):
    """Where a command is: the one gate that brings it to another state, and the log."""

    _inherit = "saas.collection"

    def _is_idle(self):
        """Return whether this only waits for its customer, and the gateway has nothing
        by which money could come.
        """
        self.ensure_one()
        return self.state == CollectionState.NEEDS_CUSTOMER and not self.link_ref

    def _is_live(self):
        """Return whether money may still come by this command; no if it is empty."""
        return bool(self) and self.state in LIVE_STATES

    def _filter_standing(self):
        """Return those of these commands that stand in the way of another one for their
        invoice: money may come by them. One that is idle is given up instead.
        """
        return self.filtered(lambda c: c._is_live() and not c._is_idle())

    def _set_state(self, state, reason=None, **vals):
        """Bring these commands to a state: the one gate of it.

        :param state: a :class:`~...canonical.payments.collecting.CollectionState`.
        :param reason: why no money came, if it didn't.
        :raises ValueError: if it can't be reached from where they are.
        """
        for command in self:
            if state not in NEXT_STATES[CollectionState(command.state)]:
                raise ValueError(f"{command.state} can't become {state}")
        vals.setdefault("next_try", False)
        self.sudo().write(
            {
                "state": state.value,
                "reason": reason.value if reason else False,
                **vals,
            }
        )

    def _may_become(self, state):
        """Return whether this command can get to a state, with which the invoice would
        still have one live command at most.
        """
        self.ensure_one()
        if state not in NEXT_STATES[CollectionState(self.state)]:
            return False
        if state not in LIVE_STATES or self.state in LIVE_STATES:
            return True
        _numbers, live = self._read_known(self.move_id)
        return not live

    @api.model
    def _go_on_with_mandates(self, source, tenants):
        """Order anew what waits for a mandate of these tenants, since there is one.

        :param source: the gateway.
        """
        commands = self.sudo().search(
            [
                ("state", "=", CollectionState.NEEDS_CUSTOMER),
                ("reason", "in", WITHOUT_MANDATE),
                ("is_withdrawn", "=", False),
                ("source_id", "=", source.id),
                ("tenant_id", "in", tenants.ids),
            ]
        )
        commands._set_state(CollectionState.WAITING, sent_at=False)
        commands._enqueue_decide()

    def _filter_stopped(self):
        """Return those of these commands whose payer nothing is collected from now."""
        stopped = self.sudo().tenant_id._filter_collection_stopped()
        return self.filtered(lambda command: command.tenant_id in stopped)

    @api.model
    def _go_on_without_risk(self, tenants):
        """Have what was held back of these tenants decided, since they are no risk any
        more.
        """
        commands = self.sudo().search(
            [
                ("state", "=", CollectionState.WAITING),
                ("reason", "=", CollectionReason.AT_RISK),
                ("tenant_id", "in", tenants.ids),
            ]
        )
        commands._enqueue_decide()

    def _log(self, action):
        """Note in the log of the company's own source what became of these."""
        rows = []
        for command in self.sudo():
            told = filter(None, (command.move_id.name, command.reason))
            rows += command._prepare_log_rows(action, " ".join(told))
        self.env["saas.sync.log"].sudo()._append(rows)

    def _get_log_source(self):
        """A change by a person is noted where the invoice's own history is."""
        self.ensure_one()
        return self.move_id.saas_source_id
