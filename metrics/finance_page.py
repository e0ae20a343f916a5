from collections import Counter, defaultdict

from odoo import fields, models

from ..canonical.display import metrics
from ..canonical.display.metric import Board
from . import domains, parts, words
from .sample import add_up, share

_ITEMS = "account.action_account_moves_all_a"
_DIFFERENCES = "saas_billing_sync.saas_difference_action"


class SaasMetricsFinancePage(models.AbstractModel):
    """Lays out the page *Finance*: what recurs, is deferred, late, open, and why."""

    _name = "saas.metrics.finance_page"
    _description = "SaaS finance page"

    def _lay_out(self):
        """Return the page's sections."""
        samples = defaultdict(list)
        for sample in self.env["saas.metrics.figures"]._read(Board.FINANCE):
            samples[sample.metric].append(sample)
        currencies = self.env["saas.metrics.money_tiles"]._get_currencies(samples)
        tiles = self._lay_out_tiles(samples, currencies)
        return [
            parts.section("now", self.env._("Now"), tiles),
            self.env["saas.metrics.recurring"]._lay_out(),
            self.env["saas.metrics.earned"]._lay_out(),
            self._lay_out_ageing(samples, currencies),
            self._lay_out_lag(samples),
            self._lay_out_reasons(samples),
            self._lay_out_tenants(),
            self._lay_out_months(samples),
        ]

    def _lay_out_tiles(self, samples, currencies):
        tiles = self.env["saas.metrics.money_tiles"]._lay_out(samples, currencies)
        ratio = self._get_share_without_person(samples)
        if ratio is not None:
            text = words.percent(self.env, ratio)
            label = self.env._("Booked Without a Person")
            tiles.append(parts.tile("without_person", label, ratio, text))
        return tiles

    def _get_share_without_person(self, samples):
        """Return the share of what all sources posted that was booked without a person,
        each source's by how much it posted; None where nothing was posted.
        """
        posted = Counter()
        for sample in samples[metrics.POSTED]:
            posted[sample.source_id] += sample.value
        untouched = sum(
            sample.value * posted[sample.source_id]
            for sample in samples[metrics.WITHOUT_PERSON]
        )
        return share(untouched, posted.total()) if posted else None

    def _lay_out_ageing(self, samples, currencies):
        names = {
            "not_due": self.env._("Not due"),
            "1-30": self.env._("1 to 30 days"),
            "31-60": self.env._("31 to 60 days"),
            "61-90": self.env._("61 to 90 days"),
            "over_90": self.env._("Over 90 days"),
        }
        counts = add_up(samples[metrics.RECEIVABLES], "currency", "age")
        amounts = add_up(samples[metrics.RECEIVABLES_AMOUNT], "currency", "age")
        today = fields.Date.context_today(self)
        rows = [
            parts.row(
                [
                    names[age],
                    words.number(self.env, counts[code, age]),
                    words.amount(self.env, amounts[code, age], currencies[code]),
                ],
                parts.opening(
                    names[age],
                    [
                        *_as_text(domains.by_age(age, today)),
                        ("company_currency_id.name", "=", code),
                    ],
                    _ITEMS,
                ),
                "" if age == "not_due" else "warning",
            )
            for code in dict.fromkeys(code for code, _age in counts)
            for age in names
            if (code, age) in counts
        ]
        codes = dict.fromkeys(code for code, _age in amounts)
        series = [(code, [amounts.get((code, a), 0) for a in names]) for code in codes]
        picture = parts.chart(list(names.values()), series) if series else None
        columns = [self.env._("Due For"), self.env._("Receivables"), self.env._("Open")]
        return parts.section(
            "ageing",
            self.env._("Open Receivables of Invoices"),
            table=parts.table(columns, rows, self.env._("No invoice is open.")),
            chart=picture,
        )

    def _lay_out_lag(self, samples):
        names = {
            "invoice": self.env._("Invoices"),
            "credit_note": self.env._("Credit notes"),
            "payment": self.env._("Payments"),
            "refund": self.env._("Refunds"),
            "payout": self.env._("Payouts"),
        }
        sources = self.env["saas.source"].browse(
            {sample.source_id for sample in samples[metrics.POSTED]}
        )
        by_id = {source.id: source.name for source in sources}
        times = {
            (s.source_id, s.get("kind"), s.get("quantile")): s.value
            for s in samples[metrics.POSTING_LAG]
        }
        rows = []
        for sample in samples[metrics.POSTED]:
            place = (sample.source_id, sample.get("kind"))
            told = [
                words.duration(self.env, times[(*place, quantile)])
                for quantile in ("0.5", "0.95")
            ]
            cells = [by_id[place[0]], names[place[1]], sample.value, *told]
            rows.append(parts.row(cells))
        columns = [
            self.env._("Source"),
            self.env._("What"),
            self.env._("Posted"),
            self.env._("Median"),
            self.env._("95 %"),
        ]
        return parts.section(
            "lag",
            self.env._("From the Source to the Books, in a Week"),
            table=parts.table(
                columns, rows, self.env._("Nothing was posted in the last week.")
            ),
        )

    def _lay_out_reasons(self, samples):
        field = self.env["saas.subscription.event"]._fields["reason"]
        names = dict(field._description_selection(self.env))
        sources = self.env["saas.source"].browse(
            {sample.source_id for sample in samples[metrics.EXCEPTIONS]}
        )
        by_id = {source.id: source.name for source in sources}
        recent = self.env["saas.metrics.exceptions"]._get_recent()
        rows = [
            parts.row(
                [
                    by_id[sample.source_id],
                    names.get(sample.get("reason"), "–"),
                    words.percent(self.env, sample.value),
                ],
                parts.opening(
                    names.get(sample.get("reason"), "–"),
                    [
                        *domains.FAILING,
                        *recent,
                        ("source_id", "=", sample.source_id),
                        ("reason", "=", sample.get("reason") or False),
                    ],
                ),
            )
            for sample in sorted(samples[metrics.EXCEPTIONS], key=lambda s: -s.value)
        ]
        columns = [
            self.env._("Source"),
            self.env._("Why"),
            self.env._("Of the Week's Events"),
        ]
        empty = self.env._("No event of the last week waits for a person.")
        return parts.section(
            "exceptions",
            self.env._("What Waits for a Person, of a Week"),
            table=parts.table(columns, rows, empty),
        )

    def _lay_out_tenants(self):
        reader = self.env["saas.metrics.exceptions"]
        rows = [
            parts.row(
                [
                    tenant.name or self.env._("No tenant is known"),
                    words.number(self.env, count),
                    words.percent(self.env, share(count, total)),
                ],
                parts.opening(
                    tenant.name or self.env._("No tenant is known"),
                    [
                        *domains.FAILING,
                        *reader._get_recent(),
                        ("tenant_id", "=", tenant.id),
                    ],
                ),
            )
            for tenant, count, total in reader._read_by_tenant()
        ]
        columns = [
            self.env._("Tenant"),
            self.env._("Events"),
            self.env._("Of Its Events"),
        ]
        empty = self.env._("No event of the last week waits for a person.")
        return parts.section(
            "tenants",
            self.env._("Tenants With Most That Waits"),
            table=parts.table(columns, rows, empty),
        )

    def _lay_out_months(self, samples):
        open_proofs = add_up(samples[metrics.OPEN_PROOFS], "month", "proof")
        after = defaultdict(list)
        for sample in samples[metrics.PROVED_AFTER]:
            after[sample.get("month")].append(sample.value)
        rows = []
        for month in dict.fromkeys(month for month, _proof in open_proofs):
            counts = [
                open_proofs[month, proof]
                for proof in ("payouts", "differences", "days", "events")
            ]
            proved = "–"
            if not any(counts):
                proved = self.env._("%s days after its end", max(after[month]))
            opens = parts.opening(
                self.env._("Differences of %s", month),
                [("state", "=", "open"), ("object_date", ">=", f"{month}-01")],
                _DIFFERENCES,
            )
            tone = "warning" if any(counts) else "success"
            rows.append(parts.row([month, *counts, proved], opens, tone))
        columns = [
            self.env._("Month"),
            self.env._("Payouts Not Proved"),
            self.env._("Open Differences"),
        ]
        columns += [
            self.env._("Days Not Compared"),
            self.env._("Events That Wait"),
            self.env._("Proved"),
        ]
        return parts.section(
            "months",
            self.env._("Months, and When All Proofs Were Zero"),
            table=parts.table(columns, rows, self.env._("There is no source yet.")),
        )


def _as_text(terms):
    """Return terms with days as texts, as JSON takes them."""
    return [
        (name, operator, str(value) if name == "date_maturity" else value)
        for name, operator, value in terms
    ]
