from odoo import models
from odoo.fields import Domain

from ...canonical.kinds import Kind
from ...canonical.money import to_minor
from ...canonical.subscriptions.share import share
from .taken_out import Unearned, get_owed_by


class SaasLedgerDisputed(models.AbstractModel):
    """Takes what was never served out of the losses of disputes, where the company has
    the service end on the day of such a loss: only what was served is lost. If the
    dispute is won after all, it is taken back, and earned as before.

    A dispute has lost of an invoice what its payment has paid of that, in proportion to
    what of the payment is lost: never more than credit notes, write-offs and earlier
    disputes leave of it. The books are the same whichever becomes known first.
    """

    _name = "saas.ledger.revenue.disputed"
    _description = "SaaS ledger of unearned revenue of disputes"

    def _follow_disputes(self, items):
        """Bring along what disputes have taken of deferred invoices.

        :param items: the items because of which, by dispute.
        :raises EventError: if an entry can't be booked as it is.
        """
        items = {record: item for record, item in items.items() if record.ends_service}
        by_invoice = {}
        for dispute, item in items.items():
            paid = self._find_paid(dispute.payment_id.move_id)
            taken = self._find_taken(dispute).origin_id.move_id
            for move in (*paid, *taken):
                by_invoice.setdefault(move.reversed_entry_id or move, item)
        self._bring_along(by_invoice)

    def _follow_invoices(self, source, items):
        """Bring along what disputes have taken of invoices of which something else has
        become known.

        :param items: the items because of which, by the invoices' external ids.
        :raises EventError: if an entry can't be booked as it is.
        """
        own = Domain("company_id", "=", source.company_id.id)
        disputes = self.env["saas.dispute"].sudo()
        if not items or not disputes.search_count(
            own & Domain("ends_service", "=", True), limit=1
        ):
            return
        bindings = self.env["saas.binding"]._find(source, Kind.INVOICE, [*items])
        self._bring_along(
            {
                move: items[ref]
                for ref, binding in bindings.items()
                if (move := binding._get_record())
            }
        )

    def _bring_along(self, items):
        """Book what has changed of the unearned part of disputes, by invoice."""
        schedules = self.env["saas.revenue.schedule"].sudo()
        families = {invoice: self._get_family(invoice) for invoice in items}
        moves = self.env["account.move"].union(*families.values())
        own = schedules.search([("move_id", "in", moves.ids)]) if moves else schedules
        if not own:
            return
        taken = schedules.search(
            [("origin_id", "in", own.ids), ("move_id.saas_dispute_id", "!=", False)]
        )
        known = self._find_disputes([*items])
        by_move, by_origin = own.grouped("move_id"), taken.grouped("origin_id")
        pairs = {}
        for invoice, family in families.items():
            mine = schedules.union(*(by_move.get(each, schedules) for each in family))
            of_mine = schedules.union(
                *(by_origin.get(each, schedules) for each in mine)
            )
            paying = self._find_paying(invoice)
            disputes = known.filtered(
                lambda each, paying=paying: each.payment_id.move_id in paying
            )
            disputes |= of_mine.move_id.saas_dispute_id
            if not mine or not disputes:
                continue
            found = self._read(invoice, family, mine, of_mine, disputes.sorted("id"))
            for dispute, unearned in found:
                pairs.setdefault(dispute.source_id, []).append(
                    (unearned, items[invoice])
                )
        for source, own_pairs in pairs.items():
            self.env["saas.ledger.revenue.taken_out"]._bring_along(source, own_pairs)

    def _get_family(self, invoice):
        """Return an invoice with what credits it, and what takes a credit back."""
        notes = invoice.reversal_move_ids
        family = invoice | notes | notes.reversal_move_ids
        return family.filtered(lambda move: move.state == "posted")

    # -- what is lost ------------------------------------------------------------------

    def _find_disputes(self, invoices):
        """Return the disputes of what has paid invoices that end a service."""
        paying = self._find_paying(self.env["account.move"].union(*invoices))
        of_payments = Domain("payment_id.move_id", "in", paying.ids)
        disputes = self.env["saas.dispute"].sudo()
        return disputes.search(Domain("ends_service", "=", True) & of_payments)

    def _read(self, invoice, family, schedules, taken, disputes):
        """Return disputes of an invoice's payments, with what they have lost of it.

        :param disputes: in the order in which they are looked at.
        """
        written_off = self._find_written_off(invoice)
        days = {*(family | written_off).mapped("date")}
        earlier = [lambda day: -get_owed_by(written_off, day)]
        found = []
        for dispute in disputes:
            loss, undone = self._find_loss(dispute)
            if not loss:
                continue
            days |= {loss.date, *undone.mapped("date")}
            get_lost = self._make_lost(
                self._get_share(dispute, loss, invoice),
                (loss, undone),
                family,
                [*earlier],
            )
            earlier.append(get_lost)
            found.append(
                (
                    dispute,
                    Unearned(
                        f"{dispute.external_id}:{invoice.id}",
                        Kind.DISPUTE_UNEARNED,
                        invoice,
                        family,
                        schedules,
                        taken.filtered(
                            lambda each, dispute=dispute: (
                                each.move_id.saas_dispute_id == dispute
                            )
                        ),
                        loss.date,
                        {day for day in days if day >= loss.date},
                        get_lost,
                        self._get_account(loss),
                        "disputed",
                        {"saas_dispute_id": dispute.id},
                    ),
                )
            )
        return found

    def _make_lost(self, amount, moves, family, earlier):
        """Return what says how much of an invoice a dispute has lost by a day.

        :param amount: what it has lost, while it is lost.
        :param moves: the entry of the loss, and what undoes it, which may be empty.
        :param earlier: what says the same of what else is lost.
        """
        loss, undone = moves

        def get_lost(day):
            if loss.date > day or (undone and undone.date <= day):
                return 0
            room = get_owed_by(family, day) - sum(each(day) for each in earlier)
            return min(amount, max(room, 0))

        return get_lost

    def _find_written_off(self, invoice):
        """Return the entries by which an invoice is written off."""
        bindings = self.env["saas.binding"].search(
            [
                ("kind", "=", Kind.INVOICE),
                ("res_model", "=", invoice._name),
                ("res_id", "=", invoice.id),
            ]
        )
        losses = self.env["saas.ledger.documents.loss"]
        booked = invoice.browse()
        for binding in bindings:
            found = losses._read_booked(binding.source_id, [binding.external_id])
            booked |= found.get(binding.external_id, booked)
        return booked.filtered(lambda move: move.move_type == "entry")

    def _find_loss(self, dispute):
        """Return the entry of a dispute's loss, and what undoes it; empty ones for what
        is not booked.
        """
        kinds = [Kind.DISPUTE_LOSS, Kind.DISPUTE_LOSS_UNDONE]
        ref, none = dispute.external_id, self.env["account.move"]
        found = self.env["saas.binding"]._find_kinds(dispute.source_id, kinds, [ref])
        return tuple(
            (ref in found[kind] and found[kind][ref]._get_record()) or none
            for kind in kinds
        )

    def _get_share(self, dispute, loss, invoice):
        """Return what of an invoice is lost with what has paid it, in minor units."""
        payment = dispute.payment_id
        paid = self._find_paid(payment.move_id).get(invoice, 0)
        currency = payment.currency_id
        whole = to_minor(payment.amount, currency.decimal_places)
        lost = whole
        if loss.line_ids.currency_id == currency:
            total = sum(line.amount_currency for line in loss.line_ids if line.debit)
            lost = to_minor(total, currency.decimal_places)
        elif dispute.currency_id == currency:
            lost = to_minor(dispute.amount, currency.decimal_places)
        return share(paid, min(max(lost, 0), whole), whole) if whole else 0

    def _get_account(self, loss):
        """Return the account of what was lost."""
        return loss.line_ids.filtered(lambda line: line.balance > 0).account_id[:1]

    # -- whose payment it is -----------------------------------------------------------

    def _find_paid(self, move):
        """Return what a payment's entry pays of invoices, in the invoices' currency, in
        minor units.
        """
        paid = {}
        for partial in move.line_ids.matched_debit_ids:
            line = partial.debit_move_id
            if line.move_id.is_invoice():
                places = line.currency_id.decimal_places
                amount = to_minor(partial.debit_amount_currency, places)
                paid[line.move_id] = paid.get(line.move_id, 0) + amount
        return paid

    def _find_paying(self, invoices):
        """Return the entries that invoices are reconciled with."""
        return invoices.line_ids.matched_credit_ids.credit_move_id.move_id

    def _find_taken(self, dispute):
        """Return the schedules of what a dispute has taken out."""
        schedules = self.env["saas.revenue.schedule"].sudo()
        return schedules.search([("move_id.saas_dispute_id", "=", dispute.id)])
