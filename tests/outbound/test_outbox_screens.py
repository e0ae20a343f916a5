"""Covers models/outbound/message and models/outbound/target."""

from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..customers.facts_common import FactsCommon
from ..support.session import create_person

_ROLES = (
    "user",
    "operator",
    "manager",
    "reviewer",
    "approver",
    "auditor",
    "privacy",
)
_ACTIONS = ("saas_outbound_message_action", "saas_outbound_target_action")


@tagged("post_install", "-at_install")
class TestOutboxScreens(FactsCommon):
    """Every role sees what its own companies tell others, and changes none of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        targets = cls.env["saas.outbound.target"]
        cls.target = targets.create({"name": "CRM", "company_id": cls.company.id})
        stranger = cls.env["res.company"].create({"name": "Stranger"})
        cls.theirs = targets.create({"name": "Theirs", "company_id": stranger.id})

    def setUp(self):
        super().setUp()
        self.tell(self.platform, self.customer())
        self.tell(self.platform, self.invoice())
        messages = self.env["saas.outbound.message"]
        self.told = messages.search([("target_id", "=", self.target.id)])
        self.assertEqual(len(self.told), 2)
        self.foreign = self.told[0].copy(
            {"target_id": self.theirs.id, "key": "theirs", "sequence": 1}
        )

    def _show(self, person, xml_id):
        """Open an action as the web client does; return its records and its views."""
        env = self.env(user=person, su=False)
        action = env["ir.actions.act_window"]._for_xml_id(f"saas_billing_sync.{xml_id}")
        model = env[action["res_model"]]
        names = action["view_mode"].split(",")
        shown = model.get_views([*((False, name) for name in names), (False, "search")])
        return model.search([]), shown["views"]

    def test_every_role_sees_its_own_company(self):
        for role in _ROLES:
            person = create_person(self, f"outbox_{role}", role)
            for xml_id, own in zip(_ACTIONS, (self.told, self.target), strict=True):
                with self.subTest(role=role, action=xml_id):
                    found, views = self._show(person, xml_id)
                    self.assertEqual(found, own)
                    self.assertEqual({*views}, {"list", "kanban", "form", "search"})
                    for view in ("list", "kanban", "form"):
                        self.assertIn('create="0"', views[view]["arch"])

    def test_others_see_nothing(self):
        person = new_test_user(
            self.env,
            "outbox_nobody",
            company_id=self.company.id,
            company_ids=self.company.ids,
            groups="base.group_user",
        )
        for model in ("saas.outbound.message", "saas.outbound.target"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(person).search([])

    def test_filters(self):
        """The states' filters split what is there, and none is left out."""
        self.told[0].state = "sent"
        arch = self.told.get_view(view_type="search")["arch"]
        filters = {
            node.get("name"): literal_eval(node.get("domain"))
            for node in etree.fromstring(arch).iter("filter")
            if node.get("domain")
        }
        found = {
            name: self.told.filtered_domain(domain) for name, domain in filters.items()
        }
        self.assertEqual(
            found,
            {"waiting": self.told[1], "sent": self.told[0], "dead": self.told.browse()},
        )
        states = self.told._fields["state"].get_values(self.env)
        self.assertEqual({*filters}, {*states})

    def test_content_and_counts(self):
        person = create_person(self, "outbox_reader", "user")
        target = self.target.with_user(person)
        self.assertEqual((target.waiting_count, target.last_sequence), (2, 2))
        self.told[0].state = "sent"
        target.invalidate_recordset()
        self.assertEqual(target.waiting_count, 1)
        domain = target.action_view_messages()["domain"]
        self.assertEqual(self.told.with_user(person).search(domain), self.told)
        posted = self.told.filtered(lambda one: one.type == "invoice.posted")
        self.assertIn('"total": 10000', posted.with_user(person).content)
