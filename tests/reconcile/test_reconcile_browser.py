import shutil

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..models.test_browser import _BROWSERS
from ..support.reconciling import PERIOD, ReconcileCommon


@tagged("post_install", "-at_install")
class TestReconcileBrowser(ReconcileCommon, HttpCase):
    """What a person does about a reconciliation, in a real browser."""

    def test_reconcile(self):
        """Starts one, sees it run, imports what is missing, and looks at the charts."""
        if not any(shutil.which(name) for name in _BROWSERS):
            self.skipTest("there is no Chromium: sudo apt-get install chromium")
        person = new_test_user(
            self.env,
            "reconcile_person",
            groups="saas_billing_sync.group_saas_reviewer",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
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
