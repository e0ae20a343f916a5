from odoo import models

from ...canonical.facts import CREDIT_NOTE_RANK
from ...canonical.reasons import Reason


class SaasHandlerCreditNote(models.AbstractModel):
    """Credit notes. One lowers what is due on its invoice, or gives money back that
    was paid: by refunds, to the customer's balance, or outside the source.
    """

    _name = "saas.handler.credit_note"
    _inherit = "saas.ledger.document"
    _description = "SaaS credit note handler"

    def _apply(self, source, items):
        items = self.env["saas.cutover"]._set_aside_credit_notes(source, items)
        invoices = self._find_invoices(source, items)
        balance = self.env["saas.documents.customer_credit"]
        parts = self._get_parts(source, [item for item in items if not item.error])
        balance._check_credit_notes(source, items)
        bindings = self._get_bindings(
            source, "credit_note", [item.fact.external_id for item in items]
        )
        self._post_new(
            source,
            [i for i in items if not i.error and i.fact.external_id not in bindings],
            invoices,
        )
        items = [item for item in items if not item.error]
        bindings = self._get_bindings(
            source, "credit_note", [item.fact.external_id for item in items]
        )
        pairs = [(item, bindings[item.fact.external_id]) for item in items]
        settlements = self.env["saas.ledger.settlement"]
        settlements._record(source, self._get_settlements(items, parts))
        self._advance(source, pairs)
        balance._apply_credit_notes(
            source,
            [(item, binding._get_record(), parts[item][1]) for item, binding in pairs],
        )
        settlements._settle(
            source,
            {
                key: item
                for item in items
                for key in (
                    ("credit_note", item.fact.external_id),
                    # Due again, where the credit note is void: to a payment that
                    # came while it wasn't.
                    ("invoice", item.fact.invoice),
                )
            },
        )
        self.env["saas.handler.refund"]._update_activities(
            source, [ref for item in items for ref in parts[item][0]]
        )
        outside = (b._get_record() for item, b in pairs if item.fact.outside)
        self.env["saas.handler.outside_payment"]._ask(
            source, self.env["account.move"].union(*outside)
        )

    def _find_invoices(self, source, items):
        """Return the moves of the credited invoices, by the invoices' ids. An item
        whose invoice has not arrived waits for it.
        """
        bindings = self._get_bindings(
            source, "invoice", [item.fact.invoice for item in items]
        )
        moves = {
            key: binding._get_record() or self.env["account.move"]
            for key, binding in bindings.items()
        }
        for item in items:
            if item.fact.invoice in moves:
                item.tenant = bindings[item.fact.invoice]._get_tenant()
            else:
                item.park("invoice", item.fact.invoice)
        return moves

    def _get_parts(self, source, items):
        """Return how much of each credit note goes by which refund and how much to
        the balance, in minor units, by item. Where only a refund itself tells its
        amount, the credit note waits for it.
        """
        unclear = [item for item in items if item.fact.to_balance is None]
        known = self._get_bindings(
            source, "refund", [r.external_id for i in unclear for r in i.fact.refunds]
        )
        parts = {}
        for item in items:
            fact = item.fact
            refunds = {refund.external_id: refund.amount for refund in fact.refunds}
            for ref, amount in refunds.items():
                if amount is None and ref in known:
                    refunds[ref] = known[ref].amount
                elif amount is None:
                    item.park("refund", ref)
            if item.error:
                continue
            rest = fact.total - fact.settled - fact.outside - sum(refunds.values())
            to_balance = rest if fact.to_balance is None else fact.to_balance
            if to_balance < 0 or to_balance > rest:
                item.quarantine(
                    Reason.AMOUNT_MISMATCH,
                    self.env._(
                        "its parts come to %(more)s %(currency)s more than its total",
                        more=fact.decimal(to_balance - rest or -rest),
                        currency=fact.currency,
                    ),
                )
            parts[item] = (refunds, to_balance)
        return parts

    def _get_settlements(self, items, parts):
        pairs = []
        for item in items:
            fact = item.fact
            ref = fact.external_id
            credit = ("credit_note", ref)
            refunds, to_balance = parts[item]
            stated = [("refund", key, amount) for key, amount in refunds.items()]
            stated.append(("invoice", fact.invoice, fact.settled))
            stated.append(("credit_note_balance", ref, to_balance))
            pairs += [
                (kind, key, *credit, amount, fact.exponent)
                for kind, key, amount in stated
                if amount
            ]
        return pairs

    def _post_new(self, source, items, invoices):
        currencies, dates = self._check_documents(source, items)
        finder = self._find_taxes(source, items)
        lines = {
            item: self._prepare_lines(source, item, invoices[item.fact.invoice], finder)
            for item in items
            if not item.error
        }
        items = [item for item in items if not item.error]
        moves = self._create_posted(
            items,
            [
                self._prepare_move_vals(
                    source,
                    item,
                    currencies[item.fact.currency],
                    dates[item],
                    "out_refund",
                    lines[item],
                )
                for item in items
            ],
        )
        for item, move in zip(items, moves, strict=True):
            # Only now: posting would reconcile it with the invoice, which is wrong
            # for money that goes back by a refund.
            move.reversed_entry_id = invoices[item.fact.invoice]
        self.env["saas.binding"].create(
            [
                self._bind(
                    source,
                    "credit_note",
                    item.fact.external_id,
                    move,
                    rank=CREDIT_NOTE_RANK["issued"],
                    parent_ref=item.fact.invoice,
                )
                for item, move in zip(items, moves, strict=True)
            ]
        )
        for item, move in zip(items, moves, strict=True):
            item.log("credit_note_posted", move, move.name)

    def _prepare_lines(self, source, item, invoice, finder):
        """Return the values of the lines. Stripe names the invoice's line, and with
        it the product and account that the credit takes back from.
        """
        credited = {line.saas_external_id: line for line in invoice.invoice_line_ids}
        vals_list = []
        for line in item.fact.lines:
            origin = credited.get(line.external_id)
            product = origin.product_id if origin else source.default_product_id
            if not product:
                item.quarantine(
                    Reason.UNMAPPED_PRODUCT, self.env._("a line of no invoice line")
                )
                break
            account = (
                origin.account_id
                if origin
                else self._get_income_account(source, product)
            )
            if not account:
                self._write_missing_account(item, product)
                break
            taxes = self._get_untaxed(origin, line)
            if taxes is None:
                taxes = self._get_line_taxes(item, line, finder)
            vals_list.append(
                self._prepare_line_vals(item.fact, line, 1, product, account, taxes)
            )
        return vals_list

    def _get_untaxed(self, origin, line):
        """Return the taxes of the invoice's line where they came to nothing, such as a
        reverse charge, and the credit charges nothing either. It belongs in the same
        report, but tells no reason: only invoices tell the customer's status.

        :return: None where the credit's own taxes decide.
        """
        if not origin or any(part.amount for part in line.taxes):
            return None
        charged = origin.price_total - origin.price_subtotal
        return origin.tax_ids if origin.currency_id.is_zero(charged) else None

    def _advance(self, source, pairs):
        void = []
        for item, binding in pairs:
            fact, move = item.fact, binding._get_record()
            if CREDIT_NOTE_RANK[fact.state] <= binding.rank:
                continue
            binding.rank = CREDIT_NOTE_RANK[fact.state]
            voided_at = fact.voided_at or fact.issued_at
            move.saas_state = "void"
            move.saas_state_date = source._localize_date(voided_at)
            item.log("credit_note_void", move)
            void.append((item, move, voided_at))
        self.env["saas.ledger.reversal"]._reverse_documents(
            source, void, "credit_note_void"
        )
