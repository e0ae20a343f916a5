from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

from ...canonical.facts import PERCENTAGE_PLACES, UNTAXED
from ...canonical.money import exact, write_plainly
from ...canonical.reasons import Reason
from ...canonical.review.suggestions import LIKELY, POSSIBLE, SURE, Suggestion
from ...ledger.tax.find import charges_nothing

#: What the names of taxes have in common that charge nothing, by the source's reason.
_WORDS = {
    "reverse_charge": ("reverse", "13b", "intra", "§13"),
    "zero_rated": ("zero", "export", "exempt"),
}


class _Wanted(NamedTuple):
    """What a tax of the source is: its percentage, None where that is not known, the
    country's code, and the reason where nothing is charged. ``fits`` says whether a
    percentage gives the amount that was charged, None: any may.
    """

    percentage: Decimal | None = None
    country: str = ""
    reason: str = ""
    fits: object = None


class SaasSuggestTax(models.AbstractModel):
    """Suggests which Odoo tax a tax of a source is: by its percentage and country, and
    where nothing is charged, by the reason.
    """

    _name = "saas.suggest.tax"
    _description = "SaaS suggestions of taxes"

    def _suggest(self, cases):
        """Return by case the likely tax, for those that have one."""
        rates = self._read_rates(cases)
        taxes = self._find_taxes(cases)
        used = self._find_used(cases, rates)
        found = {}
        for case, wanted in self._read_wanted(cases, rates).items():
            own = taxes.filtered(
                lambda tax, case=case: tax.company_id == case.company_id
            )
            if wanted.reason:
                answer = self._suggest_free(case, wanted, own, used)
            else:
                answer = self._suggest_percentage(case, wanted, own, used)
            if answer:
                found[case] = answer
        return found

    # -- what is asked for -----------------------------------------------------------

    def _read_rates(self, cases):
        """Return what is known of all rates of the sources, by source and id."""
        known = self.env["saas.tax.rate"].sudo().with_context(active_test=False)
        rates = known.search([("source_id", "in", cases.source_id.ids)])
        return {(rate.source_id.id, rate.external_id): rate for rate in rates}

    def _read_wanted(self, cases, rates):
        wanted, unknown = {}, cases.browse()
        for case in cases:
            refs = case.cause_key.split()
            known = [
                rates[key] for ref in refs if (key := (case.source_id.id, ref)) in rates
            ]
            if case.reason == Reason.TAX_MISMATCH:
                wanted[case] = self._read_mismatch(case, known)
            elif case.cause_key in UNTAXED:
                wanted[case] = _Wanted(reason=case.cause_key)
            elif known and known[0].has_percentage:
                wanted[case] = _Wanted(
                    _get_percentage(known[0]), known[0].country_code or ""
                )
            else:
                unknown |= case
        return {**wanted, **self._read_lines(unknown)}

    def _read_mismatch(self, case, rates):
        """Return what the comparison says that the tax has to give; nothing does where
        no rate is named that could be mapped.
        """
        words = set(case.cause_key.split())
        mapped = case.source_id.sudo().tax_mapping_ids.mapped("external_id")
        figures = case.event_id.sudo().figures or {}
        rows = [
            row
            for row in figures.get("taxes", ())
            if row["wrong"] and words.issuperset(row.get("refs") or ["?"])
        ]
        if not rows or not (rates or words & set(mapped)):
            return _Wanted(fits=_never)
        country = rates[0].country_code if len(rates) == 1 else ""
        percentage = _get_percentage(rates[0]) if len(rates) == 1 else None
        return _Wanted(percentage, country or "", fits=_Fits(rows))

    def _read_lines(self, cases):
        """Return what the lines say of taxes whose rate no catalogue told of."""
        if not cases:
            return {}
        facts = self.env["saas.suggest"]._read_facts(cases)
        wanted = {}
        for case in cases:
            taxes = [
                (tax, line)
                for fact in facts[case]
                for line in getattr(fact, "lines", ())
                for tax in line.taxes
                if _is_asked(case.cause_key, tax)
            ]
            wanted[case] = _read_taxes(taxes)
        return wanted

    # -- what it could be ------------------------------------------------------------

    def _find_taxes(self, cases):
        """Return the sales taxes of companies that may be mapped, in their order."""
        taxes = (
            self.env["account.tax"]
            .sudo()
            .search(
                [
                    ("company_id", "in", cases.company_id.ids),
                    ("type_tax_use", "=", "sale"),
                ],
                order="sequence, id",
            )
        )
        return taxes.filtered(lambda tax: not tax.price_include)

    def _find_used(self, cases, rates):
        """Return which taxes the companies have mapped so already: lists of taxes by
        company and percentage, and by company and reason.
        """
        own = Domain("company_id", "in", cases.company_id.ids)
        found = {}
        for mapping in self.env["saas.tax.mapping"].sudo().search(own):
            rate = rates.get((mapping.source_id.id, mapping.external_id))
            if rate and rate.has_percentage:
                key = mapping.company_id.id, _get_percentage(rate)
                found.setdefault(key, []).append(mapping.tax_id)
        for rule in self.env["saas.tax.rule"].sudo().search(own):
            if rule.reason:
                key = rule.company_id.id, rule.reason
                found.setdefault(key, []).append(rule.tax_id)
        return found

    def _suggest_percentage(self, case, wanted, taxes, used):
        found = [
            tax
            for tax in taxes
            if tax.amount_type == "percent"
            and (not tax.amount or not charges_nothing(tax))
            and _is_as_high(wanted, exact(tax.amount, PERCENTAGE_PLACES))
        ]
        if not found:
            return None
        others = used.get((case.company_id.id, wanted.percentage), ())
        default = case.company_id.sudo().account_sale_tax_id

        def rank(tax):
            return (
                bool(wanted.country) and tax.country_id.code != wanted.country,
                tax not in others,
                tax != default,
            )

        first, *rest = sorted(found, key=rank)
        is_abroad, is_new, is_other = rank(first)
        alike = [tax for tax in rest if rank(tax) == rank(first)]
        told = [self._describe_percentage(wanted, first)]
        if is_abroad:
            told.append(
                self.env._("It is a tax of another country than %s.", wanted.country)
            )
        elif not is_new:
            told.append(self.env._("Another rate as high is mapped to it."))
        elif alike and not is_other:
            told.append(self.env._("It is the company's usual sales tax."))
        elif alike:
            told.append(
                self.env._(
                    "%s more taxes are as high, so look whether it is the right one.",
                    len(alike),
                )
            )
        confidence = POSSIBLE if is_abroad or alike else LIKELY
        if not is_abroad and not is_new:
            confidence = SURE
        return self._make(first, " ".join(told), confidence)

    def _describe_percentage(self, wanted, tax):
        if wanted.fits:
            return self.env._("It gives the amount that the source has charged.")
        return self.env._(
            "It is a sales tax of %(percentage)s %%, as the rate at the source is.",
            percentage=write_plainly(exact(tax.amount, PERCENTAGE_PLACES)),
        )

    def _suggest_free(self, case, wanted, taxes, used):
        """Suggest a tax for lines that nothing is charged on, for a reason."""
        free = [
            tax
            for tax in taxes
            if tax.amount_type == "percent" and charges_nothing(tax)
        ]
        others = [
            t for t in used.get((case.company_id.id, wanted.reason), ()) if t in free
        ]
        if others:
            why = self.env._("A rule of another source names it for this reason.")
            return self._make(others[0], why, SURE)
        words = _WORDS.get(wanted.reason, ())
        named = [
            tax
            for tax in free
            if any(
                word in f"{tax.name} {tax.invoice_label or ''}".casefold()
                for word in words
            )
        ]
        if len(named) == 1:
            why = self.env._("It charges nothing, and its name says why.")
            return self._make(named[0], why, LIKELY)
        if len(free) == 1:
            why = self.env._("It is the only sales tax here that charges nothing.")
            return self._make(free[0], why, POSSIBLE)
        return None

    def _make(self, tax, why, confidence):
        return Suggestion(
            self.env._("It is %s.", tax.display_name),
            why,
            confidence,
            "action_map_tax",
            {"tax_id": tax.id},
        )


