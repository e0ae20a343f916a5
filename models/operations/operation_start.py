from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...canonical.actions import Action
from ...canonical.reasons import Reason
from .operation_kind import CLAIMED, OF_SOURCES, QUICK, Operation


class SaasOperation(models.Model):
    """Starts an operation: freezes what it is about, and has it done."""

    _inherit = "saas.operation"

    @api.model
    def _get_claimable(self, kind, selection):
        """Return the domain of the events of a selection that an operation would act
        on: they are in a state for it, and wait in no other one.

        :param kind: an :class:`~.operation_kind.Operation` on events.
        :param selection: the domain of what was chosen.
        """
        held = Domain("reason", "=", Reason.HELD_BY_PERSON.value)
        domain = Domain(selection)
        domain &= Domain("state", "in", [state.value for state in CLAIMED[kind]])
        if kind is Operation.RELEASE:
            domain &= held
        elif kind in (Operation.RETRY, Operation.HOLD):
            domain &= ~held
        waiting = self.env["saas.operation.item"].sudo()
        claimed = waiting._search([("state", "=", "waiting")]).subselect("event_id")
        return domain & Domain("id", "not in", claimed)

    @api.model
    def _start(self, kind, reason, domain=None, sources=None, **vals):
        """Start operations, one for each company, in the name of the user. What is
        about few events is done at once.

        :param kind: an :class:`~.operation_kind.Operation`.
        :param reason: why, in the person's words.
        :param domain: the domain of the events, as :meth:`_get_claimable` returns it.
            It is searched with the user's rights.
        :param sources: the sources that were chosen, if sources were.
        :raises AccessError: if the user may not.
        :raises UserError: if there is nothing to do.
        """
        if sources:
            sources._check_may_act(*self._get_roles(kind))
        self._check_role(kind)
        if kind in OF_SOURCES:
            companies = sources.company_id
        else:
            companies = self._find_companies(domain)
        sources = sources or self.env["saas.source"]
        vals = {**vals, "kind": kind.value, "reason": reason, "user_id": self.env.uid}
        operations = self.sudo().create(
            [
                {
                    **vals,
                    "company_id": company.id,
                    "state": "running",
                    "started_at": fields.Datetime.now(),
                    "source_ids": sources.filtered_domain(
                        [("company_id", "=", company.id)]
                    ).ids,
                }
                for company in companies
            ]
        )
        for operation in operations:
            if kind in OF_SOURCES:
                operation._act_on_sources()
            else:
                operation._begin(self, domain)
        if not sum(operations.mapped("total_count")):
            raise UserError(
                self.env._(
                    "There is nothing to do: none of this is in a state for it any "
                    "more, or another operation is about it already."
                )
            )
        return operations.sudo(False)

    def _find_companies(self, domain):
        """Return the companies that the events of a domain belong to."""
        if len(self.env.companies) == 1:
            return self.env.companies
        groups = self.env["saas.subscription.event"]._read_group(domain, ["company_id"])
        return self.env["res.company"].union(*(company for (company,) in groups))

    def _begin(self, asked, domain):
        """Freeze what this operation is about, and act on it: on few events at once,
        on more by jobs. What these take is what :meth:`_freeze` takes.
        """
        self.total_count = self._freeze(asked, domain)
        if self.total_count <= QUICK:
            self._act()
        if self.state == "running":
            self._enqueue_chunk()

    def _freeze(self, asked, domain):
        """Freeze what this operation is about, in one statement.

        :param asked: a recordset in the environment of whoever asked: their rights
            count for what they chose.
        :return: how many events it is about. One that another operation has taken at
            the same moment is not among them.
        """
        events = asked.env["saas.subscription.event"]
        query = events._search(
            Domain(domain) & Domain("company_id", "=", self.company_id.id)
        )
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """INSERT INTO saas_operation_item
                          (operation_id, company_id, event_id, state)
                   SELECT %s, %s, chosen.id, 'waiting' FROM (%s) chosen
                   ON CONFLICT (event_id) WHERE state = 'waiting' DO NOTHING""",
                self.id,
                self.company_id.id,
                query.select(),
            ),
            # Another operation may be quicker. Then the whole request is done again.
            log_exceptions=False,
        )
        self.invalidate_recordset(["item_ids"], flush=False)
        return self.env.cr.rowcount

    def _act_on_sources(self):
        """Pause this operation's sources, or have them go on. They are few, and whoever
        pauses one can't wait for a job.
        """
        pauses = self.kind == Operation.PAUSE
        state = "paused" if pauses else "active"
        sources = self.source_ids.filtered(lambda source: source.state != state)
        action = Action.SOURCE_PAUSED if pauses else Action.SOURCE_RESUMED
        sources.state = state
        self._log_to(sources, action)
        self.write(
            {
                "total_count": len(sources),
                "done_count": len(sources),
                "state": "done",
                "ended_at": fields.Datetime.now(),
            }
        )

    def _log_to(self, sources, action, detail=None):
        """Note in the logs of sources what this operation did."""
        self.env["saas.sync.log"]._append(
            [
                {
                    "source_id": source.id,
                    "action": action.value,
                    "res_model": self._name,
                    "res_id": self.id,
                    "detail": ": ".join(filter(None, (detail, self.reason))),
                }
                for source in sources
            ]
        )
