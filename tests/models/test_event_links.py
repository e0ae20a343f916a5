"""Every event leads to its document and its tenant, and is found by what it tells."""

from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from ...canonical.reasons import State
from ..support import stripe_fixtures
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestEventLinks(SaasCommon):
    def _load(self, name, event_id=None):
        event = stripe_fixtures.load("basil", name)
        return {**event, "id": event_id or event["id"]}

    def _get_user(self, role, company=None):
        company = company or self.company
        return new_test_user(
            self.env,
            f"links_{role}_{company.id}",
            groups=f"base.group_user,saas_billing_sync.group_saas_{role}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _find(self, user, text):
        self.env.flush_all()
        events = self.env["saas.subscription.event"].with_user(user)
        return events.search([("about", "ilike", text)]).mapped("external_id")

    def test_an_event_that_wrote_nothing_leads_to_its_document(self):
        first, second = (
            self.deliver(self._load("customer.created"), self._load(name, event_id))[-1]
            for name, event_id in (
                ("invoice.finalized", "evt_first"),
                ("invoice.finalized", "evt_second"),
            )
        )
        self.assertTrue(first.log_ids.filtered("res_model"))
        move = self.env["account.move"].search([("saas_source_id", "!=", False)])
        self.assertEqual((first + second).mapped("move_count"), [1, 1])
        for event in first + second:
            self.assertEqual(event.action_view_moves()["res_id"], move.id)

    def test_an_event_from_before_the_notes_does_too(self):
        events = self.deliver(
            self._load("customer.created"), self._load("invoice.finalized")
        )
        events.object_refs = False
        self.assertEqual(events[-1].move_count, 1)

    def test_a_movement_leads_to_its_entry(self):
        event = self.deliver(self._load("pulled.balance_transaction-stripe_fee"))
        self.assertEqual(event.move_count, 1)

    def test_lists_of_events_are_read_together(self):
        self.deliver(self._load("customer.created"), self._load("invoice.finalized"))
        counts = []
        for rounds in (1, 6):
            events = self.deliver(
                *(
                    self._load("invoice.finalized", f"evt_round{rounds}{number}")
                    for number in range(rounds)
                )
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(set(events.mapped("move_count")), {1})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_events_get_their_tenant_when_it_is_known(self):
        [charge] = self.deliver(self._load("charge.succeeded"))
        charge._set_state(State.IGNORED)
        self.assertFalse(charge.tenant_id)
        [created] = self.deliver(self._load("customer.created"))
        self.assertTrue(created.tenant_id)
        self.assertEqual(charge.tenant_id, created.tenant_id)

    def test_search_finds_by_what_people_know(self):
        customer, invoice = self.deliver(
            self._load("customer.created"), self._load("invoice.finalized")
        )
        user = self._get_user("reviewer")
        data = self._load("invoice.finalized")["data"]["object"]
        total = f"{data['total'] / 100:.2f}"
        for text in (
            data["number"],
            data["number"].lower(),
            data["id"],
            total,
            total.replace(".", ","),
            customer.tenant_id.name[:6],
            invoice.external_id,
        ):
            with self.subTest(text=text):
                self.assertIn(invoice.external_id, self._find(user, text))
        self.assertFalse(self._find(user, "no such thing"))

    def test_nobody_reads_the_terms(self):
        self.deliver(self._load("invoice.finalized"))
        event = self.env["saas.subscription.event"].search([])
        fields = event.with_user(self._get_user("reviewer")).fields_get()
        self.assertIn("about", fields)
        self.assertNotIn("search_terms", fields)
        self.assertNotIn("stakes", fields)

    def test_a_contact_leads_to_its_tenant_in_the_users_companies(self):
        [event] = self.deliver(self._load("customer.created"))
        partner = event.tenant_id.partner_id
        mine = partner.with_user(self._get_user("operator"))
        self.assertEqual(mine.saas_tenant_count, 1)
        self.assertEqual(mine.action_view_saas_tenants()["res_id"], event.tenant_id.id)
        partner.sudo().company_id = False
        other = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = partner.with_user(self._get_user("operator", other))
        self.assertEqual(theirs.saas_tenant_count, 0)
        plain = new_test_user(self.env, "links_plain", groups="base.group_user")
        self.assertNotIn("saas_tenant_count", partner.with_user(plain).fields_get())
        Form(mine)
