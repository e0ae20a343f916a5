from odoo import models

from ...canonical.actions import INVOICE_STATES, Action
from ...canonical.facts import INVOICE_RANK, find_invoice_state
from ...canonical.kinds import Kind
from ...canonical.moments import naive
from ...canonical.reasons import Reason
from ...ledger.documents.document import Document


class SaasHandlerInvoice(models.AbstractModel):
    """Handles invoices. A snapshot posts the invoice if it isn't posted, whatever state
    it tells, and then brings it to that state: open, uncollectible, paid, void.
    """

    _name = "saas.handler.invoice"
    _inherit = "saas.documents.document"
    _description = "SaaS invoice handler"

    def _apply(self, source, items):
        items = [item for item in items if item.fact.state != "draft"]
        items = self.env["saas.cutover"]._ignore_old_invoices(source, items)
        self._find_tenants(source, items)
        self.env["saas.documents.customer_credit"]._check_invoices(source, items)
        self.env["saas.documents.write_off"]._check_invoices(source, items)
        known = self._find_known(source, items)
        bindings = known[Kind.INVOICE]
        new = [i for i in items if not i.error and i.fact.external_id not in bindings]
        if new:
            self._post_new(source, new)
            bindings |= self._find_known(source, new)[Kind.INVOICE]
        items = [item for item in items if not item.error]
        pairs = [(item, bindings[item.fact.external_id]) for item in items]
        for item, binding in pairs:
            item.tenant = binding._get_record().saas_tenant_id
        self._advance(source, pairs)
        self._apply_money(source, pairs)
        self._update_activities(source, pairs)
        drafts = known[Kind.INVOICE_DRAFT]
        refs = drafts.keys() & {item.fact.external_id for item in items}
        self.env["saas.handler.invoice_draft"]._resolve(
            source, [drafts[ref] for ref in sorted(refs)]
        )

    def _find_known(self, source, items):
        """Return the bindings of the items' invoices and of their drafts, by kind and
        external id.
        """
        return self.env["saas.binding"]._find_kinds(
            source,
            [Kind.INVOICE, Kind.INVOICE_DRAFT],
            [item.fact.external_id for item in items],
        )

    def _apply_money(self, source, pairs):
        """Book the customer credit that pays invoices and the amounts that are given
        up, and reconcile invoices with what closes them.

        :param pairs: items and the bindings of their invoices.
        """
        credit = self.env["saas.documents.customer_credit"]
        documents = [(item, binding._get_record()) for item, binding in pairs]
        credit._apply_invoices(source, documents)
        self.env["saas.documents.write_off"]._apply_invoices(source, documents)
        items = [item for item, _binding in pairs]
        settlement = self.env["saas.ledger.settlement"]
        settlement._record(
            source,
            [
                *credit._get_pairs(items),
                *(
                    (Kind.INVOICE, item.fact.external_id, Kind.PAYMENT, payment)
                    for item in items
                    for payment in item.fact.payments
                ),
            ],
        )
        opened = self.env["saas.payments.allocation"]._allocate_invoices(source, items)
        told = {(Kind.INVOICE, item.fact.external_id): item for item in items}
        settlement._reconcile(source, opened | told)

    def _find_tenants(self, source, items):
        """Match or create the customers; an invoice names its own well enough."""
        parties = []
        for item in items:
            if item.decision and item.tenant:
                continue
            if item.fact.party:
                parties.append((item, item.fact.party))
            else:
                item.quarantine(
                    Reason.UNKNOWN_TENANT, self.env._("The invoice names no customer.")
                )
        self.env["saas.handler.customer"]._ensure_tenants(source, parties)

    def _post_new(self, source, items):
        """Post the invoices that are not booked yet, and bind them."""
        currencies, dates = self._check_documents(source, items)
        map_product = self._map_products(source)
        finder = self._find_taxes(source, [item.fact for item in items])
        lines = {
            item: self._prepare_lines(item, map_product, finder)
            for item in items
            if not item.error
        }
        self._describe_unmapped_products(source, items)
        self.env["saas.ledger.document"]._post(
            source,
            [
                self._prepare_document(
                    source,
                    item,
                    currencies[item.fact.currency],
                    dates[item],
                    lines[item],
                )
                for item in items
                if not item.error
            ],
            finder,
        )
        posted = [item for item in items if not item.error]
        self.env["saas.customers.mandatory"]._notice(source, posted, dates)

    def _prepare_document(self, source, item, currency, date, lines):
        """Return the document of an invoice. An invoice below zero becomes a credit
        note, because Odoo posts no negative invoice.
        """
        fact = item.fact
        return Document(
            item,
            fact,
            Kind.INVOICE,
            date,
            currency,
            lines,
            move_type="out_refund" if fact.total < 0 else "out_invoice",
            due_date=self._get_due_date(source, fact, date),
            binding={"rank": INVOICE_RANK["open"], "version": fact.version},
        )

    def _get_due_date(self, source, fact, date):
        return max(source._localize_date(fact.due_at), date) if fact.due_at else date

    def _prepare_lines(self, item, map_product, finder):
        """Return the values of the lines, or quarantine the item for all they lack."""
        sign = -1 if item.fact.total < 0 else 1
        vals_list = []
        for line in item.fact.lines:
            product, account = map_product(line)
            if not self._check_mapped(item, line, product, account):
                self._check_taxes(item, line, finder)
                continue
            vals_list += self._prepare_line(item, line, sign, product, account, finder)
        return vals_list

    def _advance(self, source, pairs):
        """Bring invoices to the state that the newest snapshots tell. An older one
        changes nothing.
        """
        documents = self.env["saas.ledger.document"]
        void, openings, newer = {}, [], []
        for item, binding in pairs:
            fact, move = item.fact, binding._get_record()
            known = move.saas_state or "open"
            state = self._tell_state(binding, known, fact)
            if fact.failed_attempt > move.saas_failed_attempts:
                documents._set_failed_attempts(move, fact.failed_attempt)
                item.log(Action.COLLECTION_FAILED, move, str(fact.failed_attempt))
            self._note_attempt(fact, binding, move)
            if fact.version > (binding.version or ""):
                binding.version = fact.version
                self._update_due_date(source, item, move)
                newer.append((item, move))
            is_newest = (binding.states or {}).get(state) == fact.version
            date = self._get_state_date(source, fact) if is_newest else None
            if state != known or (date and date != move.saas_state_date):
                documents._set_state(move, state, date)
            if state == known:
                continue
            item.log(INVOICE_STATES[state], move)
            if state == "void" and move.is_invoice():
                void[fact.external_id] = item
            elif state == "void":
                openings.append((item, move, max(date, move.date)))
        self.env["saas.ledger.revenue.moved"]._follow(newer)
        self.env["saas.ledger.documents.void"]._bring_along(source, void)
        self.env["saas.ledger.reversal"]._reverse_documents(
            source, openings, Kind.INVOICE_VOID
        )
        self.env["saas.cutover"]._ask_about_voided(
            source, self.env["account.move"].union(*(m for _i, m, _d in openings))
        )

    def _note_attempt(self, fact, binding, move):
        """Note when a gateway tries to collect again by itself, as the newest snapshot
        says. Of two snapshots of one moment the later attempt counts, whichever comes
        first.
        """
        attempt = fact.next_attempt_at and naive(fact.next_attempt_at)
        version = binding.version or ""
        if fact.version == version and attempt:
            attempt = max(move.saas_next_attempt or attempt, attempt)
        elif fact.version <= version:
            return
        self.env["saas.ledger.document"]._set_next_attempt(move, attempt or False)

    def _tell_state(self, binding, known, fact):
        """Note a state that a snapshot tells; return the one that the invoice is in, of
        all that was told. ``known`` is the one it was in.
        """
        states = dict(binding.states or {known: binding.version or ""})
        if not fact.state or fact.version <= states.get(fact.state, ""):
            return known
        states[fact.state] = fact.version
        state = find_invoice_state(states)
        binding.write({"states": states, "rank": INVOICE_RANK[state]})
        return state

    def _get_state_date(self, source, fact):
        """Return since when an invoice is paid or void; None for other states."""
        moments = {"paid": fact.paid_at, "void": fact.voided_at}
        if fact.state not in moments:
            return None
        return source._localize_date(moments[fact.state] or fact.issued_at)

    def _update_due_date(self, source, item, move):
        """Take over the due date of a newer snapshot."""
        date = self._get_due_date(source, item.fact, move.invoice_date)
        if move.invoice_date_due != date:
            self.env["saas.ledger.document"]._set_due_date(move, date)
            item.log(Action.DUE_DATE_CHANGED, move, str(date))

    def _update_activities(self, source, pairs):
        """Ask somebody to look at an invoice whose money can't be collected, or came
        past the source, and stop asking when that is over.
        """
        none = self.env["account.move"]
        outside = (b._get_record() for item, b in pairs if item.fact.paid_outside)
        self.env["saas.handler.outside_payment"]._ask(source, none.union(*outside))
        failing, over = [], []
        for item, binding in pairs:
            move = binding._get_record()
            if move.saas_failed_attempts and move.saas_state == "open":
                failing.append(move)
            elif item.fact.state not in ("open", None):
                over.append(move)
        activities = self.env["saas.activities"]
        activities._ask(
            source,
            "mail_activity_payment_failed",
            none.union(*failing),
            self.env._("Collecting the payment failed"),
        )
        activities._stop_asking("mail_activity_payment_failed", none.union(*over))
