from typing import NamedTuple

from odoo import models

from ...canonical.moments import aware, naive
from ...canonical.money import to_minor
from ...canonical.revenue.months import get_begin
from ...canonical.revenue.plan import leaves_month, make_parts
from ...canonical.revenue.recut import Crediting, credit

#: What the values of a line say besides those of its journal item.
_ASIDE = ("credits", "service")


class Service(NamedTuple):
    """The service that a line of a document is for: ``[start, end)`` between aware
    instants, in a time zone.
    """

    start: object
    end: object
    zone: str = ""

    @classmethod
    def of(cls, line):
        """Return the service that a line of a fact states, or None."""
        if line.period_start is None or line.period_end is None:
            return None
        return cls(line.period_start, line.period_end)


class Deferred(NamedTuple):
    """A line of a document that is deferred: its service, the income account that it
    would have, and how it is shared out to months. ``origin`` is the schedule of the
    line that it gives back from, and ``crediting`` what it is given back for, where the
    line states no service of its own.
    """

    service: Service
    income_id: int
    method: str
    origin: object = None
    crediting: str = ""


class SaasLedgerDeferral(models.AbstractModel):
    """Books lines whose service goes on after their document's month straight to the
    deferred account, and opens a schedule for each in the same transaction. There is
    no second entry for a document; its taxes and its products stay what they are.

    What gives back from a deferred line is deferred, too, and from any other it isn't:
    whatever the company or the source says by then.
    """

    _name = "saas.ledger.revenue.deferral"
    _description = "SaaS ledger of deferred revenue"

    def _defer(self, source, documents):
        """Work out which lines of documents are deferred.

        :return: for each document pairs of the values of a line, with the account that
            it has to have, and of a :class:`Deferred`, or None for what is earned at
            once. A service without a time zone is in the source's.
        """
        company, start = source.company_id, source._get_deferral_start()
        accounts = self.env["saas.revenue.account"]._find(company) if start else {}
        credited = {
            line["credits"] for d in documents for line in d.lines if "credits" in line
        }
        origins = self._find_schedules(credited)
        return [
            [
                self._defer_line(source, document, line, accounts, origins)
                for line in document.lines
            ]
            for document in documents
        ]

    def _find_schedules(self, line_ids):
        """Return the schedules of journal items, by the items' ids."""
        if not line_ids:
            return {}
        schedules = self.env["saas.revenue.schedule"].sudo()
        found = schedules.search([("move_line_id", "in", list(line_ids))])
        return {schedule.move_line_id.id: schedule for schedule in found}

    def _defer_line(self, source, document, line, accounts, origins):
        """Return the values of a line, and how it is deferred.

        Analytic accounts are given what is recognised, and not the line: they would get
        it twice.
        """
        vals = {name: value for name, value in line.items() if name not in _ASIDE}
        if "credits" in line:
            account, how = self._give_back(source, document, line, origins)
        else:
            account, how = self._find_account(source, document, line, accounts)
        if how:
            vals |= {"account_id": account.id, "analytic_distribution": False}
        return vals, how

    def _give_back(self, source, document, line, origins):
        """Return the deferred account of a line that gives back from another one, and
        how it is deferred; nothing if the other one is not.
        """
        origin, service = origins.get(line["credits"]), line.get("service")
        if not origin:
            return None, None
        crediting = ""
        if not service:
            crediting = document.crediting or source.company_id.revenue_crediting
        service = service or Service(
            aware(origin.service_from), aware(origin.service_to)
        )
        return origin.deferred_account_id, Deferred(
            service._replace(zone=service.zone or origin.zone),
            origin.income_account_id.id,
            origin.method,
            origin,
            crediting,
        )

    def _find_account(self, source, document, line, accounts):
        """Return the deferred account of a line, and how it is deferred; nothing if it
        isn't.
        """
        start, service = source._get_deferral_start(), line.get("service")
        if not start or document.date < start or not service:
            return None, None
        service = service._replace(zone=service.zone or source.tz)
        if service.start >= service.end or not leaves_month(
            service.end, service.zone, document.date
        ):
            return None, None
        company = source.company_id
        own = accounts.get(self.env["account.account"].browse(line["account_id"]))
        account = own.deferred_account_id if own else company.revenue_account_id
        products = self.env["product.product"].with_company(company)
        method = self.env["saas.ledger.revenue.method"]._find(
            source, document.item.tenant, products.browse(line["product_id"]), own
        )
        return account, Deferred(service, line["account_id"], method)

    def _open(self, source, moves, deferred):
        """Open the schedules of posted documents.

        :param deferred: what :meth:`_defer` has returned.
        """
        lines = [
            (line, how)
            for move, pairs in zip(moves, deferred, strict=True)
            if any(how for _vals, how in pairs)
            for line, (_vals, how) in zip(
                move.invoice_line_ids.sorted("id"), pairs, strict=True
            )
            if how and line.balance
        ]
        if lines:
            rules = self.env["account.analytic.distribution.model"]
            has_rules = bool(rules.search_count([], limit=1))
            self.env["saas.revenue.schedule"].sudo()._open(
                [
                    self._prepare_schedule(source, line, how, has_rules)
                    for line, how in lines
                ],
                "posted",
            )

    def _prepare_schedule(self, source, line, how, has_rules):
        """Return the values of the schedule of a posted line, with its parts.

        :param has_rules: there are rules of analytic distribution.
        """
        service, origin = how.service, how.origin
        vals = self._prepare_vals(source, line)
        amounts = vals["amount"], vals["balance"]
        parts = make_parts(*service, how.method, *amounts)
        if how.crediting:
            moment = get_begin(line.date, service.zone)
            parts = credit(
                origin._get_parts(),
                *amounts,
                moment,
                service.zone,
                Crediting(how.crediting),
            )
        return {
            **vals,
            "origin_id": origin.id if origin else False,
            "service_from": naive(service.start),
            "service_to": naive(service.end),
            "zone": service.zone,
            "method": how.method,
            "income_account_id": how.income_id,
            "analytic_distribution": origin.analytic_distribution
            if origin
            else self._find_analytic(line, how.income_id, has_rules),
            "parts": parts,
        }

    def _prepare_vals(self, source, line):
        """Return the values that the schedule of a posted line has from the line."""
        exponent = line.currency_id.decimal_places
        company_exponent = line.company_id.currency_id.decimal_places
        return {
            "company_id": source.company_id.id,
            "source_id": source.id,
            "tenant_id": line.move_id.saas_tenant_id.id,
            "move_id": line.move_id.id,
            "move_line_id": line.id,
            "date": line.date,
            # A credit adds to what is deferred.
            "amount": -to_minor(line.amount_currency, exponent),
            "balance": -to_minor(line.balance, company_exponent),
            "exponent": exponent,
            "company_exponent": company_exponent,
            "currency_id": line.currency_id.id,
            "deferred_account_id": line.account_id.id,
        }

    def _prepare_back_vals(self, source, origin, line):
        """Return the values of the schedule of a posted line that gives back from the
        line of another one: what it has not from its own line, it has from that. Its
        parts are the caller's.
        """
        return {
            **self._prepare_vals(source, line),
            "origin_id": origin.id,
            "service_from": origin.service_from,
            "service_to": origin.service_to,
            "zone": origin.zone,
            "method": origin.method,
            "income_account_id": origin.income_account_id.id,
            "analytic_distribution": origin.analytic_distribution,
        }

    def _find_analytic(self, line, income_id, has_rules):
        """Return which analytic accounts the line would have if it were earned at
        once.
        """
        related = line._related_analytic_distribution()
        if not has_rules:
            return related or False
        ids = {int(each) for key in related for each in key.split(",") if each.strip()}
        plans = self.env["account.analytic.account"].browse(ids).root_plan_id
        if line.company_id.profit_from:
            # Its tenant has all of it, when it is recognised.
            plans |= self.env["account.analytic.plan"]._find_saas_tenants()
        income = self.env["account.account"].browse(income_id)
        arguments = line._get_analytic_distribution_arguments(plans)
        arguments["account_prefix"] = income.with_company(line.company_id).code
        rules = self.env["account.analytic.distribution.model"]
        return related | rules._get_distribution(arguments) or False
