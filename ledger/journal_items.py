from odoo import Command, models

from ..canonical.money import exact

#: Leaves out what computes and recomputes a move's dynamic lines: all are given.
SKIP_SYNC = {
    "skip_invoice_sync": True,
    "skip_invoice_line_sync": True,
    "skip_account_move_synchronization": True,
}
#: Leaves out what merges each new item's analytic distribution with an older one.
SKIP_ANALYTIC = {"skip_analytic_sync": True}


class SaasLedgerJournalItems(models.AbstractModel):
    """Writes a document's journal items at once, where the source states them all.

    Odoo's form has to find taxes and due amounts again after each change; a document
    of a source never changes. Odoo's own tax engine still makes the tax items, so
    repartition, tags and rounding are the form's. A differential test holds the two
    ways to the same journal items; what it can't prove goes the normal way.
    """

    _name = "saas.ledger.journal_items"
    _description = "SaaS ledger journal items"

    def _can_prepare(self, source, taxes):
        """Return whether documents with these taxes are proven to come out the same."""
        company = source.company_id
        if company.profit_from and self._share_analytic_accounts(taxes):
            return False
        return not company.account_storno and all(
            tax.amount_type == "percent"
            and tax.tax_exigibility == "on_invoice"
            and not tax.price_include
            and not tax.include_base_amount
            for tax in taxes
        )

    def _share_analytic_accounts(self, taxes):
        """Return whether an item of one of these taxes has the analytic accounts of the
        lines that it is due on, as Odoo's tax engine says.
        """
        return any(
            tax.analytic
            or any(
                line.repartition_type == "tax" and not line.use_in_tax_closing
                for line in tax.repartition_line_ids
            )
            for tax in taxes
        )

    def _create(self, source, vals_list, stated_list):
        """Create draft moves with all their journal items.

        :param vals_list: values of moves, with ``invoice_line_ids`` to create.
        :param stated_list: for each move what ``saas.ledger.tax.match`` takes.
        :raises Quarantine: as ``tax_mismatch``.
        """
        rates = self.env["saas.ledger.rates"]._get(
            source, {(vals["currency_id"], vals["invoice_date"]) for vals in vals_list}
        )
        partners = self.env["res.partner"].browse(
            {vals["partner_id"] for vals in vals_list}
        )
        receivables = self._get_receivables(source, partners)
        complete = []
        for vals, stated in zip(vals_list, stated_list, strict=True):
            vals = dict(vals)
            commands = vals.pop("invoice_line_ids")
            lines = self._prepare_lines(
                source,
                vals,
                [line for _command, _id, line in commands],
                stated,
                vals.get("invoice_currency_rate")
                or rates[vals["currency_id"], vals["invoice_date"]],
                # These are read together with the others, not one by one.
                partners.browse(vals["partner_id"]).with_prefetch(partners.ids),
                receivables,
            )
            complete.append(
                {**vals, "line_ids": [Command.create(line) for line in lines]}
            )
        context = {**SKIP_SYNC, **SKIP_ANALYTIC}
        moves = self.env["account.move"].with_context(**context).create(complete)
        self.env["saas.ledger.documents.expected"]._take(moves)
        return moves

    def _prepare_lines(self, source, vals, products, stated, rate, partner, accounts):
        """Return the values of all journal items of a move.

        :param accounts: the receivable accounts by partner.
        """
        company = source.company_id
        currency = self.env["res.currency"].browse(vals["currency_id"])
        sign = 1 if vals["move_type"] == "out_refund" else -1
        result = self._compute_taxes(
            company, currency, rate, sign, partner.commercial_partner_id, products
        )
        common = {
            "currency_id": currency.id,
            "partner_id": partner.commercial_partner_id.id,
        }
        tax_lines = self._prepare_tax_lines(
            result, stated, company, currency, rate, sign
        )
        items = [
            {**line, **amounts, **common, "display_type": "product"}
            for line, (_base, amounts) in zip(
                products, result["base_lines_to_update"], strict=True
            )
        ]
        items += [{**line, "display_type": "tax"} for line in tax_lines]
        items.append(
            {
                **common,
                **self._prepare_term_amounts(items, company, currency),
                "display_type": "payment_term",
                "account_id": accounts[partner.id],
                "date_maturity": vals["invoice_date_due"],
                "name": vals["payment_reference"],
            }
        )
        bases = [base for base, _amounts in result["base_lines_to_update"]]
        self.env["saas.ledger.documents.expected"]._add(
            vals, items, bases, currency, company
        )
        return items

    def _compute_taxes(self, company, currency, rate, sign, partner, products):
        """Return the values that the taxes of lines give, and of the tax items."""
        taxes = self.env["account.tax"]
        return self.env["saas.ledger.tax.compute"]._compute(
            company,
            [
                {
                    "product_id": self.env["product.product"].browse(
                        line["product_id"]
                    ),
                    "tax_ids": taxes.browse(line["tax_ids"][0][2]),
                    "price_unit": float(line["price_unit"]),
                    "quantity": float(line["quantity"]),
                    "currency_id": currency,
                    "rate": rate,
                    "sign": sign,
                    "is_refund": sign > 0,
                    "partner_id": partner,
                    "account_id": self.env["account.account"].browse(
                        line["account_id"]
                    ),
                    "name": line["name"],
                }
                for line in products
            ],
        )

    def _prepare_tax_lines(self, result, stated, company, currency, rate, sign):
        """Return the tax items, with the amounts that the source charged."""
        repartition = self.env["account.tax.repartition.line"]
        lines = result["tax_lines_to_add"]
        before = [line["amount_currency"] for line in lines]
        self.env["saas.ledger.tax.match"]._match(
            stated,
            [
                (repartition.browse(line["tax_repartition_line_id"]).tax_id, line)
                for line in lines
            ],
            currency,
            sign,
        )
        for line, amount in zip(lines, before, strict=True):
            if line["amount_currency"] != amount:
                line["balance"] = company.currency_id.round(
                    line["amount_currency"] / rate
                )
        return lines

    def _prepare_term_amounts(self, items, company, currency):
        """Return what the receivable has to be for the move to balance."""
        return {
            field: -sum(exact(item[field], places) for item in items)
            for field, places in (
                ("amount_currency", currency.decimal_places),
                ("balance", company.currency_id.decimal_places),
            )
        }

    def _get_receivables(self, source, partners):
        """Return the receivable accounts by partner."""
        partners = partners.with_company(source.company_id)
        return {
            partner.id: partner.property_account_receivable_id.id
            for partner in partners
        }


def get_owed(moves):
    """Return the receivable items of posted entries."""
    return moves.line_ids.filtered(
        lambda line: (
            line.account_type == "asset_receivable" and line.parent_state == "posted"
        )
    )


def get_open(moves):
    """Return the receivable items of posted entries that are not reconciled."""
    return get_owed(moves).filtered(lambda line: not line.reconciled)
