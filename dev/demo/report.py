"""Prints the comparison: short, aligned, and with what to do next."""

from decimal import Decimal

from . import check
from .catalogue import EXPONENTS, MONTH_NAME

WIDTH = 76
#: How many faults of a kind are listed.
SHOWN = 12

TOUR = """
Next: open {url}/odoo and log in as admin, password admin.
  SaaS Billing → Exceptions   what waits for a person, why, and what mends it
    Try it: in the source Stripe US, map the price price_us_legacy_monthly to a
    product. Then retry the events with the reason Unmapped product: the invoice
    is posted, and settled with the money that waits for it.
  SaaS Billing → Events       every event, masked, and all that came of it
  SaaS Billing → Tenants      a customer with its invoices and payments
  The company switch, top right, shows the dollars, the euros, or both."""


class Report:
    """Collects rows, prints them, and knows whether all of them agree."""

    def __init__(self):
        self.ties_out = True

    def title(self, text):
        print(f"\n{text}\n{'═' * WIDTH}")

    def section(self, text, *columns):
        heads = "".join(f"{column:>13}" for column in columns)
        print(f"\n{text:<{WIDTH - len(heads) - 3}}{heads}\n{'─' * WIDTH}")

    def rows(self, rows, indent=2):
        """Print rows of counts."""
        for row in rows:
            self._print(row, [f"{row.meant}", f"{row.found}"], indent)

    def amounts(self, rows, currency):
        """Print rows of amounts, with the difference."""
        for row in rows:
            values = (row.meant, row.found, row.found - row.meant)
            columns = [_write_amount(value, currency) for value in values]
            indent = 6 if row.label.startswith("of it") else 4
            self._print(row, columns, indent)

    def list(self, what, lines):
        """Print things that are not as they should be, the first of many."""
        for line in lines[:SHOWN]:
            print(f"    ✗ {what}: {line}")
        if len(lines) > SHOWN:
            print(f"    ✗ and {len(lines) - SHOWN} more")
        self.ties_out &= not lines

    def _print(self, row, columns, indent):
        self.ties_out &= row.agrees
        values = "".join(f"{column:>13}" for column in columns)
        label = " " * indent + row.label
        print(
            f"{label:<{WIDTH - len(values) - 3}}{values}  {'✓' if row.agrees else '✗'}"
        )


def print_report(accounts, planned, answers, books, seconds):
    """Print the report; return whether everything ties out."""
    report = Report()
    tenants = sum(len(account.tenants) for account in accounts)
    report.title(
        f"{MONTH_NAME} at Halyard Cloud: {tenants} tenants, {len(accounts)} companies, "
        f"{len(planned)} requests in {seconds:.0f} s"
    )
    report.section("Sent over HTTP", "sent", "right")
    report.rows(check.check_answers(planned, answers))
    report.rows(check.check_stored(accounts, planned, books))
    rows, strays = check.check_events(accounts, books)
    report.section("What became of the events", "meant", "in Odoo")
    report.rows(rows)
    report.list("event", [f"{e.id} {e.type}: {e.fate} {found}" for e, found in strays])
    rows, wrong = check.check_documents(accounts, books)
    report.section("What was booked", "meant", "in Odoo")
    report.rows(rows)
    report.list("entry", [f"{k}: {_join(due)} / {_join(has)}" for k, due, has in wrong])
    report.rows(check.check_people(accounts, books))
    report.rows(check.check_logs(books))
    report.section("The books, to the cent", "sent", "in Odoo", "difference")
    for account in accounts:
        for currency, rows in check.check_totals(account, books[account.entity.key]):
            print(f"  {account.entity.company}, {currency}")
            report.amounts(rows, currency)
    return report.ties_out


def print_verdict(ties_out, url, keeps_running):
    """Print whether everything ties out, and what to do next."""
    print(f"\n{'═' * WIDTH}")
    if ties_out:
        print("✓ Everything ties out.")
    else:
        print("✗ Something does not tie out: see the rows with ✗ above.")
    if keeps_running:
        print(TOUR.format(url=url))
    else:
        print("\nNext: make demo leaves Odoo running after the report, to look around.")


def _write_amount(amount, currency):
    """Return an amount with as many decimals as its currency has."""
    return f"{Decimal(amount):,.{EXPONENTS.get(currency, 2)}f}"


def _join(entry):
    return " ".join(map(str, entry)) if entry else "nothing"
