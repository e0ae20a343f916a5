from odoo import models

from ...canonical.actions import Action
from ...canonical.facts import CREDIT_NOTE_RANK
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from ...ledger.documents.document import Document


class SaasHandlerCreditNote(models.AbstractModel):
    """Handles credit notes. A credit note lowers what is due on its invoice, or gives
    money back that was paid: by refunds, as customer credit, or outside the source.
    """

    _name = "saas.handler.credit_note"
    _inherit = "saas.documents.document"
    _description = "SaaS credit note handler"

    def _apply(self, source, items):
        items = self.env["saas.cutover"]._ignore_old_credit_notes(source, items)
        invoices = self._find_invoices(source, items)
        parts = self._get_parts(source, [item for item in items if not item.error])
        self.env["saas.documents.customer_credit"]._check_credit_notes(source, items)
        bindings = self._find_bindings(source, items)
        self._post_new(
            source,
            [i for i in items if not i.error and i.fact.external_id not in bindings],
            invoices,
        )
        items = [item for item in items if not item.error]
        bindings = self._find_bindings(source, items)
        self._apply_money(
            source, [(item, bindings[item.fact.external_id]) for item in items], parts
        )
        self.env["saas.handler.refund"]._update_activities(
            source, [ref for item in items for ref in parts[item][0]]
        )
        outside = (
            bindings[item.fact.external_id]._get_record()
            for item in items
            if item.fact.outside
        )
        self.env["saas.handler.outside_payment"]._ask(
            source, self.env["account.move"].union(*outside)
        )

    def _find_bindings(self, source, items):
        """Return the bindings of the items' credit notes, by external id."""
        return self.env["saas.binding"]._find(
            source, Kind.CREDIT_NOTE, [item.fact.external_id for item in items]
        )

    def _apply_money(self, source, pairs, parts):
        """Bring credit notes to their states, book the customer credit that they give,
        and reconcile them with the invoices that they close.

        :param pairs: items and the bindings of their credit notes.
        """
        items = [item for item, _binding in pairs]
        settlement = self.env["saas.ledger.settlement"]
        settlement._record(source, self._get_pairs(items, parts))
        self._advance(source, pairs)
        self.env["saas.documents.customer_credit"]._apply_credit_notes(
            source,
            [(item, binding._get_record(), parts[item][1]) for item, binding in pairs],
        )
        settlement._reconcile(
            source,
            {
                key: item
                for item in items
                for key in (
                    (Kind.CREDIT_NOTE, item.fact.external_id),
                    # If the credit note is void, its invoice is due again, to a
                    # payment that came in the meantime.
                    (Kind.INVOICE, item.fact.invoice),
                )
            },
        )

    def _find_invoices(self, source, items):
        """Return the moves of the credited invoices, by the invoices' ids. An item
        whose invoice has not arrived waits for it.
        """
        bindings = self.env["saas.binding"]._find(
            source, Kind.INVOICE, [item.fact.invoice for item in items]
        )
        moves = {
            key: binding._get_record() or self.env["account.move"]
            for key, binding in bindings.items()
        }
        for item in items:
            if item.fact.invoice in moves:
                item.tenant = bindings[item.fact.invoice]._get_tenant()
            elif not item.decision:
                item.park(Kind.INVOICE, item.fact.invoice)
        return moves

    def _get_parts(self, source, items):
        """Return how much of each credit note goes back by which refund, and how much
        as customer credit, in minor units, by item. If only a refund itself tells its
        amount, the credit note waits for the refund.
        """
        unclear = [item for item in items if item.fact.to_credit is None]
        known = self.env["saas.binding"]._find(
            source,
            Kind.REFUND,
            [r.external_id for i in unclear for r in i.fact.refunds],
        )
        parts = {}
        for item in items:
            fact = item.fact
            refunds = {refund.external_id: refund.amount for refund in fact.refunds}
            for ref, amount in refunds.items():
                if amount is None and ref in known:
                    refunds[ref] = known[ref].amount
                elif amount is None:
                    item.park(Kind.REFUND, ref)
            if item.error:
                continue
            rest = fact.total - fact.to_invoice - fact.outside - sum(refunds.values())
            credit = rest if fact.to_credit is None else fact.to_credit
            if credit < 0 or credit > rest:
                item.quarantine(
                    Reason.AMOUNT_MISMATCH,
                    self.env._(
                        "The credit note's parts come to %(more)s %(currency)s more "
                        "than its total.",
                        more=fact.decimal(credit - rest or -rest),
                        currency=fact.currency,
                    ),
                )
            parts[item] = (refunds, credit)
        return parts

    def _get_pairs(self, items, parts):
        """Return what credit notes close, for ``saas.ledger.settlement``."""
        pairs = []
        for item in items:
            fact, (refunds, credit) = item.fact, parts[item]
            stated = [(Kind.REFUND, key, amount) for key, amount in refunds.items()]
            stated.append((Kind.INVOICE, fact.invoice, fact.to_invoice))
            stated.append((Kind.CREDIT_NOTE_CREDIT, fact.external_id, credit))
            pairs += [
                (kind, key, Kind.CREDIT_NOTE, fact.external_id, amount, fact.exponent)
                for kind, key, amount in stated
                if amount
            ]
        return pairs

    def _post_new(self, source, items, invoices):
        """Post the credit notes that are not booked yet, and bind them."""
        currencies, dates = self._check_documents(source, items)
        finder = self._find_taxes(source, [item.fact for item in items])
        map_product = self._map_products(source)
        lines = {
            item: self._prepare_lines(
                item, invoices[item.fact.invoice], map_product, finder
            )
            for item in items
            if not item.error
        }
        self._describe_unmapped_products(source, items)
        reasons = self.env["saas.revenue.reason"]._find(source)
        self.env["saas.ledger.document"]._post(
            source,
            [
                Document(
                    item,
                    item.fact,
                    Kind.CREDIT_NOTE,
                    dates[item],
                    currencies[item.fact.currency],
                    lines[item],
                    credited=invoices[item.fact.invoice],
                    binding={
                        "rank": CREDIT_NOTE_RANK["issued"],
                        "parent_ref": item.fact.invoice,
                    },
                    vals={"deferred_crediting": reasons.get(item.fact.reason, False)},
                    crediting=reasons.get(item.fact.reason, ""),
                )
                for item in items
                if not item.error
            ],
            finder,
        )

    def _prepare_lines(self, item, invoice, map_product, finder):
        """Return the values of the lines, or quarantine the item. A line names the
        invoice's line that it credits, which has the product and account.
        """
        credited = {line.saas_external_id: line for line in invoice.invoice_line_ids}
        vals_list = []
        for line in item.fact.lines:
            origin = credited.get(line.external_id, invoice.invoice_line_ids[:0])
            if origin and origin.product_id:
                product, account = origin.product_id, origin.account_id
            else:
                product, account = map_product(line)
            untaxed = self._get_untaxed(origin, line)
            if not self._check_mapped(item, line, product, account):
                if untaxed is None:
                    self._check_taxes(item, line, finder)
                continue
            prepared = self._prepare_line(
                item, line, 1, product, account, finder, untaxed
            )
            # What was earned at once is given back at once.
            vals_list += [{**vals, "credits": origin.id} for vals in prepared]
        return vals_list

    def _get_untaxed(self, origin, line):
        """Return the taxes of the invoice's line where they came to nothing, such as a
        reverse charge, and the credit charges nothing either. The credit belongs in the
        same report, but states no reason: only invoices tell the customer's status.

        :return: None where the credit's own taxes decide.
        """
        if not origin or any(part.amount for part in line.taxes):
            return None
        charged = origin.price_total - origin.price_subtotal
        return origin.tax_ids if origin.currency_id.is_zero(charged) else None

    def _advance(self, source, pairs):
        """Void what the source has voided; nothing else changes a credit note."""
        void = []
        for item, binding in pairs:
            fact, move = item.fact, binding._get_record()
            if CREDIT_NOTE_RANK.get(fact.state, 0) <= binding.rank:
                continue
            binding.rank = CREDIT_NOTE_RANK[fact.state]
            date = source._localize_date(fact.voided_at or fact.issued_at)
            self.env["saas.ledger.document"]._set_state(move, "void", date)
            item.log(Action.CREDIT_NOTE_VOID, move)
            void.append((item, move, max(date, move.invoice_date)))
        voids = self.env["saas.ledger.documents.void"]
        self.env["saas.ledger.reversal"]._reverse_documents(
            source, voids._check_credit_notes(source, void), Kind.CREDIT_NOTE_VOID
        )
        voids._bring_along(source, {item.fact.invoice: item for item, _b in pairs})
