from collections import namedtuple
from decimal import Decimal

from odoo import models

from ...canonical.facts import PERCENTAGE_PLACES, UNTAXED, TaxRateDetails
from ...canonical.money import exact

#: The result for a tax of the source: the Odoo tax, perhaps empty, or the id of the
#: rate that has to be known first.
Found = namedtuple("Found", ("tax", "missing_rate"))


class SaasLedgerTaxFind(models.AbstractModel):
    """Finds the Odoo taxes that a source's taxes are, for many lines at once."""

    _name = "saas.ledger.tax.find"
    _description = "SaaS tax finder"

    def _prepare(self, source, facts):
        """Return a :class:`_Finder` for the taxes of documents.

        :param facts: the documents, whose rates are read in one go.
        """
        rules = source.tax_rule_ids.sorted(lambda rule: (rule.sequence, rule.id))
        return _Finder(
            mapping={m.external_id: m.tax_id for m in source.tax_mapping_ids},
            rules=[_Rule(rule) for rule in rules],
            default=source.default_tax_id,
            rates=self._read_rates(source, facts),
        )

    def _read_rates(self, source, facts):
        """Return what is known of the rates that lines name, by id."""
        lines = (line for fact in facts for line in fact.lines)
        wanted = {tax.rate for line in lines for tax in line.taxes} - {""}
        rates = (
            self.env["saas.tax.rate"]
            .with_context(active_test=False)
            .search(
                [("source_id", "=", source.id), ("external_id", "in", list(wanted))]
            )
        )
        return {
            rate.external_id: TaxRateDetails(
                percentage=exact(rate.percentage, PERCENTAGE_PLACES)
                if rate.has_percentage
                else None,
                inclusive=rate.inclusive,
                country=rate.country_code or "",
                state=rate.state_code or "",
                tax_type=rate.tax_type or "",
                display_name=rate.name,
            )
            for rate in rates
        }


class _Finder:
    """Finds the Odoo tax of each tax of the source: by the mapping of its rate, by the
    first rule that fits, or by the source's default.

    A line that nothing was charged on, for a reason, needs a tax that charges nothing.
    A mapping to another tax is not meant for such a line, nor is a rule without a
    reason, nor the default. So one rate can serve lines with and without a charge, as
    a reverse charge needs it.
    """

    def __init__(self, mapping, rules, default, rates):
        self._mapping = mapping
        self._rules = rules
        self._default = default
        self._rates = rates

    def find(self, tax):
        """Return what ``tax``, a part of a fact, is here, as :class:`Found`."""
        untaxed = not tax.amount and tax.reason in UNTAXED
        mapped = self._mapping.get(tax.rate)
        if mapped and (not untaxed or charges_nothing(mapped)):
            return Found(mapped, None)
        details = self.get_details(tax)
        for rule in self._rules:
            if untaxed and not rule.reason:
                continue
            fits = rule.fits(tax, details)
            if fits:
                return Found(rule.tax, None)
            if fits is None and tax.rate:
                return Found(self._default.browse(), tax.rate)
        return Found(self._default.browse() if untaxed else self._default, None)

    def get_details(self, tax):
        """Return what is known of a tax's rate, or None: first what the line says."""
        return tax.details or self._rates.get(tax.rate)

    def describe(self, tax):
        """Return a tax's rate as people know it: its id, how high, and why."""
        details = self.get_details(tax)
        if details and details.percentage is not None:
            percentage = f"{details.percentage.normalize():f} %"
        else:
            percentage = ""
        return " ".join(filter(None, (tax.rate, percentage, tax.reason)))


class _Rule:
    """A tax rule as plain values, because it is asked once for each line."""

    def __init__(self, rule):
        self.tax = rule.tax_id
        self.reason = rule.reason
        self._inclusive = {"yes": True, "no": False}.get(rule.inclusive)
        country = rule.country_id or rule.state_id.country_id
        wanted = {
            "country": country.code,
            "state": rule.state_id.code,
            "percentage": rule.percentage and Decimal(rule.percentage),
            "tax_type": rule.tax_type and rule.tax_type.strip().lower(),
        }
        # A percentage of 0 is a condition too.
        self._wanted = {
            key: value
            for key, value in wanted.items()
            if value is not None and value is not False and value != ""
        }

    def fits(self, tax, details):
        """Return whether the rule is about ``tax``, or None if its rate has to be known
        first.
        """
        if self.reason and self.reason != tax.reason:
            return False
        if self._inclusive is not None and self._inclusive != tax.inclusive:
            return False
        return self._fits_rate(details)

    def _fits_rate(self, details):
        if not self._wanted:
            return True
        if details is None:
            return None
        return all(
            getattr(details, key) == value for key, value in self._wanted.items()
        )


def charges_nothing(tax):
    """Return whether a tax never comes to an amount: it is 0 %, or what is owed is
    deducted at once, as in a reverse charge.
    """
    if tax.amount_type == "group":
        return all(charges_nothing(child) for child in tax.children_tax_ids)
    parts = tax.invoice_repartition_line_ids.filtered(
        lambda line: line.repartition_type == "tax"
    )
    return not tax.amount or not sum(exact(part.factor_percent, 6) for part in parts)
