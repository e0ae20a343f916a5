from odoo import models

from ..canonical.facts import CREDIT_NOTE_RANK
from ..canonical.reasons import Reason


class SaasHandlerCreditNote(models.AbstractModel):
    """Credit notes. Before payment one lowers what is due on its invoice; after
    payment it stands against the refund that gives the money back.
    """

    _name = "saas.handler.credit_note"
    _inherit = "saas.handler.document"
    _description = "SaaS credit note handler"

    def _apply(self, source, items):
        items = self.env["saas.handler.cutover"]._set_aside_credit_notes(source, items)
        invoices = self._find_invoices(source, items)
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
        settlements = self.env["saas.handler.settlement"]
        settlements._record(source, self._get_settlements(items))
        self._advance(source, pairs)
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
            source, [refund for item in items for refund in item.fact.refunds]
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

    def _get_settlements(self, items):
        pairs = []
        for item in items:
            fact = item.fact
            credit = ("credit_note", fact.external_id)
            if fact.settles_invoice:
                pairs.append(("invoice", fact.invoice, *credit))
            pairs += [("refund", refund, *credit) for refund in fact.refunds]
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
            move.saas_state = "void"
            item.log("credit_note_void", move)
            void.append((item, move, fact.voided_at or fact.issued_at))
        self.env["saas.handler.reversal"]._reverse_documents(
            source, void, "credit_note_void"
        )
