from odoo import models

from ..canonical.display import metrics
from ..canonical.review.duties import FourEyes
from ..models.roles import roles_of
from . import domains, parts, words

_EXCEPTIONS = "saas_billing_sync.saas_subscription_event_action_exception"
_DIFFERENCES = "saas_billing_sync.saas_difference_action"
_PROPOSALS = "saas_billing_sync.saas_tenant_proposal_action"
_SOURCES = "saas_billing_sync.saas_source_action"
_DISPUTES = "saas_billing_sync.saas_dispute_action"
_APPROVALS = "saas_billing_sync.saas_approval_action"
#: A dispute in one of these states is lost unless somebody answers the bank.
_ANSWER = ["warning_needs_response", "needs_response", "appeal_needs_response"]


class SaasMetricsHomePage(models.AbstractModel):
    """Lays out the page *Home*: what waits for the user, by what they may do."""

    _name = "saas.metrics.home_page"
    _description = "SaaS home page"

    def _lay_out(self):
        """Return the page's sections."""
        roles = roles_of(self.env.user)
        sections = [self._lay_out_mine()]
        if "reviewer" in roles:
            sections += self._lay_out_finance()
        if "operator" in roles:
            sections += self._lay_out_operations(is_manager="manager" in roles)
        sections += self._lay_out_duties(roles)
        return [*sections, self._lay_out_links(roles)]

    def _lay_out_duties(self, roles):
        """What should stay in sight: who decides alone, and who prepares and signs at
        once. Nothing where there is no such company or person.
        """
        if roles <= {"operator", "privacy"}:
            return []
        companies = self.env.companies.sudo()
        off = companies.filtered(lambda one: one.saas_four_eyes == FourEyes.OFF)
        pairs = self.env["res.users"].sudo()._search_saas_pairs(companies)
        users = self.env["res.users"].sudo().union(*pairs)
        tiles = []
        for name, label, found in (
            ("four_eyes_off", self.env._("Companies Without Four Eyes"), off),
            ("two_duties", self.env._("People Who Prepare and Sign"), users),
        ):
            if found:
                note = ", ".join(found.mapped("name"))
                count = len(found)
                tiles.append(parts.tile(name, label, count, tone="warning", note=note))
        title = self.env._("Segregation of Duties")
        return [parts.section("duties", title, tiles)] if tiles else []

    def _lay_out_links(self, roles):
        """Where to go from here, by what the user may see."""
        pages = [
            (self.env._("Operations"), "saas_operations_action", "operator"),
            (self.env._("Finance"), "saas_finance_action", "reviewer"),
            (self.env._("Flows"), "saas_flows_action", None),
            (
                self.env._("Exceptions"),
                "saas_subscription_event_action_exception",
                None,
            ),
            (self.env._("Payouts"), "saas_payout_action", "reviewer"),
            (
                self.env._("Clearing Balance"),
                "saas_clearing_balance_action",
                "reviewer",
            ),
            (self.env._("Differences"), "saas_difference_action", None),
            (self.env._("Sources"), "saas_source_action", None),
        ]
        links = [
            parts.link(label, f"saas_billing_sync.{action}")
            for label, action, role in pages
            if role is None or role in roles
        ]
        return parts.section("links", self.env._("Go To"), links=links)

    def _lay_out_mine(self):
        """What the user can resolve, by why it waits."""
        terms = [("waits_for_me", "=", True)]
        event = self.env["saas.subscription.event"]
        rows = event._read_group(
            [*terms, ("company_id", "in", self.env.companies.ids)],
            ["reason"],
            ["__count", "received_at:min"],
            order="__count DESC, reason",
        )
        names = dict(event._fields["reason"]._description_selection(self.env))
        total = sum(count for _reason, count, _oldest in rows)
        label = self.env._("Events Wait for You")
        tone = "warning" if total else "success"
        opens = parts.opening(label, terms, _EXCEPTIONS)
        text = words.number(self.env, total)
        tiles = [parts.tile("waits_for_me", label, total, text, opens, tone)]
        tiles += [self._count_alerts(), *self._count_activities()]
        table = parts.table(
            [self.env._("Why"), self.env._("Events"), self.env._("Since")],
            [
                parts.row(
                    [
                        names.get(reason, "–"),
                        words.number(self.env, count),
                        words.moment(self.env, oldest),
                    ],
                    parts.opening(
                        names.get(reason, label),
                        [*terms, ("reason", "=", reason)],
                        _EXCEPTIONS,
                    ),
                )
                for reason, count, oldest in rows
            ],
            self.env._("Nothing waits for you."),
        )
        return parts.section("mine", self.env._("What Waits for Me"), tiles, table)

    def _count_alerts(self):
        """What goes wrong at the sources of the user's companies."""
        alerts = self.env["saas.metrics.alerts"]
        return alerts._lay_out(alerts._read())

    def _count_activities(self):
        """What the user was asked to look into, by the record it is about."""
        mine = ("user_id", "=", self.env.uid)
        tiles = [
            self._count(
                "my_approvals",
                self.env._("Decisions to Sign"),
                "saas.approval",
                [("waits_for_me", "=", True)],
                _APPROVALS,
            ),
            self._count(
                "my_differences",
                self.env._("Differences Are Yours"),
                "saas.difference",
                [("state", "=", "open"), mine],
                _DIFFERENCES,
            ),
            self._count(
                "my_disputes",
                self.env._("Disputes Are Yours"),
                "saas.dispute",
                [("state", "in", _ANSWER), mine],
                _DISPUTES,
            ),
        ]
        return [tile for tile in tiles if tile["value"] != "0"]

    def _lay_out_finance(self):
        """Money that is not where it belongs, and what finance has to decide."""
        tiles = [
            *self.env["saas.metrics.stakes"]._lay_out(),
            *self._lay_out_money(),
            self._count(
                "differences",
                self.env._("Open Differences"),
                "saas.difference",
                [("state", "=", "open")],
                _DIFFERENCES,
            ),
            self._count(
                "disputes",
                self.env._("Disputes to Answer"),
                "saas.dispute",
                [("state", "in", _ANSWER)],
                _DISPUTES,
            ),
            self._count(
                "proposals",
                self.env._("Similar Customers"),
                "saas.tenant.proposal",
                [("state", "=", "open")],
                _PROPOSALS,
            ),
        ]
        return [parts.section("finance", self.env._("Money and Decisions"), tiles)]

    def _lay_out_money(self):
        """The tiles of the page *Finance* that are amounts of money."""
        page = self.env["saas.metrics.money_tiles"]
        samples = {metric: [] for metric in metrics.METRICS}
        for reader in ("receivables", "payouts"):
            for sample in self.env[f"saas.metrics.{reader}"]._read():
                samples[sample.metric].append(sample)
        return page._lay_out(samples, page._get_currencies(samples))

    def _lay_out_operations(self, is_manager):
        """What an operator has to look after."""
        tiles = [
            self._count(
                "waiting", self.env._("To Be Processed"), None, domains.WAITING, tone=""
            ),
            self._count("dead", self.env._("Given Up"), None, [("state", "=", "dead")]),
            self._count_stalled(),
            self._count_failed_jobs(),
        ]
        if is_manager:
            terms = [("state", "=", "paused")]
            label = self.env._("Sources Are Paused")
            tiles.append(self._count("paused", label, "saas.source", terms, _SOURCES))
        return [parts.section("operations", self.env._("The Integration"), tiles)]

    def _count_stalled(self):
        stalled = self.env["saas.metrics.streams"]._get_by_state()["standing_still"]
        label = self.env._("Streams Stand Still")
        opens = parts.opening(label, [("id", "in", stalled.source_id.ids)], _SOURCES)
        tone = "warning" if stalled else ""
        return parts.tile("stalled", label, len(stalled), opens=opens, tone=tone)

    def _count_failed_jobs(self):
        jobs = self.env["queue.job"].sudo()
        terms = [*domains.JOBS, ("state", "=", "failed")]
        count = jobs.search_count(terms)
        tone = "danger" if count else ""
        label = self.env._("Jobs Failed")
        opens = None
        if self.env["queue.job"].has_access("read"):
            opens = parts.opening(label, terms, "queue_job.action_queue_job")
        return parts.tile("failed_jobs", label, count, opens=opens, tone=tone)

    def _count(self, name, label, model, terms, action=None, tone="warning"):
        """Return a tile of how many records there are; of events without a model."""
        model = self.env[model or "saas.subscription.event"]
        own = [("company_id", "in", self.env.companies.ids)]
        count = model.search_count([*terms, *own])
        opens = parts.opening(label, terms, *filter(None, [action]))
        text = words.number(self.env, count)
        return parts.tile(name, label, count, text, opens, tone if count else "")
