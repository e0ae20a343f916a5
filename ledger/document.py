from odoo import Command, models

from ..canonical.errors import Quarantine
from ..canonical.money import exact
from ..canonical.reasons import Reason
from .tax.match import StatedTax


class SaasLedgerDocument(models.AbstractModel):
    """What invoices and credit notes share: a document of the source becomes a
    posted ``account.move`` with the source's amounts and taxes, to the cent.
    """

    _name = "saas.ledger.document"
    _inherit = "saas.ledger"
    _description = "SaaS document handler"

    def _check_documents(self, source, items):
        """Quarantine the items whose documents can't be booked as they are.

        :return: the currencies by code, and the dates by item.
        """
        dates = {item: source._localize_date(item.fact.issued_at) for item in items}
        for item in items:
            self._check_document(source, item, dates[item])
        good = [(item, dates[item]) for item in items if not item.error]
        return self.env["saas.ledger.currency"]._check(source, good), dates

    def _check_document(self, source, item, date):
        fact = item.fact
        journal = source.sale_journal_id
        if not journal:
            item.quarantine(
                Reason.INCOMPLETE_SETUP,
                self.env._("the source has no invoice journal"),
            )
        elif not fact.lines_complete:
            self._complete_document(source, item)
        elif fact.stated_total() != fact.total:
            item.quarantine(
                Reason.AMOUNT_MISMATCH,
                self.env._(
                    "the lines come to %(lines)s, the total is %(total)s %(currency)s",
                    lines=fact.decimal(fact.stated_total()),
                    total=fact.decimal(fact.total),
                    currency=fact.currency,
                ),
            )
        else:
            has_tax = any(line.taxes for line in fact.lines)
            if error := self._get_period_error(source, date, journal, has_tax):
                item.fail(error)

    def _complete_document(self, source, item):
        """Let an item wait for its own document, to be read with all its lines. When
        that has arrived and is booked, this snapshot only brings it along.
        """
        fact = item.fact
        if source._can_fetch(fact.kind, fact.external_id):
            source._enqueue_fetch(fact.kind, fact.external_id)
            item.park(fact.kind, fact.external_id)
        else:
            item.quarantine(
                Reason.INCOMPLETE_PAYLOAD,
                self.env._("the event holds the first %s lines only", len(fact.lines)),
            )

    def _prepare_move_vals(self, source, item, currency, date, move_type, lines):
        """Return the values of a move.

        :param lines: values of its lines, with amounts in the move's own sign.
        """
        fact = item.fact
        partner = item.tenant.partner_id
        return {
            "move_type": move_type,
            "journal_id": source.sale_journal_id.id,
            "company_id": source.company_id.id,
            "partner_id": partner.id,
            "currency_id": currency.id,
            "invoice_date": date,
            "invoice_date_due": date,
            "invoice_payment_term_id": False,
            "ref": fact.number or fact.external_id,
            "payment_reference": fact.number or fact.external_id,
            "invoice_line_ids": [Command.create(vals) for vals in lines],
            "saas_source_id": source.id,
            "saas_tenant_id": item.tenant.id,
            "saas_external_id": fact.external_id,
            "saas_state": "open",
        }

    def _prepare_line_vals(self, fact, line, sign, product, account, taxes):
        """Return the values of a move line.

        The net amount is what counts. It is shown as quantity times price where
        that gives it exactly, and as one time the amount where it doesn't.
        """
        net = sign * line.net
        quantity = line.quantity if net % line.quantity == 0 else 1
        name = line.description or product.display_name
        return {
            "product_id": product.id,
            "name": name,
            "account_id": account.id,
            "quantity": quantity,
            "price_unit": fact.decimal(net // quantity),
            "discount": 0,
            "tax_ids": [Command.set(taxes.ids)],
            "saas_external_id": line.external_id or False,
        }

    def _create_posted(self, items, vals_list):
        """Create and post moves, and check that each one says what the source says.

        :raises Quarantine: for a document that Odoo computes otherwise; nothing of
            the batch remains then, and it is halved to find the culprit.
        :return: the posted moves, in order.
        """
        if not items:
            return self.env["account.move"]
        source = items[0].event.source_id
        finder = self._find_taxes(source, items)
        stated_list = [
            self._get_stated_taxes(finder, item.fact, vals)
            for item, vals in zip(items, vals_list, strict=True)
        ]
        moves = self._create_drafts(source, vals_list, stated_list)
        moves._post(soft=False)
        # Whatever comes next writes these in the normal way.
        moves = moves.with_env(self.env)
        for item, move, vals in zip(items, moves, vals_list, strict=True):
            places = move.currency_id.decimal_places
            stated = abs(item.fact.decimal(item.fact.total))
            booked = exact(move.amount_total, places)
            if booked != stated:
                raise Quarantine(
                    Reason.AMOUNT_MISMATCH,
                    self.env._(
                        "the source says %(stated)s, Odoo computes %(booked)s "
                        "%(currency)s",
                        stated=stated,
                        booked=booked,
                        currency=move.currency_id.name,
                    ),
                )
            if move.date != vals["invoice_date"]:
                raise self._get_moved_error(move.date, vals["invoice_date"])
        return moves

    def _create_drafts(self, source, vals_list, stated_list):
        """Create the moves in the one way or the other, with the source's taxes."""
        prepared = self.env["saas.ledger.journal_items"]
        taxes = self.env["account.tax"].union(*(t for s in stated_list for t in s))
        if prepared._can_prepare(source, taxes):
            return prepared._create(source, vals_list, stated_list)
        return self._create_by_form(vals_list, stated_list)

    def _create_by_form(self, vals_list, stated_list):
        """Create the moves as Odoo's form does, and then set the tax amounts."""
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

    def _get_stated_taxes(self, finder, fact, vals):
        """Return the source's sums by tax, as ``saas.ledger.tax.match`` takes them. Also for
        the taxes it doesn't charge: Odoo must not add any.

        Both round each line, so the smallest amount of either is allowed for each.
        """
        currency = self.env["res.currency"].browse(vals["currency_id"])
        smallest = max(
            exact(currency.rounding, currency.decimal_places), fact.decimal(fact.step)
        )
        sign = -1 if fact.total < 0 else 1
        lines = [line for _command, _id, line in vals["invoice_line_ids"]]
        taxes = self.env["account.tax"].browse(
            sorted({tax for line in lines for tax in line["tax_ids"][0][2]})
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
                )
        return stated

    def _find_taxes(self, source, items):
        """Return what finds the taxes of these items' lines."""
        return self.env["saas.ledger.tax.find"]._prepare(
            source, [item.fact for item in items]
        )

    def _get_income_account(self, source, product):
        """Return the account of a product's revenue; empty if none is set up."""
        template = product.product_tmpl_id.with_company(source.company_id)
        return (
            template._get_product_accounts()["income"]
            or source.default_income_account_id
            or source.sale_journal_id.default_account_id
        )

    def _get_line_taxes(self, item, line, finder):
        """Return the taxes of a line. If one is not mapped, quarantine the item; if a
        rule has to know its rate first, let it wait.
        """
        taxes = self.env["account.tax"]
        for part in line.taxes:
            found = finder.find(part)
            if found.missing_rate:
                item.park("tax_rate", found.missing_rate)
                break
            if not found.tax and not part.may_be_left_out:
                item.quarantine(Reason.UNMAPPED_TAX, self._describe_unmapped(part))
                break
            taxes |= found.tax
        return taxes

    def _describe_unmapped(self, part):
        rate = part.rate or self.env._("no tax rate")
        return f"{rate}, {part.reason}" if part.reason else rate

    def _write_missing_account(self, item, product):
        item.quarantine(
            Reason.INCOMPLETE_SETUP,
            self.env._("%s has no income account", product.display_name),
        )
