from odoo.tests import HttpCase, tagged

from ..support.reconciling import PERIOD, ReconcileCommon
from ..support.session import BrowserMixin, create_person


@tagged("post_install", "-at_install")
class TestReconcileBrowser(BrowserMixin, ReconcileCommon, HttpCase):
    """What a person does about a reconciliation, in a real browser."""

    def test_reconcile(self):
        """Starts one, sees it run, imports what is missing, and looks at the charts."""
        person = create_person(self, "reconcile_person", "reviewer")
        self.tell()
        self.start_tour("/odoo", "saas_reconcile_start", login=person.login)
        run = self.env["saas.reconciliation"].search([("user_id", "=", person.id)])
        self.assertEqual((run.state, len(run.line_ids)), ("running", 7))
        run.write({"date_from": PERIOD[0], "date_to": PERIOD[1]})
        self.run_jobs()
        self.assertEqual((run.state, run.open_count), ("done", 7))
        self.start_tour(
            f"/odoo/saas-reconciliations/{run.id}",
            "saas_reconcile_settle",
            login=person.login,
        )
        self.run_jobs()
        self.assertFalse(self.find(("kind", "=", "invoice"), ("field", "=", "object")))
        self.reconcile("invoice")
        self.start_tour(
            "/odoo/action-saas_billing_sync.saas_reconciliation_item_action",
            "saas_reconcile_charts",
            login=person.login,
        )
