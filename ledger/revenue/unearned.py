from odoo import models

from ...canonical.kinds import Kind
from .taken_out import Unearned, get_owed_by


class SaasLedgerUnearned(models.AbstractModel):
    """Takes what was never served of invoices that were given up out of the loss: it is
    taken from the deferred account, and only what was served is a bad debt. As far as
    an invoice is paid after all, that is taken back.
    """

    _name = "saas.ledger.revenue.unearned"
    _description = "SaaS ledger of unearned revenue of losses"

    def _bring_along(self, source, losses, items):
        """Book what has changed of the unearned part of losses.

        :param losses: :class:`~..documents.loss.Loss`, as they are booked by now.
        :param items: the items because of which, by the invoices' external ids.
        :raises EventError: if one can't be booked as it is.
        """
        found = self._read(source, losses)
        self.env["saas.ledger.revenue.taken_out"]._bring_along(
            source, [(unearned, items[unearned.ref]) for unearned in found]
        )

    def _read(self, source, losses):
        """Return the losses whose invoices are deferred, as :class:`Unearned`."""
        schedules = self.env["saas.revenue.schedule"].sudo()
        losses = [loss for loss in losses if loss.booked]
        moves = self.env["account.move"].union(
            *(loss.invoice | loss.credits for loss in losses)
        )
        own = schedules.search([("move_id", "in", moves.ids)]) if moves else schedules
        if not own:
            return []
        taken = schedules.search(
            [
                ("origin_id", "in", own.ids),
                ("move_id.move_type", "=", "entry"),
                ("move_id.saas_dispute_id", "=", False),
            ]
        )
        found = []
        for loss in losses:
            family = loss.invoice | loss.credits
            mine = own.filtered(lambda each, family=family: each.move_id in family)
            if mine:
                of_mine = taken.filtered(lambda x, mine=mine: x.origin_id in mine)
                found.append(self._prepare(source, loss, family, mine, of_mine))
        return found

    def _prepare(self, source, loss, family, schedules, taken):
        work = self.env["saas.ledger.documents.uncollectible"]
        return Unearned(
            loss.ref,
            Kind.INVOICE_UNEARNED,
            loss.invoice,
            family,
            schedules,
            taken,
            loss.since,
            {*loss.booked.mapped("date")},
            lambda day: -get_owed_by(loss.booked, day),
            work._get_account(source, loss),
            "uncollectible",
        )
