"""On a phone nothing is wider than the screen, and the console stays quiet."""

from odoo.tests import tagged

from ..clearing.test_clearing import load_story
from ..support import copies, stripe_fixtures
from ..support.session import BrowserMixin, create_person
from ..support.webhook import SaasHttpCommon
from .hub_records import prepare_plans

_LISTS = (
    "saas-events",
    "saas-exceptions",
    "saas-waiting-events",
    "saas-sources",
    "saas-payouts",
    "saas-collections",
    "saas-overdue",
    "saas-calls",
    "saas-dunning-policies",
    "saas-dunning-runs",
    "saas-dunning-steps",
    "saas-ageing?view_type=list",
    "saas-balance-transactions",
    "saas-clearing-balance",
    "saas-disputes",
    "saas-risks",
    "saas-reconciliations",
    "saas-differences",
    "saas-tie-out",
    "saas-plans",
    "saas-plan-versions",
    "saas-own-prices",
    "saas-renewals",
    "saas-subscription-changes",
    "saas-contracts",
    "saas-decisions",
    "saas-discounts",
    "saas-entitlements",
    "saas-products",
    "saas-readings",
    "saas-tax-rates",
    "saas-mrr",
    "saas-mrr-cohorts",
    "saas-renewal-rate",
    "saas-mrr-movements",
    "saas-mrr-counts",
    "saas-tenants",
    "saas-similar-customers",
    "saas-sync-log",
    "saas-bulk-operations",
    "saas-alerts",
    "saas-alert-rules",
    "saas-approval-policies",
    "saas-outgoing",
    "saas-outgoing-targets",
    "saas-usage",
    "saas-usage-days",
    "saas-meters",
    "saas-revenue-runs",
    "saas-revenue-schedules",
    "saas-revenue-entries",
    "saas-revenue-months",
    "saas-revenue-accounts",
    "saas-revenue-proof",
    "saas-costs",
    "saas-cost-runs",
    "saas-profitability",
    "saas-revenue-waterfall",
)
#: Lists inside a form may be moved sideways by themselves; the screen may not.
_CHECK = """
const views = ".o_kanban_view, .o_form_view, .o_list_view";
const movable =
    ".o_list_renderer, .o_statusbar_status, .o_control_panel, " +
    ".o_notebook_headers, .ace_editor, .o_kanban_renderer, .o-mail-Chatter-topbar";
const wide = [...document.querySelectorAll(".o_action_manager *")].filter(
    (node) =>
        node.getBoundingClientRect().right > window.innerWidth + 1 &&
        !node.closest(movable)
);
const isList = document.querySelector(".o_list_view, .o_list_renderer");
if (!document.querySelector(views)) {
    console.error("no view");
} else if (isList && !document.querySelector(".o_form_view")) {
    console.error("a list instead of cards");
} else if (wide.length) {
    const shown = wide.slice(0, 3).map((node) => node.outerHTML.slice(0, 300));
    console.error("too wide: " + shown.join("\\n"));
} else {
    console.log("test successful");
}
"""
_READY = "!!document.querySelector('.o_kanban_view, .o_form_view, .o_list_view')"


