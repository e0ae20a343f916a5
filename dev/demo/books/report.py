"""Prints the comparison: short, aligned, and with what to do next."""

from decimal import Decimal

from ...make_believe.stripe.units import EXPONENTS
from ..catalogue import MONTH_NAME
from . import check, check_clearing, screens

WIDTH = 76
#: How many faults of a kind are listed.
SHOWN = 12

TOUR = """
Next: open {url}/odoo and log in as finance (a reviewer), as billing (an integration
manager), as signing (an approver), or as admin. The password is the login.
  SaaS Billing → Home         what waits for you, and what is at stake
  SaaS Billing → Exceptions   what waits for a person, why, and how to fix it
    Try it: as billing, open the exception Unmapped product, press Map Product, then
    Preview: the invoice is there, settled with the money that waits for it. What
    finance decides about Period locked counts once signing approves it.
    make demo KEEP=0 resolves all of them in this way.
  SaaS Billing → Events       every event, masked, and all that came of it
  SaaS Billing → Customers    a customer with its invoices and payments
  SaaS Billing → Clearing     each payout and its proof, down to a transaction
  SaaS Billing → Reconciliation  what is only at Stripe, and one click to import it
  SaaS Billing → Billing      runs of Halyard Cloud B.V., each charge and how it came
                              about; under Customers → Subscriptions their timelines
  The company switch, top right, shows one company, or several."""


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

    def counts(self, row):
        """Print the four numbers of a comparison; where they differ, what was meant."""
        self._print(
            check.Row(f"{row.label.replace('_', ' ')}s", row.meant, row.found),
            [f"{number}" for number in row.found],
            4,
        )
        if not row.agrees:
            print(f"      meant: {' '.join(map(str, row.meant))}")

    def payout(self, payout, found, proved):
        """Print a payout with the proof that Odoo has of it."""
        label = f"{payout.id} {payout.currency} {payout.status}"
        row = check.Row(label, True, proved)
        if not found:
            self._print(row, ["nothing"], 2)
            return
        _state, _proof, currency, amount, net, difference, count = found
        columns = [
            _write_amount(amount, currency),
            str(count),
            _write_amount(net, currency),
            _write_amount(difference, currency),
        ]
        self._print(row, columns, 2)
        if not proved:
            print(f"      {' '.join(map(str, found))}")

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


def print_report(accounts, planned, answers, books, compared, seen, what):
    """Print the report; return whether everything ties out."""
    report = Report()
    for account in accounts:
        check_clearing.take_read_again(account, books[account.entity.key])
    tenants = sum(len(account.tenants) for account in accounts)
    report.title(
        f"{MONTH_NAME} at Halyard Cloud: {tenants} tenants, {len(accounts)} companies, "
        f"{what}"
    )
    report.section("Sent over HTTP", "sent", "right")
    report.rows(check.check_answers(planned, answers))
    report.rows(check.check_stored(accounts, planned, books))
    pulled = [check_clearing.list_pulled(account) for account in accounts]
    rows, strays = check.check_events(accounts, books, pulled)
    report.section("What became of the events", "meant", "in Odoo")
    report.rows(rows)
    report.list("event", [f"{e.id} {e.type}: {e.fate} {found}" for e, found in strays])
    rows, strays = check_clearing.check_pulled(accounts, books)
    report.section("What the screens show", "reported", "on screen")
    report.rows(screens.check_screens(accounts, books, compared, seen))
    report.section("Read through Stripe's API", "meant", "in Odoo")
    report.rows(rows)
    report.list("object", [" ".join(map(str, stray)) for stray in strays])
    rows, wrong = check.check_documents(accounts, books)
    report.section("What was booked", "meant", "in Odoo")
    report.rows(rows)
    report.list("entry", [f"{k}: {_join(due)} / {_join(has)}" for k, due, has in wrong])
    rows, wrong = check_clearing.check_postings(accounts, books)
    report.rows(rows)
    report.list("entry", [f"{k}: {due} / {has}" for k, due, has in wrong])
    report.rows(check.check_people(accounts, books))
    report.rows(check.check_logs(books))
    report.section("The books, to the cent", "sent", "in Odoo", "difference")
    for account in accounts:
        for currency, rows in check.check_totals(account, books[account.entity.key]):
            print(f"  {account.entity.company}, {currency}")
            report.amounts(rows, currency)
    _print_compared(report, accounts, compared)
    _print_payouts(report, accounts, books, seen)
    return report.ties_out


