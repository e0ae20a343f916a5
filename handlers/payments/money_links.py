from odoo import models

from ...canonical.errors import Park
from ...canonical.kinds import Kind
from ...canonical.money import exact
from ...canonical.reasons import Cause, Reason
from ...canonical.reference import Reference

#: What money settles, by the kind of the money.
_SETTLES = {Kind.PAYMENT: Kind.INVOICE, Kind.REFUND: Kind.CREDIT_NOTE}


class SaasHandlerMoneyLinks(models.AbstractModel):
    """Handles which documents of linked sources money is for. The money itself is
    booked by its own fact, whether or not its documents are here: this waits for them.

    What the issuer of a document tells of the money counts more than what the gateway
    says it is for. Without a linked source there is nothing to look in, and nothing to
    do.
    """

    _name = "saas.handler.money_links"
    _inherit = "saas.handler"
    _description = "SaaS money links handler"

    def _apply(self, source, items):
        if not source.issuer_ids:
            return
        for kind in _SETTLES:
            if own := [item for item in items if item.fact.of == kind]:
                self._apply_kind(source, kind, own)

    def _apply_kind(self, source, kind, items):
        """Settle documents with payments, or with refunds."""
        bindings = self.env["saas.binding"]
        found = self._find_documents(source, items)
        refs = [item.fact.external_id for item in items]
        money = bindings._find(source, kind, refs)
        aliases = bindings._find_aliases(source, kind, refs)
        told = {(b.source_id, b.origin_ref) for b in aliases if b.is_told}
        known = {(b.source_id, b.origin_ref) for b in aliases}
        pairs, new = {}, []
        for item in items:
            binding = money.get(item.fact.external_id)
            # Without it the money waits itself, or is nothing.
            if not binding or not self._choose(item, kind, found):
                continue
            item.tenant = binding._get_tenant()
            moves = self._get_moves(item, found)
            if not self.env["saas.payments.fit"]._has_currency(item, moves):
                continue
            for issuer, own in self._get_pairs(source, item, kind, found).items():
                key = (issuer, item.fact.external_id)
                if key in told:
                    continue
                if key not in known:
                    new.append(self._prepare_alias(source, issuer, item, binding))
                    known.add(key)
                pairs.setdefault(issuer, {})[item] = own
        bindings.create(new)
        self._settle(source, kind, pairs)
        for item in items:
            if not item.error and item.fact.external_id in money:
                self._check_fit(source, item, money[item.fact.external_id], found)

    def _find_documents(self, source, items):
        """Return the bindings of the documents that items name, by reference."""
        return self.env["saas.binding"]._find_elsewhere(
            source,
            [Reference(*link.reference) for item in items for link in item.fact.links],
        )

    def _choose(self, item, kind, found):
        """Return whether the documents of an item are clear: an item waits for one that
        isn't here, and a person says which of several it is.
        """
        for link in item.fact.links:
            reference = Reference(*link.reference)
            own = found[reference].filtered(lambda b: b.kind == _SETTLES[kind])
            if len(own) > 1:
                item.quarantine(
                    Reason.MISSING_REFERENCE,
                    self.env._(
                        "Several linked sources have a document %s.", link.value
                    ),
                    Cause.LINK_UNCLEAR.of(link.value),
                )
            elif not own:
                item.fail(Park(*reference))
            found[reference] = own
        return not item.error

    def _get_moves(self, item, found):
        """Return the documents of an item that are booked."""
        moves = self.env["account.move"]
        return moves.union(
            *(found[link.reference]._get_record() or moves for link in item.fact.links)
        )

    def _get_pairs(self, source, item, kind, found):
        """Return what an item's money settles, as the ledger takes it, by issuer."""
        pairs = {}
        alias = self.env["saas.binding"]._get_alias_id(source, item.fact.external_id)
        for link in item.fact.links:
            document = found[link.reference]
            sides = [(document.kind, document.external_id), (kind, alias)]
            if kind == Kind.REFUND:
                sides.reverse()
            amount = (link.amount, item.fact.exponent) if link.amount else (0, 0)
            pair = (*sides[0], *sides[1], *amount)
            pairs.setdefault(document.source_id, []).append(pair)
        return pairs

    def _prepare_alias(self, source, issuer, item, binding):
        """Return the values of the binding that stands for money at an issuer."""
        alias = self.env["saas.binding"]._get_alias_id(source, item.fact.external_id)
        return self.env["saas.binding"]._prepare_vals(
            issuer,
            binding.kind,
            alias,
            binding._get_record(),
            parent_ref=alias,
            origin_source_id=source.id,
            origin_ref=item.fact.external_id,
        )

    def _settle(self, source, kind, pairs):
        """Reconcile money with its documents, in the sources that issued these."""
        settlement = self.env["saas.ledger.settlement"]
        for issuer, own in pairs.items():
            settlement._record(issuer, [pair for rows in own.values() for pair in rows])
            settlement._reconcile(
                issuer,
                {
                    (kind, self.env["saas.binding"]._get_alias_id(source, ref)): item
                    for item in own
                    for ref in [item.fact.external_id]
                },
            )
        if kind == Kind.REFUND and pairs:
            refs = {item.fact.external_id for own in pairs.values() for item in own}
            self.env["saas.handler.refund"]._update_activities(source, sorted(refs))

    def _check_fit(self, source, item, binding, found):
        """Leave to a person what does not fit the documents that it names."""
        fit = self.env["saas.payments.fit"]
        moves, fact = self._get_moves(item, found), item.fact
        totals = {
            move: exact(abs(move.amount_total), move.currency_id.decimal_places)
            for move in moves
            if move.is_invoice()
        }
        if len(totals) == len(fact.links):
            for link in fact.links:
                total = totals[found[link.reference]._get_record()]
                fit._check_most(item, fact.decimal(link.amount or 0), total)
            if fact.is_whole and not any(link.amount for link in fact.links):
                fit._check_most(item, fact.decimal(fact.amount), sum(totals.values()))
        fit._check_tenant(source, item, moves, fit._get_payments(binding))
