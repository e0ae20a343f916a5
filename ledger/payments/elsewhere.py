from odoo import models

from ...canonical.kinds import Kind


class SaasLedgerElsewhere(models.AbstractModel):
    """Follows money to the documents of linked sources: the pairs of both are kept in
    the source that issued the document, where the money has a binding that stands for
    it. So a document is settled in one place, whoever's money closes it.
    """

    _name = "saas.ledger.payments.elsewhere"
    _description = "SaaS money for documents of linked sources"

    def _reconcile(self, source, kind, items):
        """Reconcile money with the documents of linked sources that it is for, as it
        stands now: it came in, failed, or is booked otherwise.

        :param kind: the money's: payments or refunds.
        :param items: items by the main ids of their money.
        """
        aliases = self.env["saas.binding"]._find_aliases(source, kind, items)
        for issuer, own in aliases.grouped("source_id").items():
            self.env["saas.ledger.settlement"]._reconcile(
                issuer, {(kind, b.external_id): items[b.origin_ref] for b in own}
            )

    def _reopen(self, source, items):
        """Reconcile what is open again in linked sources with other payments of it.

        :param items: items by the main ids of the sums that failed.
        """
        aliases = self.env["saas.binding"]._find_aliases(source, Kind.PAYMENT, items)
        for issuer, own in aliases.grouped("source_id").items():
            failed = {b.external_id: items[b.origin_ref] for b in own}
            self.env["saas.ledger.settlement"]._reconcile(
                issuer,
                self.env["saas.settlement"]._get_items(issuer, Kind.PAYMENT, failed),
            )

    def _get_moves(self, bindings):
        """Return the entries of money that linked sources hold, by the external ids
        that it goes by here.

        :param bindings: by external id; only those that stand for such money count.
        """
        settlement = self.env["saas.ledger.settlement"]
        moves = {}
        others = [b for b in bindings.values() if b.origin_source_id]
        for origin, kind in dict.fromkeys((b.origin_source_id, b.kind) for b in others):
            own = [b for b in others if (b.origin_source_id, b.kind) == (origin, kind)]
            found = self.env["saas.binding"]._find(
                origin, kind, [b.origin_ref for b in own]
            )
            booked = settlement._get_moves(origin, found)
            for binding in own:
                if binding.origin_ref in booked:
                    moves[binding.external_id] = booked[binding.origin_ref]
        return moves

    def _find_transfers(self, objects):
        """Return the transfers of objects by who holds them, as :func:`get_holder` says
        it.

        :param objects: the holders, by kind and external id of the objects.
        """
        transfers = self.env["saas.ledger.payments.receivable_transfer"]
        by_source = {}
        for source, kind, ref in objects.values():
            by_source.setdefault(source, []).append((kind, ref))
        return {
            (source, *pair): moves
            for source, pairs in by_source.items()
            for pair, moves in transfers._find(source, pairs).items()
        }

    def _get_explained(self, source, kind, refs):
        """Return the ``refs`` that documents of linked sources explain in full."""
        if kind != Kind.REFUND:
            return set()
        aliases = self.env["saas.binding"]._find_aliases(source, kind, refs)
        explained = set()
        for issuer, own in aliases.grouped("source_id").items():
            known = self.env["saas.ledger.settlement"]._get_explained(
                issuer, kind, own.mapped("external_id")
            )
            explained |= {b.origin_ref for b in own if b.external_id in known}
        return explained

    def _undo(self, source, rows):
        """Take back what a source has booked of money that turns out to be a linked
        gateway's: each entry on its own day. What it was reconciled with is open again.

        :param rows: items, booked payments or refunds, and the entries that took these
            back, which are no longer needed either.
        :raises Quarantine: as ``period_locked``, if a day is; as ``posting_failed``, if
            a person has undone a payment.
        """
        rebooking = self.env["saas.ledger.rebooking"]
        for _item, _payments, backs in rows:
            for move in backs:
                rebooking._check(source, [(move, move.date)])
            backs.line_ids.remove_move_reconcile()
            rebooking._reverse([(move, move.date) for move in backs])
        rebooking._undo_payments(
            source,
            [(item, payment) for item, payments, _b in rows for payment in payments],
        )

    def _end(self, aliases):
        """Take money off the documents that the gateway alone said it was for, as the
        issuer itself tells that now.

        :param aliases: bindings that stand for it.
        :return: the kinds and ids of the documents that are open again.
        """
        opened = []
        settlement = self.env["saas.ledger.settlement"]
        for issuer, own in aliases.grouped("source_id").items():
            refs = own.mapped("external_id")
            rows = self.env["saas.settlement"].search(
                [
                    ("source_id", "=", issuer.id),
                    "|",
                    "&",
                    ("credit_kind", "=", Kind.PAYMENT),
                    ("credit_ref", "in", refs),
                    "&",
                    ("debit_kind", "=", Kind.REFUND),
                    ("debit_ref", "in", refs),
                ]
            )
            sides = [(r.debit_kind, r.debit_ref) for r in rows]
            sides += [(r.credit_kind, r.credit_ref) for r in rows]
            lines = settlement._get_lines(issuer, sides)
            for row in rows:
                settlement._get_partials(*settlement._get_sides(row, lines)).unlink()
                opened += [
                    (row.debit_kind, row.debit_ref),
                    (row.credit_kind, row.credit_ref),
                ]
            rows.unlink()
        aliases.unlink()
        return opened


def get_holder(binding):
    """Return who holds an object: the source, and the kind and the main id there."""
    if binding.origin_source_id:
        return binding.origin_source_id, binding.kind, binding.origin_ref
    ref = binding.external_id
    main = binding.parent_ref if binding.kind == Kind.PAYMENT else ref
    return binding.source_id, binding.kind, main
