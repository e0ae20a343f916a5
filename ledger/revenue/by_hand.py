from odoo import models

from ...canonical.revenue.months import get_begin
from ...canonical.revenue.recut import Crediting, credit


class SaasLedgerByHand(models.AbstractModel):
    """Opens the schedules of credit notes that people make in Odoo's own screens of
    deferred lines: they stand on the same deferred account.
    """

    _name = "saas.ledger.revenue.by_hand"
    _description = "SaaS ledger of deferred revenue credited by hand"

    def _follow(self, moves):
        """Open the schedules of what credits deferred lines, once.

        :param moves: posted credit notes that name the documents that they reverse.
        """
        schedules = self.env["saas.revenue.schedule"].sudo()
        credited = moves.reversed_entry_id
        known = (
            schedules.search([("move_id", "in", credited.ids)]) if credited else None
        )
        if not known:
            return
        # Posted again after it was set to draft, it has them already.
        done = schedules.search([("move_id", "in", moves.ids)]).move_line_id
        rows = [
            self._prepare(schedule, line)
            for move in moves
            for line in move.invoice_line_ids - done
            if (schedule := self._find(known, move.reversed_entry_id, line))
            and line.balance
        ]
        if rows:
            schedules._open(rows, "credited")

    def _find(self, known, document, line):
        """Return the schedule of the line that another one credits; empty if that was
        earned at once.
        """
        found = known.filtered(
            lambda each: (
                each.move_id == document and each.deferred_account_id == line.account_id
            )
        )
        like = found.filtered(
            lambda each: each.move_line_id.product_id == line.product_id
        )
        named = like.filtered(lambda each: each.move_line_id.name == line.name)
        return (named or like or found)[:1]

    def _prepare(self, schedule, line):
        """Return the values of the schedule of a line, with its parts."""
        deferral = self.env["saas.ledger.revenue.deferral"]
        vals = deferral._prepare_back_vals(schedule.source_id, schedule, line)
        parts = credit(
            schedule._get_parts(),
            vals["amount"],
            vals["balance"],
            get_begin(line.date, schedule.zone),
            schedule.zone,
            Crediting(
                line.move_id.deferred_crediting or line.company_id.revenue_crediting
            ),
        )
        return {
            **vals,
            "tenant_id": schedule.tenant_id.id,
            "parts": parts,
        }