class _Fits:
    """Says whether a percentage gives all amounts that a comparison names as wrong."""

    def __init__(self, rows):
        self._rows = [
            [Decimal(row[name]) for name in ("base", "stated", "allowed")]
            for row in rows
        ]

    def __call__(self, percentage):
        """Return whether it does, within what rounding allows."""
        return all(
            allowed.is_finite() and abs(base * percentage / 100 - stated) <= allowed
            for base, stated, allowed in self._rows
        )


def _never(_percentage):
    return False


def _is_as_high(wanted, percentage):
    if wanted.fits:
        return wanted.fits(percentage)
    return wanted.percentage is not None and wanted.percentage == percentage


def _get_percentage(rate):
    if not rate.has_percentage:
        return None
    return exact(rate.percentage, PERCENTAGE_PLACES)


def _is_asked(key, tax):
    """Return whether a case's key names a tax: by its rate, or by what it has if it has
    no rate.
    """
    return tax.rate == key or (not tax.rate and key in (tax.reason, "unnamed"))


def _read_taxes(taxes):
    """Return what lines say of a tax: its percentage, or what it comes to of each, to
    a minor unit.

    :param taxes: pairs of a tax and its line.
    """
    for tax, _line in taxes:
        if tax.details and tax.details.percentage is not None:
            return _Wanted(tax.details.percentage, tax.details.country)
    rows = [
        {"base": base, "stated": tax.amount, "allowed": 1}
        for tax, line in taxes
        if tax.amount and (base := tax.taxable or line.net)
    ]
    return _Wanted(fits=_Fits(rows) if rows else _never)
