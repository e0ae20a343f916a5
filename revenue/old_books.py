from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from odoo import models

from ..canonical.actions import Action
from ..canonical.moments import naive
from ..canonical.money import exact
from ..canonical.revenue.months import get_begin
from ..canonical.revenue.plan import make_parts
from ..canonical.revenue.recut import Crediting, credit

_ZERO = Decimal(0)


@dataclass
class Looked:
    """What comes of a list: the values of ``rows`` that are new, how many lines are
    ``known`` already, ``totals`` by deferred account and currency, and ``problems``,
    each a whole sentence.
    """

    rows: list = field(default_factory=list)
    known: int = 0
    totals: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)


@dataclass
class Total:
    """What a list adds to a deferred account in a currency, beside what the account
    holds and what schedules say of it already; in that currency, and in the company's.
    """

    listed: Decimal = _ZERO
    known: Decimal = _ZERO
    booked: Decimal = _ZERO
    company_listed: Decimal = _ZERO
    company_known: Decimal = _ZERO
    company_booked: Decimal = _ZERO

    @property
    def differences(self):
        """What the account holds and nothing explains, a pair."""
        return (
            self.booked - self.known - self.listed,
            self.company_booked - self.company_known - self.company_listed,
        )


class SaasRevenueOldBooks(models.AbstractModel):
    """Brings in what is still to be recognised of documents that old books have: their
    balance stands on the deferred accounts already, so nothing is posted. What is
    listed has to be that balance, to the cent, in each currency.
    """

    _name = "saas.revenue.old_books"
    _description = "SaaS deferred revenue of old books"

    def _look(self, company, day, lines):
        """Return what would come of a list, as :class:`Looked`. Nothing is brought in;
        a company without a source of its own gets one.

        :param day: the last one that the old books have recognised revenue of.
        :param lines: ``canonical/revenue/old_books.OldLine``.
        """
        looked = Looked()
        source = self.env["saas.source"]._ensure_own(company)
        found = self._read_named(company, lines)
        schedules = self.env["saas.revenue.schedule"].sudo()
        known = schedules.search_fetch(
            [
                ("company_id", "=", company.id),
                ("number", "in", [line.document for line in lines]),
            ],
            ["number", "line_ref"],
        )
        known_keys = {(each.number, each.line_ref or "") for each in known}
        for line in lines:
            if line.key in known_keys:
                looked.known += 1
                continue
            if problem := self._find_problem(company, line, found):
                looked.problems.append(problem)
                continue
            looked.rows.append(self._prepare_vals(source, day, line, found))
        self._add_up(company, day, lines, found, looked)
        return looked

    def _bring_in(self, company, looked):
        """Create the schedules of what was looked at; return them."""
        schedules = self.env["saas.revenue.schedule"].sudo()
        opened = schedules._open([dict(row) for row in looked.rows], "old_books")
        self.env["saas.sync.log"].sudo()._append(
            opened._prepare_log_rows(Action.CREATED_BY_PERSON, "")
        )
        return opened

    # -- what a list names -------------------------------------------------------------

    def _read_named(self, company, lines):
        """Return the accounts and currencies that lines name, by code and by name."""
        codes = {line.income_account for line in lines}
        codes |= {line.deferred_account for line in lines}
        accounts = self.env["account.account"].sudo().with_company(company)
        accounts = accounts.search(
            [
                *accounts._check_company_domain(company),
                ("code", "in", sorted(codes)),
            ]
        )
        names = sorted({line.currency for line in lines})
        currencies = self.env["res.currency"].search([("name", "in", names)])
        return {
            **{("account", account.code): account for account in accounts},
            **{("currency", each.name): each for each in currencies},
        }

    def _find_problem(self, company, line, found):
        """Return in a sentence why a line can't be brought in; empty if it can."""
        place = {"row": line.number}
        for code, kinds in (
            (line.income_account, ("income", "income_other")),
            (line.deferred_account, ("liability_current", "liability_non_current")),
        ):
            account = found.get(("account", code))
            if not account or account.account_type not in kinds:
                return self.env._(
                    "Row %(row)s: the company has no such account %(code)s of the "
                    "right type.",
                    code=code,
                    **place,
                )
        currency = found.get(("currency", line.currency))
        if not currency:
            return self.env._(
                "Row %(row)s: the currency %(code)s is not active.",
                code=line.currency,
                **place,
            )
        if currency != company.currency_id and line.company_amount is None:
            return self.env._(
                "Row %(row)s: say what it is in %(code)s, too: company_amount and "
                "company_booked.",
                code=company.currency_id.name,
                **place,
            )
        parts = [(line.amount, currency), (line.booked, currency)]
        parts += [
            (amount, company.currency_id)
            for amount in (line.company_amount, line.company_booked)
            if amount is not None
        ]
        if any(amount != round(amount, c.decimal_places) for amount, c in parts):
            return self.env._(
                "Row %(row)s: an amount has more decimals than its currency.", **place
            )
        return ""

    # -- what comes of it --------------------------------------------------------------

    def _prepare_vals(self, source, day, line, found):
        """Return the values of the schedule of a line, with its parts: what is left is
        shared out over the service that is left.
        """
        company = source.company_id
        currency = found["currency", line.currency]
        deferred, income = (
            found["account", code]
            for code in (line.deferred_account, line.income_account)
        )
        places = currency.decimal_places, company.currency_id.decimal_places
        left = line.left, line.left if line.company_left is None else line.company_left
        amounts = tuple(
            int(amount.scaleb(exponent))
            for amount, exponent in zip(left, places, strict=True)
        )
        zone = source.tz
        start = get_begin(line.start, zone)
        end = get_begin(line.end + timedelta(days=1), zone)
        row = self.env["saas.revenue.account"]._find(company).get(income)
        method = self.env["saas.ledger.revenue.method"]._find(
            source, None, self.env["product.product"], row
        )
        begin = get_begin(day + timedelta(days=1), zone)
        whole = make_parts(start, end, zone, method, *amounts)
        return {
            "company_id": company.id,
            "source_id": source.id,
            "number": line.document,
            "line_ref": line.line,
            "date": day,
            "service_from": naive(start),
            "service_to": naive(end),
            "zone": zone,
            "method": method,
            "amount": amounts[0],
            "balance": amounts[1],
            "booked_before": int(line.booked.scaleb(places[0])),
            "exponent": places[0],
            "company_exponent": places[1],
            "currency_id": currency.id,
            "deferred_account_id": deferred.id,
            "income_account_id": income.id,
            "parts": credit(whole, *amounts, begin, zone, Crediting.PROSPECTIVE),
        }

    # -- the control total -------------------------------------------------------------

    def _add_up(self, company, day, lines, found, looked):
        """Put in what the deferred accounts that a list names hold, what schedules say
        of it, and what the list adds.
        """
        none = self.env["account.account"]
        codes = {line.deferred_account for line in lines}
        accounts = none.union(*(found.get(("account", code), none) for code in codes))
        totals = looked.totals
        items = self.env["account.move.line"].sudo()
        for account, currency, amount, balance in items._read_group(
            [
                ("company_id", "=", company.id),
                ("account_id", "in", accounts.ids),
                ("parent_state", "=", "posted"),
                ("date", "<=", day),
            ],
            ["account_id", "currency_id"],
            ["amount_currency:sum", "balance:sum"],
        ):
            total = totals.setdefault((account, currency), Total())
            total.booked = -exact(amount, currency.decimal_places)
            total.company_booked = -exact(balance, company.currency_id.decimal_places)
        proofs = self.env["saas.revenue.proof"].sudo().with_context(saas_day=day)
        for proof in proofs.search(
            [
                ("company_id", "=", company.id),
                ("deferred_account_id", "in", accounts.ids),
            ]
        ):
            key = proof.deferred_account_id, proof.currency_id
            total = totals.setdefault(key, Total())
            places = proof.currency_id.decimal_places
            total.known = exact(proof.unrecognized, places)
            total.company_known = exact(
                proof.company_unrecognized, company.currency_id.decimal_places
            )
        self._add_listed(company, found, looked)

    def _add_listed(self, company, found, looked):
        by_id = {(kind, record.id): record for (kind, _name), record in found.items()}
        for row in looked.rows:
            key = (
                by_id["account", row["deferred_account_id"]],
                by_id["currency", row["currency_id"]],
            )
            total = looked.totals.setdefault(key, Total())
            total.listed += Decimal(row["amount"]).scaleb(-row["exponent"])
            total.company_listed += Decimal(row["balance"]).scaleb(
                -row["company_exponent"]
            )
