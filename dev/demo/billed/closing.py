"""Closes the quarter: finance writes off what is never paid, locks August, recognises
what is earned month by month, and has all documents compared four ways; and the rows of
the report that hold the proofs of it against the story.
"""

import time
from decimal import Decimal

from ...console import Trouble
from ..books.check import Row
from . import price_time
from .customers import CUSTOMERS, RUNS
from .plans import BAD_DEBT

#: How long jobs may take, in seconds; and how long to pause between two looks.
_PATIENCE, _PAUSE = 120, 0.2
_LOCKED = "2026-08-31"
#: The months that are recognised, by their first days, and the day after them.
_MONTHS, _UNTIL = ("2026-08-01", "2026-09-01", "2026-10-01"), "2026-11-01"
#: How many cents a year may be off: one for each line that it was billed in.
_CENTS = 4


class Closing:
    """What finance does when the quarter is over.

    :param call: a function that calls a method as the person who answers for the books.
    :param api: the external API, as an administrator.
    :param reader: the :class:`~.reading.Reader`.
    """

    def __init__(self, call, api, reader):
        self.call, self.api, self.reader = call, api, reader
        self.written_off = {}

    def play(self):
        """Let all of it happen."""
        for customer in CUSTOMERS:
            if customer.never_pays:
                self._write_off(customer)
        self.api.call(
            "res.company",
            "write",
            ids=[self.reader.company],
            vals={"fiscalyear_lock_date": _LOCKED},
        )
        for month in _MONTHS:
            self._recognize(month)
        self._compare_four_ways()

    def _write_off(self, customer):
        """Book what a customer owes as a bad debt, and reconcile it with that."""
        owed = self.reader.search(
            "account.move.line",
            ["account_type", "=", "asset_receivable"],
            ["parent_state", "=", "posted"],
            ["reconciled", "=", False],
            ["move_id.saas_tenant_id", "=", self.reader.get_tenant(customer.ref)],
            fields=["account_id", "partner_id", "amount_residual"],
        )
        rest = sum(Decimal(str(row["amount_residual"])) for row in owed)
        company = self.reader.company
        [account, *_others] = self.call(
            "account.account",
            "search",
            domain=[["code", "=", BAD_DEBT], ["company_ids", "=", company]],
        )
        [journal, *_others] = self.call(
            "account.journal",
            "search",
            domain=[["type", "=", "general"], ["company_id", "=", company]],
        )
        shared = {"partner_id": owed[0]["partner_id"][0], "name": "Never paid"}
        lines = [
            {**shared, "account_id": account, "debit": float(rest)},
            {**shared, "account_id": owed[0]["account_id"][0], "credit": float(rest)},
        ]
        vals = {
            "move_type": "entry",
            "journal_id": journal,
            "date": str(RUNS[-1].date()),
            "line_ids": [[0, 0, line] for line in lines],
        }
        [entry] = self.call("account.move", "create", vals_list=[vals])
        self.call("account.move", "action_post", ids=[entry])
        [loss] = self.reader.search(
            "account.move.line",
            ["move_id", "=", entry],
            ["account_type", "=", "asset_receivable"],
            fields=["id"],
        )
        ids = [loss["id"], *(row["id"] for row in owed)]
        self.call("account.move.line", "reconcile", ids=ids)
        self.written_off[customer.currency] = rest

    def _recognize(self, month):
        """Begin a recognition run of a month, and wait until it is done."""
        vals = {"company_id": self.reader.company, "month": month}
        [run] = self.call("saas.revenue.run", "create", vals_list=[vals])
        self.call("saas.revenue.run", "action_start", ids=[run])
        self._wait(lambda: self._read_state(run) == "done")

    def _read_state(self, run):
        [row] = self.call("saas.revenue.run", "read", ids=[run], fields=["state"])
        return row["state"]

    def _compare_four_ways(self):
        tenants = [*self.reader.read_tenants()]
        self.call("saas.tenant", "action_compare_four_ways", ids=tenants)
        documents = self._count_documents()
        self._wait(lambda: self.reader.count("saas.tie.out") >= documents)

    def _count_documents(self):
        return self.reader.count(
            "account.move",
            ["move_type", "in", ["out_invoice", "out_refund"]],
            ["saas_external_id", "!=", False],
        )

    def _wait(self, is_over):
        give_up = time.monotonic() + _PATIENCE
        while not is_over():
            if time.monotonic() > give_up:
                raise Trouble("A job has not ended in time.")
            time.sleep(_PAUSE)

    # -- the report ---------------------------------------------------------------

    def check(self):
        """Yield rows: what is earned and what is to come, and that all is proved."""
        reader = self.reader
        proofs = reader.search("saas.revenue.proof", fields=["proof_state"])
        proved = sum(row["proof_state"] == "proved" for row in proofs)
        yield Row("deferred revenue proved, each currency", 2, len(proofs))
        yield Row("  to the cent", len(proofs), proved)
        schedules = reader.search(
            "saas.revenue.schedule", fields=["balance", "company_exponent"]
        )
        deferred = sum(
            Decimal(row["balance"]).scaleb(-row["company_exponent"])
            for row in schedules
        )
        falls = reader.search("saas.revenue.waterfall", fields=["amount"])
        rows = sum(Decimal(str(row["amount"])) for row in falls)
        yield Row(
            "waterfall, all that was deferred", f"{deferred:,.2f}", f"{rows:,.2f}"
        )
        yield from self._check_earned()
        documents = self._count_documents()
        yield Row(
            "documents, four amounts each", documents, reader.count("saas.tie.out")
        )
        differs = reader.count("saas.tie.out", ["state", "=", "differs"])
        yield Row("  of which two differ", 0, differs)

    def _check_earned(self):
        """Yield rows: years, by each day that they were held; and the month that is
        locked.
        """
        found = self._sum_years()
        for ref, exact in price_time.earn(CUSTOMERS, _UNTIL).items():
            cents = price_time.round_half_up(exact)
            # Each line is rounded by itself.
            near = abs(found.get(ref, 0) - exact) <= _CENTS
            shown = cents if near else found.get(ref, 0)
            label = f"year of {ref}, earned by the end of October"
            yield Row(label, _write(cents), _write(shown))
        count = self.reader.count
        locked = count("saas.revenue.entry", ["booked_month", "<=", _LOCKED])
        yield Row("booked in August, which was locked", 0, locked)
        late = [["month", "<=", _LOCKED], ["booked_month", "=", "2026-09-01"]]
        earned = count("saas.revenue.entry", late[0])
        yield Row(
            "earned then, booked in September",
            earned,
            count("saas.revenue.entry", *late),
        )

    def _sum_years(self):
        """Return by customer what is income of licences for a year, in cents: what is
        recognised of deferred lines, and lines whose days were over already.
        """
        tenants, found = self.reader.read_tenants(), {}
        lines = {
            row["move_line_id"][0]: (tenants[row["tenant_id"][0]], row["amount"])
            for row in self.reader.search(
                "saas.charge",
                ["component_id.cadence", "=", "yearly"],
                fields=["tenant_id", "amount", "move_line_id"],
            )
        }
        years = {
            row["id"]: row["move_line_id"][0]
            for row in self.reader.search(
                "saas.revenue.schedule", fields=["move_line_id"]
            )
            if row["move_line_id"][0] in lines
        }
        deferred = set(years.values())
        for line, (ref, amount) in lines.items():
            if line not in deferred:
                found[ref] = found.get(ref, 0) + amount
        for row in self.reader.search(
            "saas.revenue.entry", fields=["amount", "schedule_id"]
        ):
            if row["schedule_id"][0] in years:
                ref, _amount = lines[years[row["schedule_id"][0]]]
                found[ref] = found.get(ref, 0) + row["amount"]
        return found

    def check_recurring(self, currency):
        """Yield a row: what recurs a month in a currency."""
        meant = price_time.find_monthly(CUSTOMERS).get(currency, 0)
        moved = self.reader.search(
            "saas.mrr.movement",
            ["currency_id.name", "=", currency],
            fields=["amount"],
        )
        found = sum(Decimal(str(row["amount"])) for row in moved)
        cents = price_time.round_half_up(meant * 100)
        yield Row(
            "monthly recurring revenue (MRR)",
            Decimal(cents).scaleb(-2),
            found.quantize(Decimal("0.01")),
        )


def _write(cents):
    return f"{Decimal(cents).scaleb(-2):,.2f}"
