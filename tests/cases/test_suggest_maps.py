"""What a price and a customer likely is, how that is known, and what comes of it.

Covers review/catalogue/suggest_product, review/customers/suggest_customer and
wizards/catalogue/saas_product_map.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...canonical.review.suggestions import LIKELY, POSSIBLE, SURE
from ..preview.previewing import PreviewingMixin
from ..review.deciding import load
from .suggesting import SuggestCommon

_PRICE = "price_1GMTVZbOENoJ2n3qGCjlT8Vi"
_PRODUCT = "prod_MOJXzHQPDRVQOq"
_OTHER_PRICE = "price_other"


@tagged("post_install", "-at_install")
class TestSuggestProduct(PreviewingMixin, SuggestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.default_product_id = False
        create = cls.env["product.product"].create
        cls.team, cls.plus, cls.business = create(
            [{"name": name} for name in ("Team", "Team Plus", "Business")]
        )

    def _product(self, event=None):
        event = event or self.deliver(load("invoice.finalized"))
        self.assertState(event, "quarantined", "unmapped_product")
        answer = self.answer(event)
        product = answer.values.get("product_id")
        return self.env["product.product"].browse(product or []), answer

    def _named(self, name):
        payload = load("product.created")
        payload["data"]["object"]["name"] = name
        return payload

    def _map(self, external_id, product, source=None, **vals):
        return self.env["saas.product.mapping"].create(
            {
                "source_id": (source or self.source).id,
                "external_id": external_id,
                "product_id": product.id,
                **vals,
            }
        )

    def test_another_price_of_the_product_goes_first(self):
        self.business.default_code = _PRICE
        price = load("price.created", id=_OTHER_PRICE)
        self.deliver(load("product.created"), {**price, "id": "evt_price"})
        account = self.company_data["default_account_revenue"]
        self._map(_OTHER_PRICE, self.plus, account_id=account.id)
        product, answer = self._product()
        self.assertEqual((product, answer.confidence), (self.plus, SURE))
        self.assertEqual(answer.values["account_id"], account.id)
        self.assertIn(_OTHER_PRICE, answer.why)

    def test_prices_that_are_mapped_to_two_products_say_nothing(self):
        for number, product in enumerate((self.plus, self.business)):
            price = load("price.created", id=f"price_{number}")
            self.deliver({**price, "id": f"evt_price{number}"})
            self._map(f"price_{number}", product)
        product, answer = self._product()
        self.assertEqual((product, answer.confidence), (self.team, POSSIBLE))

    def test_another_source_of_the_company(self):
        other = self.second("Other")
        self._map(_PRODUCT, self.business, other)
        product, answer = self._product()
        self.assertEqual((product, answer.confidence), (self.business, SURE))
        self.assertIn("Other", answer.why)

    def test_a_code_goes_before_a_name(self):
        self.deliver(self._named("Team (PLUS-01)"))
        self.plus.default_code = "PLUS-01"
        product, answer = self._product()
        self.assertEqual((product, answer.confidence), (self.plus, SURE))
        self.assertIn("PLUS-01", answer.why)

    def test_a_name_of_the_catalogue(self):
        self.deliver(self._named("TEAM plus"))
        product, answer = self._product()
        self.assertEqual((product, answer.confidence), (self.plus, LIKELY))
        self.assertIn("TEAM plus", answer.why)

    def test_two_of_one_name_are_nobody_s_guess(self):
        self.deliver(load("product.created"))
        self.env["product.product"].create({"name": "Team"})
        product, answer = self._product()
        self.assertFalse(product)
        self.assertIn("No product here", answer.why)

    def test_what_lines_say(self):
        """No catalogue told of it; the longest name in the line's words counts."""
        product, answer = self._product()
        self.assertEqual((product, answer.confidence), (self.team, POSSIBLE))
        self.assertIn("1 × Team", answer.why)

    def test_another_company_s_product_is_none(self):
        other = self.env["res.company"].create({"name": "Other Inc."})
        self.team.company_id = other
        self.assertFalse(self._product()[0])

    def test_applied_as_it_was_foretold(self):
        event = self.deliver(load("invoice.finalized"))
        case = self.case(event, self.roles["manager"])
        action = case.action_map_product()
        model = case.env[action["res_model"]].with_context(**action["context"])
        wizard = model.create({"product_id": self.team.id})
        self.assertEqual(wizard.external_id, _PRODUCT)
        self.assertIn("settled: 1.", wizard.head)
        self.assertForetold(
            events=event.with_user(self.roles["manager"]),
            change=wizard._get_previewed_change(),
            act=wizard.action_apply,
        )
        self.assertState(event, "done")
        [mapping] = self.source.product_mapping_ids
        self.assertEqual(mapping.external_id, _PRODUCT)
        self.assertIn("AR +119.00", self.books())

    def test_this_price_alone(self):
        event = self.deliver(load("invoice.finalized"))
        action = self.case(event).action_edit_suggestion()
        model = self.env[action["res_model"]].with_user(self.person)
        wizard = model.with_context(**action["context"]).create({"choice": "price"})
        self.assertEqual(wizard.product_id, self.team)
        wizard.action_apply()
        self.assertEqual(self.source.product_mapping_ids.external_id, _PRICE)

    def test_who_may_map(self):
        event = self.deliver(load("invoice.finalized"))
        for role in ("operator", "reviewer"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.case(event, self.roles[role]).action_apply_suggestion()

    def test_what_is_refused_is_shown_in_the_dialog(self):
        """Somebody archived the account meanwhile: the dialog says so, and waits."""
        event = self.deliver(load("invoice.finalized"))
        case = self.case(event)
        self.patch(
            type(self.env["saas.preview"]),
            "_check",
            lambda *_args: (_ for _ in ()).throw(UserError("Not now, please.")),
        )
        action = case.action_apply_suggestion()
        wizard = case.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("Not now, please.", wizard.preview)
        self.assertEqual(wizard.product_id, self.team)
        self.assertFalse(self.source.product_mapping_ids)


@tagged("post_install", "-at_install")
class TestSuggestCustomer(SuggestCommon):
    _VAT = "DE811907980"

    def _contacts(self, *rows):
        return self.env["res.partner"].create(list(rows))

    def _clash(self, **changes):
        number = {"type": "eu_vat", "value": self._VAT}
        event = load("customer.created", id="cus_two", tax_ids={"data": [number]})
        event["data"]["object"].update(name="Nobody", **changes)
        event = self.deliver({**event, "id": "evt_two"})
        self.assertState(event, "quarantined", "duplicate_customer")
        return event

    def test_an_e_mail_tells_two_with_one_number_apart(self):
        _one, two = self._contacts(
            {"name": "Nord", "vat": self._VAT},
            {"name": "Süd", "vat": self._VAT, "email": "two@example.com"},
        )
        event = self._clash(email="TWO@example.com", phone=None)
        answer = self.answer(event)
        self.assertEqual(answer.values["partner_id"], two.id)
        self.assertEqual(answer.confidence, SURE)
        self.assertIn("the VAT number, the e-mail address", answer.why)
        wizard = self.apply(event)
        self.assertEqual(wizard.partner_id, two)
        self.assertState(event, "done")
        tenant = self.env["saas.tenant"].search([], order="id desc", limit=1)
        self.assertEqual(tenant.partner_id, two)

    def test_what_tells_nothing_apart_is_left_to_a_person(self):
        self._contacts(*[{"name": "Nord", "vat": self._VAT}] * 2)
        event = self._clash(email=None, phone=None)
        self.assertFalse(self.answer(event).method)
        action = self.case(event).action_choose_customer()
        wizards = self.env[action["res_model"]].with_user(self.person)
        wizard = wizards.new({"event_ids": event.ids})
        self.assertFalse(wizard.partner_id | wizard.tenant_id.partner_id)

    def test_never_by_name_alone(self):
        self._contacts({"name": "Late Payer"})
        payer = {"name": "Late Payer", "email": None, "phone": None, "address": {}}
        event = self.deliver(
            load("charge.succeeded", customer="cus_late", billing_details=payer)
        )
        self._let_wait(event)
        self.assertState(event, "quarantined", "unknown_tenant")
        self.assertFalse(self.answer(event).method)

    def test_who_paid_is_known_by_e_mail(self):
        [known] = self._contacts({"name": "Other", "email": "late@payer.example"})
        payer = {"name": "Late Payer", "email": "late@payer.example", "phone": None}
        event = self.deliver(
            load("charge.succeeded", customer="cus_late", billing_details=payer)
        )
        self._let_wait(event)
        answer = self.answer(event)
        self.assertEqual(answer.values["partner_id"], known.id)
        self.assertEqual(answer.confidence, LIKELY)

    def test_a_tenant_that_is_here_is_chosen_as_such(self):
        self.env["saas.tenant"].search([]).partner_id.vat = self._VAT
        [tenant] = self.env["saas.tenant"].search([])
        self._contacts({"name": "Copy", "vat": self._VAT})
        tenant.partner_id.email = "two@example.com"
        event = self._clash(email="two@example.com")
        values = self.answer(event).values
        self.assertEqual((values["choice"], values["tenant_id"]), ("tenant", tenant.id))

    def test_only_a_reviewer_sees_who_it_could_be(self):
        self._contacts(*[{"name": "Secret", "vat": self._VAT}] * 2)
        event = self._clash()
        for role in ("operator", "manager"):
            answer = self.answer(event, self.roles[role])
            self.assertFalse(answer.method)
            self.assertNotIn("Secret", answer.say + answer.why)
