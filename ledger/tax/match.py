from decimal import Decimal
from typing import NamedTuple

from odoo import models

from ...canonical.errors import Quarantine
from ...canonical.money import exact
from ...canonical.reasons import Reason


class StatedTax(NamedTuple):
    """What the source charged on a document by one Odoo tax.

    ``amount`` and ``base`` are its sums, and ``allowed`` by how much Odoo's amount may
    differ; ``rates`` names the source's rates for people, and ``refs`` are their ids.
    """

    amount: Decimal = Decimal(0)
    allowed: Decimal = Decimal(0)
    base: Decimal = Decimal(0)
    rates: tuple = ()
    refs: tuple = ()

    def add(self, amount, allowed, base, rate, ref):
        """Return the sums of this and one more line."""
        return StatedTax(
            self.amount + amount,
            self.allowed + allowed,
            self.base + base,
            _append(self.rates, rate),
            _append(self.refs, ref),
        )


class SaasLedgerTaxMatch(models.AbstractModel):
    """Compares Odoo's tax amounts with those that the source charged."""

    _name = "saas.ledger.tax.match"
    _description = "SaaS tax match"

    def _match(self, stated, tax_lines, currency, sign):
        """Set each tax to the amount the source charged.

        :param stated: the :class:`StatedTax` by tax. A difference of more than it
            allows means that the rate is mapped to another tax.
        :param tax_lines: pairs of a tax and a journal item of it, which is a record
            or values; its ``amount_currency`` is changed where it differs.
        :param sign: of the journal items of a positive tax.
        :raises Quarantine: as ``tax_mismatch``, with both computations.
        """
        places = currency.decimal_places
        changes, rows = [], []
        for tax, part in stated.items():
            parts = tax | tax.children_tax_ids
            own = [line for line_tax, line in tax_lines if line_tax in parts]
            booked = sum(exact(line["amount_currency"], places) for line in own)
            difference = sign * part.amount - booked
            # Where any amount is right, the caller adds the item that Odoo left out.
            needs_item = difference and part.allowed.is_finite()
            wrong = abs(difference) > part.allowed or bool(needs_item and not own)
            booked *= sign
            rows.append((tax, part, booked, part.amount - booked, wrong))
            if difference and own:
                changes.append((own, difference))
        self._raise_wrong(rows, currency)
        for (line, *_rest), difference in changes:
            # Odoo subtracts what is written from the float that is there.
            line["amount_currency"] = float(
                exact(line["amount_currency"], places) + difference
            )

    def _raise_wrong(self, rows, currency):
        """Raise if one of the rows of the comparison is wrong; show them all."""
        wrong = next((row for row in rows if row[-1]), None)
        if not wrong:
            return
        tax, part, booked, _difference, _wrong = wrong
        raise Quarantine(
            Reason.TAX_MISMATCH,
            self.env._(
                "The source charges a tax of %(stated)s, but %(tax)s gives %(booked)s.",
                stated=part.amount,
                tax=tax.display_name,
                booked=booked,
            ),
            {
                "currency": currency.name,
                "taxes": [_describe(*row) for row in rows],
            },
            about=" ".join(sorted(part.refs)) or f"tax:{tax.id}",
        )


def _describe(tax, part, booked, difference, wrong):
    """Return a row of the comparison as plain JSON."""
    return {
        "base": str(part.base),
        "rates": ", ".join(part.rates),
        "refs": [*part.refs],
        "stated": str(part.amount),
        "tax": tax.display_name,
        "booked": str(booked),
        "difference": str(difference),
        "allowed": str(part.allowed),
        "wrong": wrong,
    }


def _append(known, value):
    return known if not value or value in known else (*known, value)
