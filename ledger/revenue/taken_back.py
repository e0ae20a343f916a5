from odoo import models

from ...canonical.revenue.months import get_begin
from ...canonical.revenue.plan import make_parts
from ...canonical.revenue.recut import accelerate


class SaasLedgerTakenBack(models.AbstractModel):
    """Brings schedules along when documents are taken back. What takes a document back
    stands on its deferred accounts, and nothing of the document is served any more. So
    both are recognised in the month in which it is taken back: that undoes what was
    recognised before, and nothing is left of either.
    """

    _name = "saas.ledger.revenue.taken_back"
    _description = "SaaS ledger of deferred revenue that is taken back"

    def _follow(self, source, pairs):
        """Bring along the schedules of documents that were taken back.

        :param pairs: the documents that are taken back together, and the posted one
            that does so.
        """
        taken = self.env["account.move"].union(*(moves for moves, _move in pairs))
        schedules = self.env["saas.revenue.schedule"].sudo()
        known = schedules.search([("move_id", "in", taken.ids)])
        if not known:
            return
        rows, parts = [], {}
        for moves, move in pairs:
            own = known.filtered(lambda each, moves=moves: each.move_id in moves)
            rows += self._prepare_schedules(source, own, move)
            for schedule in own:
                zone = schedule.zone
                moment = get_begin(move.date, zone)
                before = schedule._get_parts()
                after = accelerate(before, moment, zone)
                if after != before:
                    parts[schedule] = after
        schedules._open(rows, "void")
        schedules._recut(parts, "void")

    def _prepare_schedules(self, source, own, move):
        """Return the values of schedules for the lines that take back deferred ones.

        :param own: the schedules of what is taken back.
        """
        deferral = self.env["saas.ledger.revenue.deferral"]
        by_account = {}
        for schedule in own:
            line = schedule.move_line_id
            for key in ((line.account_id, line.product_id), (line.account_id, None)):
                by_account.setdefault(key, schedule)
        rows = []
        for line in move.invoice_line_ids:
            account = line.account_id
            like = by_account.get((account, line.product_id)) or by_account.get(
                (account, None)
            )
            if not like or not line.balance:
                continue
            vals = deferral._prepare_back_vals(source, like, line)
            moment = get_begin(move.date, like.zone)
            amounts = vals["amount"], vals["balance"]
            parts = make_parts(moment, moment, like.zone, like.method, *amounts)
            rows.append({**vals, "parts": parts})
        return rows
