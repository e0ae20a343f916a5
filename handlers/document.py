from odoo import Command, models

from ..canonical.errors import Quarantine
from ..canonical.money import exact
from ..canonical.reasons import Reason


class SaasHandlerDocument(models.AbstractModel):
    """What invoices and credit notes share: a document of the source becomes a
    posted ``account.move`` with the source's amounts and taxes, to the cent.
    """

    _name = "saas.handler.document"
    _inherit = "saas.handler"
    _description = "SaaS document handler"

    def _check_documents(self, source, items):
        """Quarantine the items whose documents can't be booked as they are.

        :return: the currencies by code, and the dates by item.
        """
        dates = {item: source._localize_date(item.fact.issued_at) for item in items}
        for item in items:
            self._check_document(source, item, dates[item])
        good = [(item, dates[item]) for item in items if not item.error]
        return self.env["saas.currency.check"]._check(source, good), dates

    def _check_document(self, source, item, date):
        fact = item.fact
        journal = source.sale_journal_id
        if not journal:
            item.quarantine(
                Reason.INCOMPLETE_SETUP,
                self.env._("the source has no invoice journal"),
            )
        elif not fact.lines_complete:
            item.quarantine(
                Reason.INCOMPLETE_PAYLOAD,
                self.env._("the event holds the first %s lines only", len(fact.lines)),
            )
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
        moves = self.env["account.move"].create(vals_list)
        for item, move in zip(items, moves, strict=True):
            self._match_taxes(item, move)
        moves._post(soft=False)
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
                raise Quarantine(
                    Reason.PERIOD_LOCKED,
                    self.env._(
                        "Odoo would book it on %(date)s instead of %(stated)s",
                        date=move.date,
                        stated=vals["invoice_date"],
                    ),
                )
        return moves

    def _match_taxes(self, item, move):
        """Set each tax to the amount the source charged.

        Both round, so a difference of half a cent a line each way is allowed; more
        means that the rate is mapped to another tax.

        :raises Quarantine: as ``tax_mismatch``, with both amounts.
        """
        stated = self._get_stated_taxes(item, move)
        for tax, (amount, lines) in stated.items():
            tax_lines = move.line_ids.filtered(
                lambda line, taxes=tax | tax.children_tax_ids: line.tax_line_id in taxes
            )
            sign = move.direction_sign
            booked = sum(
                exact(line.amount_currency, move.currency_id.decimal_places)
                for line in tax_lines
            )
            difference = sign * amount - booked
            allowed = lines * exact(
                move.currency_id.rounding, move.currency_id.decimal_places
            )
            if abs(difference) > allowed or (difference and not tax_lines):
                raise Quarantine(
                    Reason.TAX_MISMATCH,
                    self.env._(
                        "the source charges %(stated)s, %(tax)s gives %(booked)s",
                        stated=amount,
                        tax=tax.display_name,
                        booked=sign * booked,
                    ),
                )
            if difference:
                line = tax_lines[0]
                amount = exact(line.amount_currency, move.currency_id.decimal_places)
                # Odoo subtracts what is written from the float that is there.
                line.amount_currency = float(amount + difference)

    def _get_stated_taxes(self, item, move):
        """Return the source's sum, and how many lines it comes from, by tax. Also
        for the taxes it doesn't charge: Odoo must not add any.
        """
        fact = item.fact
        sign = -1 if fact.total < 0 else 1
        mapped = self._map_taxes(item.event.source_id)
        stated = dict.fromkeys(move.line_ids.tax_ids, (0, 0))
        for line in fact.lines:
            for tax_amount in line.taxes:
                tax = mapped(tax_amount.rate)
                amount, lines = stated.get(tax, (0, 0))
                stated[tax] = (
                    amount + sign * fact.decimal(tax_amount.amount),
                    lines + 1,
                )
        return stated

    def _map_taxes(self, source):
        """Return a function from a source's tax rate to its tax, perhaps empty."""
        mapping = {m.external_id: m.tax_id for m in source.tax_mapping_ids}
        return lambda rate: mapping.get(rate, source.default_tax_id)

    def _get_income_account(self, source, product):
        """Return the account of a product's revenue; empty if none is set up."""
        template = product.product_tmpl_id.with_company(source.company_id)
        return (
            template._get_product_accounts()["income"]
            or source.default_income_account_id
            or source.sale_journal_id.default_account_id
        )

    def _get_line_taxes(self, source, item, line, map_tax):
        """Return the taxes of a line; quarantine the item if one is not mapped."""
        taxes = self.env["account.tax"]
        for tax_amount in line.taxes:
            tax = map_tax(tax_amount.rate)
            if not tax:
                item.quarantine(
                    Reason.UNMAPPED_TAX, tax_amount.rate or self.env._("no tax rate")
                )
            taxes |= tax
        return taxes

    def _write_missing_account(self, item, product):
        item.quarantine(
            Reason.INCOMPLETE_SETUP,
            self.env._("%s has no income account", product.display_name),
        )