def print_billed(check):
    """Print what came of the quarter that Odoo billed; return whether it ties out."""
    report = Report()
    report.title("August to October 2026 at Halyard Cloud B.V.: billed in Odoo")
    report.section("What its product has metered", "told", "in Odoo")
    report.rows(check.check_usage())
    report.section("Price × time held and used", "by the day", "charged", "difference")
    for currency in check.currencies:
        print(f"  {currency}")
        report.amounts(check.check_customers(currency), currency)
    report.rows(check.check_periods())
    report.section("The books, to the cent", "meant", "in Odoo", "difference")
    for currency in check.currencies:
        print(f"  {currency}")
        report.amounts(check.check_books(currency), currency)
    report.rows(check.check_rest())
    report.section("The quarter closed", "meant", "in Odoo")
    report.rows(check.closing.check())
    report.section("What recurs", "by the story", "in Odoo", "difference")
    for currency in check.currencies:
        print(f"  {currency}")
        report.amounts(check.closing.check_recurring(currency), currency)
    return report.ties_out


def print_hub(rows):
    """Print what came of the month of two systems; return whether it ties out."""
    report = Report()
    report.title(f"{MONTH_NAME} at Halyard Cloud Ltd: one story of two systems")
    report.section("Its platform issues, GoCardless collects", "meant", "in Odoo")
    report.rows(rows)
    return report.ties_out


def _print_compared(report, accounts, compared):
    """Print what the comparison of both sides has found."""
    columns = ("matched", "different", "only there", "only here")
    report.section("Compared with Stripe", *columns)
    for account in accounts:
        run = compared[account.entity.key]
        rows, strays = check_clearing.check_compared(account, run)
        print(f"  {account.entity.company}: {run['state']}{_explain(run)}")
        for row in rows:
            report.counts(row)
        report.list("difference", [_describe(row) for row in strays])
        report.ties_out &= run["state"] == "done"
    if any(not account.is_resolved for account in accounts):
        print(
            "  Only there is what waits for a person: see the quarantined events above."
        )


def _explain(run):
    return f", {run['problem']}" if run["problem"] else ""


def _describe(row):
    return (
        f"{row['kind']} {row['external_id']} {row['result']}: {row['field']} "
        f"{row['their_value']} there, {row['our_value']} here"
    )


def _print_payouts(report, accounts, books, seen):
    """Print each payout's proof, and that nothing is left."""
    columns = ("amount", "transactions", "sum of net", "difference")
    report.section("Each payout proved", *columns)
    for account in accounts:
        book = books[account.entity.key]
        for payout, found, proved in check_clearing.check_payouts(account, book):
            report.payout(payout, found, proved)
    report.section("The clearing account at the end of it", "meant", "in Odoo")
    for account in accounts:
        print(f"  {account.entity.company}")
        report.rows(
            check_clearing.check_clearing(account, books[account.entity.key]), 4
        )
        report.rows(screens.check_balances(account, seen), 4)
        for currency, amount in check_clearing.list_pending(account).items():
            text = f"{_write_amount(amount, currency)} {currency}"
            print(f"    Stripe still has {text}: its payment waits for a person here.")


def print_verdict(ties_out, url, keeps_running):
    """Print whether everything ties out, and what to do next."""
    print(f"\n{'═' * WIDTH}")
    if ties_out:
        print(
            "✓ Everything ties out: the clearing account holds what is booked of "
            "Stripe's money,\n  and each payout is proved."
        )
        if not keeps_running:
            print("  Two people have resolved what had waited, and a third has signed:")
            print("  nothing waits any more.")
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
