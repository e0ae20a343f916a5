from odoo import models

from ..canonical.facts import INVOICE_RANK
from ..canonical.reasons import Reason


class SaasHandlerInvoice(models.AbstractModel):
    """Invoices. A snapshot posts the invoice if it isn't, whatever state it tells,
    and then brings it along: open, uncollectible, paid, void.
    """

    _name = "saas.handler.invoice"
    _inherit = "saas.handler.document"
    _description = "SaaS invoice handler"

    def _apply(self, source, items):
        items = [item for item in items if item.fact.state != "draft"]
        items = self.env["saas.handler.cutover"]._set_aside_invoices(source, items)
        self._find_tenants(source, items)
        bindings = self._get_bindings(
            source, "invoice", [item.fact.external_id for item in items]
        )
        self._post_new(
            source,
            [i for i in items if not i.error and i.fact.external_id not in bindings],
        )
        items = [item for item in items if not item.error]
        bindings = self._get_bindings(
            source, "invoice", [item.fact.external_id for item in items]
        )
        pairs = [(item, bindings[item.fact.external_id]) for item in items]
        for item, binding in pairs:
            item.tenant = binding._get_record().saas_tenant_id
        self._advance(source, pairs)
        settlements = self.env["saas.handler.settlement"]
        settlements._record(
            source,
            [
                ("invoice", item.fact.external_id, "payment", payment)
                for item in items
                for payment in item.fact.payments
            ],
        )
        settlements._settle(
            source, {("invoice", item.fact.external_id): item for item in items}
        )
        self._update_activities(source, pairs)

    def _find_tenants(self, source, items):
        """Match or create the customers; an invoice names its own well enough."""
        parties = []
        for item in items:
            if item.fact.party:
                parties.append((item, item.fact.party))
            else:
                item.quarantine(
                    Reason.UNKNOWN_TENANT, self.env._("the invoice names no customer")
                )
        self.env["saas.handler.customer"]._ensure_tenants(source, parties)

    def _post_new(self, source, items):
        """Post the invoices that are not booked yet, and bind them."""
        currencies, dates = self._check_documents(source, items)
        map_product = self._map_products(source)
        lines = {
            item: self._prepare_lines(source, item, map_product)
            for item in items
            if not item.error
        }
        items = [item for item in items if not item.error]
        moves = self._create_posted(
            items,
            [
                self._prepare_invoice_vals(
                    source, item, currencies, dates[item], lines[item]
                )
                for item in items
            ],
        )
        self.env["saas.binding"].create(
            [
                self._bind(
                    source,
                    "invoice",
                    item.fact.external_id,
                    move,
                    rank=INVOICE_RANK["open"],
                )
                for item, move in zip(items, moves, strict=True)
            ]
        )
        for item, move in zip(items, moves, strict=True):
            item.log("invoice_posted", move, move.name)

    def _prepare_invoice_vals(self, source, item, currencies, date, lines):
        """Return the values of an invoice; one below zero is a credit note, because
        Odoo posts no negative invoice.
        """
        fact = item.fact
        move_type = "out_refund" if fact.total < 0 else "out_invoice"
        vals = self._prepare_move_vals(
            source, item, currencies[fact.currency], date, move_type, lines
        )
        if fact.due_at:
            vals["invoice_date_due"] = max(source._localize_date(fact.due_at), date)
        return vals

    def _prepare_lines(self, source, item, map_product):
        """Return the values of the lines, or quarantine the item."""
        sign = -1 if item.fact.total < 0 else 1
        map_tax = self._map_taxes(source)
        vals_list = []
        for line in item.fact.lines:
            product, account = map_product(line)
            if not product:
                item.quarantine(
                    Reason.UNMAPPED_PRODUCT,
                    ", ".join(filter(None, (line.price, line.product)))
                    or self.env._("no product"),
                )
                break
            if not account:
                self._write_missing_account(item, product)
                break
            taxes = self._get_line_taxes(source, item, line, map_tax)
            vals_list.append(
                self._prepare_line_vals(item.fact, line, sign, product, account, taxes)
            )
        return vals_list

    def _map_products(self, source):
        """Return a function from a line to its product and income account, which
        are empty where a person has to set them up.
        """
        mapping = {m.external_id: m for m in source.product_mapping_ids}

        def find(line):
            found = mapping.get(line.price) or mapping.get(line.product)
            product = found.product_id if found else source.default_product_id
            if not product:
                return product, self.env["account.account"]
            own = found.account_id if found else self.env["account.account"]
            return product, own or self._get_income_account(source, product)

        return find

    def _advance(self, source, pairs):
        """Bring invoices to a higher state; a lower one is an old story."""
        void = []
        for item, binding in pairs:
            fact, move = item.fact, binding._get_record()
            if fact.failed_attempt > move.saas_failed_attempts:
                move.saas_failed_attempts = fact.failed_attempt
                item.log("collection_failed", move, str(fact.failed_attempt))
            if INVOICE_RANK[fact.state] <= binding.rank:
                continue
            binding.rank = INVOICE_RANK[fact.state]
            move.saas_state = fact.state
            item.log(f"invoice_{fact.state}", move)
            if fact.state == "void":
                void.append((item, move, fact.voided_at or fact.issued_at))
        self.env["saas.handler.reversal"]._reverse_documents(
            source, void, "invoice_void"
        )
        self.env["saas.handler.cutover"]._ask_about_voided(
            source, self.env["account.move"].union(*(move for _i, move, _m in void))
        )

    def _update_activities(self, source, pairs):
        """Ask somebody to look at an invoice whose money can't be collected, and
        stop asking when that is over.
        """
        activities = self.env["saas.handler.activity"]
        failing, settled = [], self.env["account.move"]
        for item, binding in pairs:
            move = binding._get_record()
            if move.saas_failed_attempts and move.saas_state == "open":
                failing.append(move)
            elif item.fact.state != "open":
                settled |= move
        activities._ask(
            source,
            "mail_activity_payment_failed",
            self.env["account.move"].union(*failing),
            self.env._("Collecting the payment failed"),
        )
        activities._stop_asking("mail_activity_payment_failed", settled)
