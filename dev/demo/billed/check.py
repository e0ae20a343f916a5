"""Holds what Odoo says against what the story came to: rows of the report."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from ..api import EVENT
from ..books.check import Row
from . import price_time, telling, usage
from .customers import CUSTOMERS, RUNS
from .plans import METERS

_ZERO = Decimal(0)
_DOCUMENTS = ("out_invoice", "out_refund")
_WAITING = ["parked", "quarantined", "dead", "received"]


class Check:
    """Everything that is read once, and the rows that it makes.

    :param billed: the :class:`~.act.Billed` that was played.
    """

    currencies = ("EUR", "USD")

    def __init__(self, billed):
        self.reader, self.gateways = billed.reader, billed.gateways
        self.records, self.closing = billed.records, billed.closing
        self.counted = usage.list_counted(billed.records)
        self.costs = price_time.count(CUSTOMERS, self.counted, RUNS[-1])
        self.charges = self.reader.read_charges()
        self.items = self.reader.read_items()

    # -- usage --------------------------------------------------------------------

    def check_usage(self):
        """Yield rows: what was told, what was counted, and what was billed of it."""
        reader, model = self.reader, "saas.usage.record"
        yield Row("records, each kept once", len(self.records), reader.count(model))
        late = self._list_late()
        for state, label, meant in (
            ("counted", "of them counted", len(self.counted)),
            ("superseded", "replaced by a correction", 1),
            ("parked", "that wait for anything", 0),
        ):
            found = reader.count(model, ["state", "=", state])
            yield Row(f"  {label}", meant, found)
        used = reader.read_used()
        for code, name, _how in METERS:
            own = [r for r in self.counted if r.meter == code]
            meant = len(own), sum(Fraction(r.quantity) for r in own)
            yield Row(f"{name}, in all", _write(meant[1]), _write(used[code][1]))
        meant = sum(cost.used for cost in self.costs.values())
        found = sum(c.quantity for c in self.charges if c.is_usage)
        yield Row("  what of both was billed", _write(meant), _write(found))
        corrected = {c.key for c in self.charges if c.is_usage and c.is_late}
        yield Row("periods billed once more, for it came late", late, len(corrected))

    def _list_late(self):
        """Return of how many periods something was told after they were billed."""
        before, changed = {}, set()
        for run, told in zip(
            RUNS,
            telling.split([(r.told_at, r) for r in self.records]),
            strict=True,
        ):
            known = [*before.get("known", ()), *told]
            costs = price_time.count(CUSTOMERS, usage.list_counted(known), run)
            now = {key: c.used for key, c in costs.items() if c.is_usage}
            for key, was in before.get("used", {}).items():
                if now[key] != was:
                    changed.add(key)
            before = {"known": known, "used": now}
        return len(changed)

    # -- price × time ---------------------------------------------------------------

    def check_customers(self, currency):
        """Yield rows: what each customer should be charged, and was."""
        meant, found = defaultdict(int), defaultdict(int)
        for key, cost in self.costs.items():
            meant[key[0]] += cost.cents
        for charge in self.charges:
            found[charge.customer] += charge.cents
        for customer in CUSTOMERS:
            if customer.currency == currency:
                cents = meant[customer.ref], found[customer.ref]
                yield Row(f"{customer.ref} {customer.name}", *map(_major, cents))

    def check_periods(self):
        """Yield rows: each period of each part, to the cent and in fractions."""
        found = defaultdict(int)
        for charge in self.charges:
            found[charge.key] += charge.cents
        meant = {key: cost.cents for key, cost in self.costs.items()}
        right = sum(found.get(key) == cents for key, cents in meant.items())
        yield Row("periods, each to the cent", len(meant), right)
        stray = sum(bool(found[key]) for key in found.keys() - meant.keys())
        yield Row("charged beside them", 0, stray)
        far = sum(
            abs(found.get(key, 0) - cost.exact) > cost.cuts
            for key, cost in self.costs.items()
        )
        yield Row("further off than a cent for each change", 0, far)

    # -- the books ------------------------------------------------------------------

    def check_books(self, currency):
        """Yield rows about one currency: documents, money, and what is left."""
        net = sum(_major(c.cents) for c in self.charges if c.currency == currency)
        billed = _ZERO - self._sum("amount", currency, "income")
        billed -= self._sum("amount", currency, "deferred")
        # A zero has no sign.
        tax = _ZERO - self._sum("amount", currency, is_tax=True)
        yield Row("invoices less credit notes", net, billed)
        yield Row("taxes, 21 % or none", self._count_tax(currency), tax)
        money = self._sum_money(currency)
        collected = sum(each.collected for each in money.values())
        back = sum(each.given_back for each in money.values())
        lost = self._sum("amount", currency, "bad debts")
        paid = -self._sum("amount", currency, "asset_receivable", without=_DOCUMENTS)
        paid -= lost
        yield Row("collected, less refunds", collected - back, paid)
        yield Row("written off", self.closing.written_off.get(currency, _ZERO), lost)
        left = self._sum("amount", currency, "asset_receivable")
        yield Row("receivable: what is left", net + tax - paid - lost, left)
        for system, each in money.items():
            held = self._sum("amount", currency, f"clearing {system}")
            yield Row(f"held at {self.gateways[system].name}", each.held, held)
        sent = sum(each.paid_out for each in money.values())
        yield Row("sent to the bank", sent, self._sum("amount", currency, "transit"))
        fees = sum(each.fees for each in money.values())
        yield Row("fees", fees, self._sum("amount", currency, "fees"))

    def check_rest(self):
        """Yield rows: what is open, proved, and that nothing waits."""
        reader = self.reader
        yield Row(
            "owed in euros, but for debits on their way",
            "0.00",
            f"{self._sum('balance', None, 'asset_receivable') - self._sum_open():.2f}",
        )
        payouts = sum(gateway.count_payouts() for gateway in self.gateways.values())
        proved = reader.count("saas.payout", ["proof_state", "=", "proved"])
        yield Row("payouts, each proved to the cent", payouts, proved)
        runs = reader.count("saas.billing.run", ["state", "=", "done"])
        yield Row("billing runs, begun by a person", len(RUNS), runs)
        failed = reader.count("saas.billing.item", ["state", "=", "failed"])
        yield Row("tenants that could not be billed", 0, failed)
        allowed, given = reader.read_allowed(), price_time.list_given(CUSTOMERS)
        same = sum(allowed.get(ref) == each for ref, each in given.items())
        yield Row("customers that may use what their plan gives", len(given), same)
        waiting = reader.count(EVENT, ["state", "in", _WAITING])
        yield Row("events that wait for anything", 0, waiting)

    def _sum_open(self):
        rows = self.reader.search(
            "account.move",
            ["move_type", "in", list(_DOCUMENTS)],
            ["state", "=", "posted"],
            ["invoice_date", "=", str(RUNS[-1].date())],
            fields=["amount_residual_signed"],
        )
        return sum(Decimal(str(row["amount_residual_signed"])) for row in rows)

    def _count_tax(self, currency):
        """Return the tax of each line of a document, rounded by itself."""
        if currency == "USD":
            return _ZERO
        rate = Fraction(21, 100)
        cents = sum(
            _round(Fraction(-item.amount) * 100 * rate)
            for item in self.items
            if item.currency == currency and item.is_taxed
        )
        return _major(cents)

    def _sum_money(self, currency):
        sums = {name: g.sum_up() for name, g in self.gateways.items()}
        return {
            name: money[currency] for name, money in sums.items() if currency in money
        }

    def _sum(self, name, currency, purpose=None, is_tax=None, without=()):
        """Return the sum of journal items, for what they are."""
        return sum(
            (
                getattr(item, name)
                for item in self.items
                if currency in (None, item.currency)
                and purpose in (None, item.purpose)
                and is_tax in (None, item.is_tax)
                and item.move not in without
            ),
            _ZERO,
        )


def _major(cents):
    return Decimal(cents).scaleb(-2)


def _round(amount):
    return price_time.round_half_up(Fraction(amount))


def _write(quantity):
    """Return a quantity as people write it."""
    return f"{Decimal(quantity.numerator) / Decimal(quantity.denominator):,f}"