@tagged("post_install", "-at_install")
class TestPhone(BrowserMixin, SaasHttpCommon):
    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = create_person(
            cls, "phone_person", "manager", "reviewer", "account.group_account_manager"
        )

    def _open(self, path):
        self.browser_js(f"/odoo/{path}", _CHECK, _READY, login=self.person.login)

    def test_screens(self):
        target = self.env["saas.outbound.target"].create(
            {"name": "CRM", "company_id": self.company.id}
        )
        self.deliver(*load_story("basil"))
        self.source.default_product_id = False
        waits = self.deliver(stripe_fixtures.load("basil", "invoice.finalized-mixed"))
        self.assertState(waits, "quarantined", "unmapped_product")
        told = target.env["saas.outbound.message"].search([], limit=1)
        payout = self.env["saas.payout"].search([], limit=1)
        dispute = self.env["saas.dispute"].search([], limit=1)
        for path in _LISTS:
            with self.subTest(path):
                self._open(path)
        operation = self.env["saas.operation"].create(
            {
                "company_id": self.company.id,
                "kind": "retry",
                "reason": "The product is mapped now, and the tax rate as well.",
                "state": "running",
                "total_count": 1204,
                "done_count": 400,
                "last_error": "The process that did this was ended.",
                "effect": "Events: 1,204. Sources: 2. Causes: 9. Known tenants: 3.",
            }
        )
        for path in (
            f"saas-bulk-operations/{operation.id}",
            f"saas-alerts/{self._raise_alert().id}",
            f"saas-events/{waits.id}",
            f"saas-exceptions/{waits.case_link_ids.case_id[:1].id}",
            f"saas-sources/{self.source.id}",
            f"saas-payouts/{payout.id}",
            f"saas-disputes/{dispute.id}",
            *self._add_risk(),
            f"m-saas.preview.show/{self._look_ahead(waits)}",
            f"saas-outgoing/{told.id}",
            f"saas-outgoing-targets/{told.target_id.id}",
            f"saas-collections/{self._add_collection().id}",
            *self._add_plan(),
        ):
            with self.subTest(path):
                self._open(path)

    def _add_risk(self):
        """Return the pages of a risk, of its case and of its tenant."""
        self.deliver(stripe_fixtures.load("basil", "radar.early_fraud_warning.created"))
        risk = self.env["saas.risk"].search([("state", "=", "open")], limit=1)
        yield f"saas-risks/{risk.id}"
        yield f"saas-exceptions/{risk.case_ids[:1].id}"
        yield f"saas-tenants/{risk.tenant_id.id}"

    def _add_collection(self):
        """Return the collection of an invoice that waits for its customer."""
        move = self.env["account.move"].search(
            [("saas_tenant_id", "!=", False), ("move_type", "=", "out_invoice")],
            limit=1,
        )
        return self.env["saas.collection"].create(
            {
                "move_id": move.id,
                "source_id": self.source.id,
                "tenant_id": move.saas_tenant_id.id,
                "currency_id": move.currency_id.id,
                "number": 1,
                "key": "saas-" + "0123456789" * 4,
                "amount": 11900,
                "exponent": 2,
                "state": "needs_customer",
                "reason": "authentication",
                "detail": "Your card was declined. This transaction requires "
                "authentication.",
                "link": "https://checkout.example/c/pay/" + "cs_test_a1b2c3d4" * 12,
                "link_ref": "cs_test_a1b2c3d4",
                "link_until": "2027-01-01",
            }
        )

    def _add_plan(self):
        """Return the paths of a plan, of its version and of a tenant's own price."""
        values = {
            "res.company": self.company,
            "saas.tenant": self.env["saas.tenant"].search([], limit=1),
        }
        for model, vals in prepare_plans(values, "team-with-a-rather-long-name"):
            values[model] = self.env[model].create(vals)
        return (
            f"saas-plans/{values['saas.plan'].id}",
            f"saas-plan-versions/{values['saas.plan.version'].id}",
            f"saas-own-prices/{values['saas.price'].id}",
        )

    def _raise_alert(self):
        rule = self.env["saas.alert.rule"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "source_drifts")]
        )
        return self.env["saas.alert"].create(
            {
                "rule_id": rule.id,
                "source_id": self.source.id,
                "value": 2,
                "about": "2026-10-29.clover, billing_portal.session.created",
            }
        )

    def _look_ahead(self, event):
        """Return the id of a preview that books something, of the person's own."""
        self.source.default_product_id = self.product_a
        copies.map_taxes(self.source, [1])
        new = copies.mark(stripe_fixtures.load("basil", "invoice.finalized"), 1)
        event |= self.store(new)
        # A preview has a cursor of its own.
        self.env.flush_all()
        wizards = self.env["saas.preview.show"].with_user(self.person)
        wizard = wizards.browse(wizards.action_open(event.ids)["res_id"])
        self.assertIn("Account Receivable", wizard.preview)
        return wizard.id
