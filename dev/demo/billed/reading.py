"""What Odoo says of the company, read as the person who answers for the books."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from .plans import BAD_DEBT, DEFERRED, ZONE

_OPEN = ["not_paid", "partial"]


@dataclass(frozen=True)
class OpenDocument:
    """A document that is not settled: ``ref`` is what payments name it by."""

    id: int
    ref: str
    customer: str
    rest: Decimal


@dataclass(frozen=True)
class Charge:
    """A line that was billed: which part of which plan, and the first day of its
    period; ``cents`` are below zero for a credit.
    """

    customer: str
    plan: str
    version: int
    part: str
    first: date
    cents: int
    quantity: Fraction
    is_usage: bool
    is_late: bool
    currency: str

    @property
    def key(self):
        return self.customer, self.plan, self.version, self.part, self.first


@dataclass(frozen=True)
class Item:
    """A journal item: its account's purpose, and the amounts in both currencies."""

    purpose: str
    move: str
    currency: str
    amount: Decimal
    balance: Decimal
    is_tax: bool
    is_taxed: bool


class Reader:
    """Reads through the external API.

    :param desk: a person.
    :param access: what the set-up has left.
    """

    def __init__(self, desk, access):
        self.desk, self.access = desk, access
        self.company = access["company"]

    def search(self, model, *domain, fields):
        """Return rows of the company's records."""
        return self.desk.call(
            model,
            "search_read",
            company=self.company,
            domain=[["company_id", "=", self.company], *domain],
            fields=fields,
            order="id",
        )

    def count(self, model, *domain):
        """Return how many records of the company there are."""
        domain = [["company_id", "=", self.company], *domain]
        return self.desk.call(
            model, "search_count", company=self.company, domain=domain
        )

    # -- tenants and documents ----------------------------------------------------

    def read_tenants(self):
        """Return the customers' references by tenant."""
        rows = self.search("saas.tenant", fields=["ref"])
        return {row["id"]: row["ref"] for row in rows}

    def get_tenant(self, ref):
        """Return the id of a customer's tenant."""
        return {ref: tenant for tenant, ref in self.read_tenants().items()}[ref]

    def list_open(self, kind):
        """Return the documents of a kind that are posted and not settled."""
        tenants = self.read_tenants()
        rows = self.search(
            "account.move",
            ["move_type", "=", kind],
            ["state", "=", "posted"],
            ["payment_state", "in", _OPEN],
            fields=["saas_external_id", "saas_tenant_id", "amount_residual"],
        )
        return [
            OpenDocument(
                row["id"],
                row["saas_external_id"],
                tenants[row["saas_tenant_id"][0]],
                abs(_exact(row["amount_residual"])),
            )
            for row in rows
        ]

    def list_links(self):
        """Return the pages on which customers are to pay, by their references."""
        tenants = self.read_tenants()
        rows = self.search(
            "saas.collection",
            ["state", "=", "needs_customer"],
            fields=["tenant_id", "link_ref"],
        )
        return {tenants[row["tenant_id"][0]]: row["link_ref"] for row in rows}

    def read_allowed(self):
        """Return by customer the flags and the limits of what it may use."""
        tenants = self.read_tenants()
        rows = self.search("saas.entitlement", fields=["tenant_id", "state"])
        return {
            tenants[row["tenant_id"][0]]: (
                row["state"]["flags"],
                row["state"]["limits"],
            )
            for row in rows
        }

    # -- what was billed ----------------------------------------------------------

    def read_charges(self):
        """Return all lines that were billed."""
        tenants, parts = self.read_tenants(), self._read_parts()
        fields = ["tenant_id", "component_id", "period_start", "amount", "quantity"]
        fields += ["is_usage", "is_correction", "currency_id"]
        return [
            Charge(
                tenants[row["tenant_id"][0]],
                *parts[row["component_id"][0]],
                _get_day(row["period_start"]),
                row["amount"],
                Fraction(row["quantity"]),
                row["is_usage"],
                row["is_correction"],
                row["currency_id"][1],
            )
            for row in self.search("saas.charge", fields=fields)
        ]

    def _read_parts(self):
        """Return by component the code of its plan, the version and its own code."""
        plans = {
            row["id"]: row["code"] for row in self.search("saas.plan", fields=["code"])
        }
        versions = {
            row["id"]: (plans[row["plan_id"][0]], row["number"])
            for row in self.search("saas.plan.version", fields=["plan_id", "number"])
        }
        rows = self.search("saas.plan.component", fields=["version_id", "code"])
        return {
            row["id"]: (*versions[row["version_id"][0]], row["code"]) for row in rows
        }

    def read_used(self):
        """Return by meter's code how many records its buckets have counted, and the sum
        of what they say.
        """
        meters = {
            row["id"]: row["code"] for row in self.search("saas.meter", fields=["code"])
        }
        used = {}
        for row in self.search(
            "saas.usage.bucket", fields=["meter_id", "exact_sum", "count"]
        ):
            count, total = used.get(meters[row["meter_id"][0]], (0, Fraction(0)))
            used[meters[row["meter_id"][0]]] = (
                count + row["count"],
                total + Fraction(row["exact_sum"]),
            )
        return used

    # -- the books ----------------------------------------------------------------

    def read_items(self):
        """Return all journal items that are posted."""
        purposes = self._read_purposes()
        fields = ["account_id", "account_type", "currency_id", "amount_currency"]
        fields += ["balance", "tax_line_id", "tax_ids", "move_type"]
        return [
            Item(
                purposes.get(row["account_id"][0], row["account_type"]),
                row["move_type"],
                row["currency_id"][1],
                _exact(row["amount_currency"]),
                _exact(row["balance"]),
                bool(row["tax_line_id"]),
                bool(row["tax_ids"]),
            )
            for row in self.search(
                "account.move.line", ["parent_state", "=", "posted"], fields=fields
            )
        ]

    def _read_purposes(self):
        """Return the purposes of accounts that their types alone do not tell."""
        purposes = {}
        for system in ("stripe", "gocardless"):
            [source] = self._read(
                "saas.source",
                self.access[system]["id"],
                ["clearing_journal_id", "fee_account_id"],
            )
            [journal] = self._read(
                "account.journal",
                source["clearing_journal_id"][0],
                ["default_account_id"],
            )
            purposes[journal["default_account_id"][0]] = f"clearing {system}"
            purposes[source["fee_account_id"][0]] = "fees"
        for code, name in ((DEFERRED, "deferred"), (BAD_DEBT, "bad debts")):
            domain = [["code", "=", code], ["company_ids", "=", self.company]]
            for account in self.desk.call(
                "account.account", "search", company=self.company, domain=domain
            ):
                purposes[account] = name
        [own] = self._read("res.company", self.company, ["transfer_account_id"])
        purposes[own["transfer_account_id"][0]] = "transit"
        return purposes

    def _read(self, model, record, fields):
        return self.desk.call(
            model, "read", company=self.company, ids=[record], fields=fields
        )


def _exact(amount):
    return Decimal(str(amount))


def _get_day(text):
    """Return the day of a moment in UTC where the company is."""
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo(ZONE)).date()
