from odoo import fields, models
from odoo.tools import SQL

from ..canonical.border.ownership import OWNED_AS, OWNED_KINDS
from ..canonical.kinds import Kind
from ..canonical.reference import SEPARATOR
from ..models.source.documents.own import TELLING
from . import domains, parts, words
from .sample import whole_seconds

_OWNERSHIP = "saas_billing_sync.saas_ownership_action_page"


class SaasMetricsFlowsPage(models.AbstractModel):
    """Lays out the page *Flows*: for each kind of fact whose it is, the lane it takes,
    where it goes, how fast, and when it was last heard and last compared.
    """

    _name = "saas.metrics.flows_page"
    _description = "SaaS flows page"

    def _lay_out(self):
        """Return a section for each company that has a source."""
        sources = self.env["saas.source"].search(
            [("company_id", "in", self.env.companies.ids), *TELLING]
        )
        told = {
            "day": self._read_day(),
            "seen": self._read_last_seen(),
            "compared": self._read_compared(sources),
        }
        return [
            self._lay_out_company(company, own, told)
            for company, own in sources.grouped("company_id").items()
        ]

    def _lay_out_company(self, company, sources, told):
        rules = self.env["saas.ownership"]
        ownership = rules._read_rules(company)
        names = dict(rules._fields["kind"]._description_selection(self.env))
        targets = self._get_targets()
        rows = []
        for kind in OWNED_KINDS:
            verdict = ownership.find(0, kind)
            owner = self.env._("Every system owns what it tells")
            if verdict.owners:
                owner = rules._name_owners(verdict)
            ids = sources.ids
            day = [told["day"][s, kind] for s in ids if (s, kind) in told["day"]]
            seen = [told["seen"][s, kind] for s in ids if (s, kind) in told["seen"]]
            slow = max((seconds for seconds, _lanes in day), default=None)
            lanes = {lane for _seconds, lanes in day for lane in lanes}
            rows.append(
                parts.row(
                    [
                        names[kind],
                        owner,
                        self._describe_lanes(lanes),
                        targets[kind],
                        "–" if slow is None else words.duration(self.env, slow),
                        words.moment(self.env, max(seen, default=None)),
                        self._describe_comparison(ids, kind, told["compared"]),
                    ],
                )
            )
        columns = [
            self.env._("Fact"),
            self.env._("Owner"),
            self.env._("Lane"),
            self.env._("Where It Goes"),
        ]
        columns += [
            self.env._("95 % Done Within"),
            self.env._("Last Seen"),
            self.env._("Last Compared"),
        ]
        return parts.section(
            f"company_{company.id}",
            company.name,
            table=parts.table(columns, rows),
            links=[parts.link(self.env._("Whose Each Fact Is"), _OWNERSHIP)],
        )

    def _describe_lanes(self, lanes):
        names = dict(self.env["saas.subscription.event"]._fields["lane"].selection)
        return ", ".join(names[lane] for lane in sorted(lanes, reverse=True)) or "–"

    def _describe_comparison(self, sources, kind, compared):
        """Return when a kind was last compared, and how many objects differed."""
        found = [compared[s, kind] for s in sources if (s, kind) in compared]
        if not found:
            return "–"
        moment, differing = max(found)
        return self.env._(
            "%(moment)s: %(differing)s differ",
            moment=words.moment(self.env, moment),
            differing=differing,
        )

    def _get_targets(self):
        """Return where facts of each kind go, as words."""
        return {
            Kind.CUSTOMER: self.env._("Tenants and contacts"),
            Kind.CONTRACT: self.env._("Contracts"),
            Kind.SUBSCRIPTION: self.env._("Subscriptions"),
            Kind.PRODUCT: self.env._("Products at sources"),
            Kind.MANDATE: self.env._("Mandates"),
            Kind.TAX_CHECK: self.env._("Checks of tax numbers"),
            Kind.USAGE: self.env._("Usage"),
            Kind.INVOICE: self.env._(
                "Customer invoices, posted in the invoice journal"
            ),
            Kind.CREDIT_NOTE: self.env._("Credit notes, posted in the invoice journal"),
            Kind.CREDIT_ADJUSTMENT: self.env._(
                "Entries on the account of customers' credit"
            ),
            Kind.PAYMENT: self.env._(
                "Payments in the clearing journal, on their invoices"
            ),
            Kind.REFUND: self.env._(
                "Refunds in the clearing journal, on their credit notes"
            ),
            Kind.DISPUTE: self.env._("Entries on the account of disputed money"),
            Kind.PAYOUT: self.env._("Transfers from the clearing account to the bank"),
            Kind.MOVEMENT: self.env._("Fees and other entries on the clearing account"),
        }

    def _read_day(self):
        """Return by source and kind within how many seconds 95 of 100 events of the
        last day were done with, and which lanes they took.
        """
        self.env["saas.subscription.event"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT event.source_id, told.kind,
                          percentile_cont(0.95) WITHIN GROUP (
                              ORDER BY extract(
                                  epoch FROM processed_at - received_at)::float),
                          array_agg(DISTINCT coalesce(lane, 'realtime'))
                     FROM saas_subscription_event event CROSS JOIN LATERAL (%(kinds)s)
                          told
                    WHERE event.company_id = ANY(%(companies)s)
                      AND event.processed_at > %(day)s
                 GROUP BY 1, 2""",
                kinds=_KINDS,
                companies=self.env.companies.ids,
                day=fields.Datetime.now() - domains.DAY,
            )
        )
        found = {}
        for source, word, seconds, lanes in rows:
            if (kind := OWNED_AS.get(word)) is not None:
                slow, before = found.get((source, kind), (0, ()))
                both = (max(slow, whole_seconds(seconds)), {*before, *lanes})
                found[source, kind] = both
        return found

    def _read_last_seen(self):
        """Return by source and kind when it was last told of. An index leads from one
        type of events to the next, and to the newest of each: so many look-ups as there
        are types, however many events.
        """
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE type AS (
                       (SELECT event_type, source_id FROM saas_subscription_event
                        ORDER BY event_type, source_id LIMIT 1)
                        UNION ALL
                       SELECT next.event_type, next.source_id
                         FROM type CROSS JOIN LATERAL (
                              SELECT event_type, source_id
                                FROM saas_subscription_event
                               WHERE (event_type, source_id)
                                     > (type.event_type, type.source_id)
                            ORDER BY event_type, source_id LIMIT 1) next
                   )
                   SELECT type.source_id, told.kind, max(event.received_at)
                     FROM type
                     JOIN saas_source source ON source.id = type.source_id
                    CROSS JOIN LATERAL (
                          SELECT received_at, object_refs FROM saas_subscription_event
                           WHERE event_type = type.event_type
                             AND source_id = type.source_id
                        ORDER BY id DESC LIMIT 3) event
                    CROSS JOIN LATERAL (%(kinds)s) told
                    WHERE source.company_id = ANY(%(companies)s)
                 GROUP BY 1, 2""",
                kinds=_KINDS,
                companies=self.env.companies.ids,
            )
        )
        found = {}
        for source, word, moment in rows:
            if (kind := OWNED_AS.get(word)) is not None:
                found[source, kind] = max(moment, found.get((source, kind), moment))
        return found

    def _read_compared(self, sources):
        """Return by source and kind when a comparison of it last ended, and how many
        objects differed.
        """
        self.env["saas.reconciliation.line"].flush_model()
        self.env["saas.reconciliation"].flush_model(["state", "ended_at"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (run.source_id, line.kind)
                          run.source_id, line.kind, run.ended_at,
                          coalesce(line.different, 0) + coalesce(line.only_there, 0)
                          + coalesce(line.only_here, 0)
                     FROM saas_reconciliation run
                     JOIN saas_reconciliation_line line
                       ON line.reconciliation_id = run.id
                    WHERE run.state = 'done' AND run.source_id = ANY(%s)
                      AND run.ended_at IS NOT NULL
                 ORDER BY run.source_id, line.kind, run.id DESC""",
                sources.ids,
            )
        )
        return {
            (source, OWNED_AS[word]): (moment, differing)
            for source, word, moment, differing in rows
            if word in OWNED_AS
        }


#: The kinds of objects that an event tells of, each once.
_KINDS = SQL(
    """SELECT DISTINCT split_part(ref, %s, 1) AS kind
         FROM jsonb_array_elements_text(
              CASE WHEN jsonb_typeof(event.object_refs) = 'array'
              THEN event.object_refs ELSE '[]' END) ref""",
    SEPARATOR,
)
