from odoo import Command, models

from ..canonical.actions import POSTED, REVERSED
from ..canonical.errors import Quarantine
from ..canonical.money import exact, factor
from ..canonical.reasons import Reason
from .journal_items import SKIP_SYNC
from .revenue.deferral import Service
from .tax.match import StatedTax


class SaasLedgerDocument(models.AbstractModel):
    """Books documents of a source as posted invoices and credit notes, with the
    source's amounts and taxes to the cent: writes them, and then holds them against
    what the source has stated.
    """

    _name = "saas.ledger.document"
    _description = "SaaS ledger documents"

    # -- checking -------------------------------------------------------------

    def _check(self, source, item, date):
        """Quarantine an item whose document can't be booked as it is."""
        fact, journal = item.fact, source.sale_journal_id
        if not journal:
            item.quarantine(
                Reason.INCOMPLETE_SETUP,
                self.env._(
                    "The source has no invoice journal. Choose one on the source, "
                    "under Accounting."
                ),
                about="sale_journal_id",
            )
        elif fact.stated_total() != fact.total:
            item.quarantine(
                Reason.AMOUNT_MISMATCH,
                self.env._(
                    "The lines come to %(lines)s, but the total is %(total)s "
                    "%(currency)s.",
                    lines=fact.decimal(fact.stated_total()),
                    total=fact.decimal(fact.total),
                    currency=fact.currency,
                ),
            )
        else:
            has_tax = any(line.taxes for line in fact.lines)
            if error := self.env["saas.ledger.period"]._get_error(
                source, date, journal, has_tax
            ):
                item.fail(error)

    # -- posting --------------------------------------------------------------

    def _post(self, source, documents, finder):
        """Write, post and bind documents.

        :param finder: finds the taxes of the documents' lines.
        :raises Quarantine: for a document that Odoo computes otherwise than stated, or
            moves to another day; nothing of the batch remains then, and it is halved
            to find the culprit.
        :return: the posted moves, in order.
        """
        if not documents:
            return self.env["account.move"]
        deferral = self.env["saas.ledger.revenue.deferral"]
        deferred = deferral._defer(source, documents)
        vals_list = [
            self._prepare_vals(source, document, [line for line, _deferred in pairs])
            for document, pairs in zip(documents, deferred, strict=True)
        ]
        stated_list = [
            self._get_stated_taxes(finder, document)
            if document.stated is None
            else document.stated
            for document in documents
        ]
        moves = self._write(source, vals_list, stated_list)
        for document, move in zip(documents, moves, strict=True):
            if document.adjust:
                document.adjust(move)
        moves._post(soft=False)
        # Later steps write these moves in the normal way.
        moves = moves.with_env(self.env)
        self._hold_against_stated(documents, moves)
        self._bind(source, documents, moves)
        deferral._open(source, moves, deferred)
        return moves

    def _write(self, source, vals_list, stated_list):
        """Create draft moves with the source's taxes, in the fast way where that is
        proven to come out the same.
        """
        journal_items = self.env["saas.ledger.journal_items"]
        taxes = (
            self.env["account.tax"]
            .browse(
                {
                    tax
                    for vals in vals_list
                    for _command, _id, line in vals["invoice_line_ids"]
                    for tax in line["tax_ids"][0][2]
                }
            )
            .union(*(tax for stated in stated_list for tax in stated))
        )
        if journal_items._can_prepare(source, taxes):
            return journal_items._create(source, vals_list, stated_list)
        return self._write_by_form(vals_list, stated_list)

    def _write_by_form(self, vals_list, stated_list):
        """Create the moves as Odoo's form does, and then set the tax amounts."""
        partners = self.env["res.partner"].browse(v["partner_id"] for v in vals_list)
        # Odoo looks at each contact by itself; here they are read together.
        partners.mapped("country_id")
        moves = self.env["account.move"].create(vals_list)
        for move, stated in zip(moves, stated_list, strict=True):
            lines = move.line_ids.filtered("tax_line_id")
            self.env["saas.ledger.tax.match"]._match(
                stated,
                [(line.tax_line_id, line) for line in lines],
                move.currency_id,
                move.direction_sign,
            )
        moves.is_manually_modified = False
        return moves

    def _hold_against_stated(self, documents, moves):
        """Make sure that each move says what the source says: the total and the day.

        :raises Quarantine: as ``amount_mismatch`` or ``period_locked``.
        """
        for document, move in zip(documents, moves, strict=True):
            minor, field = document.get_stated()
            stated = abs(document.fact.decimal(minor))
            booked = exact(move[field], move.currency_id.decimal_places)
            if booked != stated:
                raise Quarantine(
                    Reason.AMOUNT_MISMATCH,
                    self.env._(
                        "The source states %(stated)s, but Odoo computes %(booked)s "
                        "%(currency)s.",
                        stated=stated,
                        booked=booked,
                        currency=move.currency_id.name,
                    ),
                )
        self.env["saas.ledger.period"]._check_kept(moves, [d.date for d in documents])

    def _bind(self, source, documents, moves):
        """Bind and log posted documents."""
        for document, move in zip(documents, moves, strict=True):
            if document.credited:
                # The link is written only now, because posting would reconcile the two,
                # which is wrong for money that goes back by a refund.
                move.reversed_entry_id = document.credited
        bindings = self.env["saas.binding"]
        bindings.create(
            [
                bindings._prepare_vals(
                    source,
                    document.kind,
                    document.fact.external_id,
                    move,
                    **document.binding,
                )
                for document, move in zip(documents, moves, strict=True)
            ]
        )
        for document, move in zip(documents, moves, strict=True):
            action = {**POSTED, **REVERSED}[document.kind]
            document.item.log(action, move, move.name)

    def _prepare_vals(self, source, document, lines):
        """Return the values of a document's move.

        :param lines: the values of its lines, with amounts in the move's own sign.
        """
        fact, tenant = document.fact, document.item.tenant
        name = fact.number or fact.external_id
        vals = dict(document.vals)
        if tenant.booking_partner_id != tenant.partner_id:
            # Another owes it; the document still says who was served.
            vals["partner_shipping_id"] = tenant.partner_id.id
        return {
            "move_type": document.move_type,
            "journal_id": source.sale_journal_id.id,
            "company_id": source.company_id.id,
            "partner_id": tenant.booking_partner_id.id,
            "currency_id": document.currency.id,
            "invoice_date": document.date,
            "invoice_date_due": document.due_date or document.date,
            "invoice_payment_term_id": False,
            "ref": name,
            "payment_reference": name,
            "invoice_line_ids": [Command.create(vals) for vals in lines],
            "saas_source_id": source.id,
            "saas_tenant_id": tenant.id,
            "saas_external_id": fact.external_id if document.is_object else False,
            "saas_state": "open" if document.is_object else False,
            **vals,
        }

    def _prepare_line_vals(self, fact, line, sign, product, account, taxes):
        """Return the values of a move line.

        The net amount is what counts. It is shown as quantity times price where
        that gives it exactly, and as one time the amount where it doesn't. A part of
        a whole that can't be shown so stands in the text.

        :param sign: of the move's amounts, seen from those of the source.
        """
        places = self.env["decimal.precision"].precision_get("Product Unit")
        quantity, price, lost = factor(sign * line.net, line.quantity, places)
        name = line.description or product.display_name
        if lost:
            name = self.env._("%(name)s (quantity: %(lost)s)", name=name, lost=lost)
        return {
            "product_id": product.id,
            "name": name,
            "account_id": account.id,
            "quantity": quantity,
            "price_unit": fact.decimal(price),
            "discount": 0,
            "tax_ids": [Command.set(taxes.ids)],
            "saas_external_id": line.external_id or False,
            "service": Service.of(line),
        }

    def _get_stated_taxes(self, finder, document):
        """Return the source's sums by tax, as ``saas.ledger.tax.match`` takes them;
        also for the taxes that it doesn't charge, as Odoo must not add any.

        The source and Odoo both round each line, so a document may differ by the
        smallest amount of either, for each line and each rounding.
        """
        fact, currency = document.fact, document.currency
        smallest = document.roundings * max(
            exact(currency.rounding, currency.decimal_places), fact.decimal(fact.step)
        )
        sign = -1 if fact.total < 0 else 1
        taxes = self.env["account.tax"].browse(
            sorted({tax for line in document.lines for tax in line["tax_ids"][0][2]})
        )
        stated = dict.fromkeys(taxes, StatedTax())
        for line in fact.lines:
            for part in line.taxes:
                tax = finder.find(part).tax
                if not tax:
                    continue  # left out, as nothing is due
                base = line.net if part.taxable is None else part.taxable
                stated[tax] = stated.get(tax, StatedTax()).add(
                    sign * fact.decimal(part.amount),
                    smallest,
                    sign * fact.decimal(base),
                    finder.describe(part),
                    part.rate,
                )
        return stated

    # -- bringing along -------------------------------------------------------

    def _set_state(self, move, state, date=None):
        """Write the state that the source tells of a posted document.

        :param date: since when it is so, where that counts.
        """
        move.saas_state = state
        if date:
            move.saas_state_date = date

    def _set_failed_attempts(self, move, count):
        """Write how often the source failed to collect the money of an invoice."""
        move.saas_failed_attempts = count

    def _set_next_attempt(self, move, moment):
        """Write when the source will try by itself to collect an invoice."""
        if move.saas_next_attempt != moment:
            move.saas_next_attempt = moment

    def _set_due_date(self, move, date):
        """Write the due date of a posted invoice. Nothing else changes in it."""
        move = move.with_context(**SKIP_SYNC)
        terms = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        terms.date_maturity = date
        move.invoice_date_due = date

    def _get_receivable(self, move):
        """Return the account on which a document is owed."""
        lines = move.line_ids
        return lines.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).account_id[:1]
