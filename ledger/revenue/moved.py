from odoo import models

from ...canonical.actions import Action
from ...canonical.moments import aware, naive
from ...canonical.revenue.plan import make_parts
from .deferral import Service


class SaasLedgerMoved(models.AbstractModel):
    """Brings schedules along where a newer snapshot of a document says that a line is
    for another period: from then on it is earned in that one, the months that have
    passed with it. A document that is void serves nothing any more.
    """

    _name = "saas.ledger.revenue.moved"
    _description = "SaaS ledger of deferred revenue of another period"

    def _follow(self, pairs):
        """Give schedules another version whose lines are for another period by now.

        :param pairs: items whose facts are the newest, and the documents.
        """
        moves = self.env["account.move"].union(*(move for _item, move in pairs))
        schedules = self.env["saas.revenue.schedule"].sudo()
        found = schedules.search([("move_id", "in", moves.ids)]) if moves else schedules
        if not found:
            return
        by_line = found.filtered(lambda each: each.version_id.reason != "void").grouped(
            lambda each: (each.move_id, each.move_line_id.saas_external_id)
        )
        for item, move in pairs:
            for line in item.fact.lines:
                service = Service.of(line)
                if line.external_id and service and service.start < service.end:
                    same = by_line.get((move, line.external_id), schedules)
                    self._move(item, move, same, service)

    def _move(self, item, move, schedules, service):
        """Have schedules of a line earned in another service, where it is another."""
        other = schedules.filtered(
            lambda each: (
                (aware(each.service_from), aware(each.service_to)) != service[:2]
            )
        )
        if not other:
            return
        other.write(
            {"service_from": naive(service.start), "service_to": naive(service.end)}
        )
        other._recut(
            {
                each: make_parts(
                    service.start,
                    service.end,
                    each.zone,
                    each.method,
                    each.amount,
                    each.balance,
                )
                for each in other
            },
            "moved",
        )
        item.log(Action.SERVICE_PERIOD_CHANGED, move)
