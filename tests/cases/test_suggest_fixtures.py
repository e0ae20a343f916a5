"""How often the first suggestion is right, over all fixtures that there are.

Covers review/catalogue/suggest_product, review/catalogue/suggest_tax and
review/customers/suggest_customer.
"""

import logging

from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon
from ..support.session import create_person

_logger = logging.getLogger(__name__)

#: What has to be right, of all that waits for such a decision.
_WANTED = 0.9
#: What each rate of the fixtures is, as who made them wrote down: Odoo's percentage.
_RATES = {
    "txr_vat19": 19,
    "txr_vat19incl": 19,
    "txr_1CaState": 7.25,
    "txr_1CaCounty": 1,
    "txr_1CaCity": 0.5,
    "txr_gst5": 5,
    "txr_qst9975": 9.975,
}
#: What each product and each price of the fixtures is sold as.
_PRODUCTS = {
    "prod_MOJXzHQPDRVQOq": "Team",
    "prod_AwlZ2LCf286ybM": "Team",
    "shipping": "Shipping",
    "discount": "Discount",
    "tax": "Tax",
}
#: What is sold beside it, and must not be taken for it.
_DECOYS = ("Team Plus", "Teamwork", "Business", "Support", "Enterprise")
#: Events of documents, and of money that pays them.
_TYPES = ("invoice.", "credit_note.", "charge.")


@tagged("post_install", "-at_install")
class TestSuggestFixtures(SaasCommon):
    """Nothing is mapped, and every contact has a twin that only looks alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = create_person(cls, "suggest_fixtures", "manager", "reviewer")
        cls.source.default_product_id = False
        cls.source.tax_mapping_ids.unlink()
        names = sorted({*_PRODUCTS.values(), *_DECOYS})
        cls.env["product.product"].create([{"name": name} for name in names])
        for amount in {*_RATES.values()} - {19} | {7, 20, 16}:
            cls._create_vat(amount)
        cls._create_vat(0, name="Reverse Charge")
        cls._create_vat(0, name="Export, zero rated")

    def _deliver_all(self, shape, catalogue):
        """Deliver all fixtures of a shape; those of the catalogue first, or not at all.

        :return: the events that wait.
        """
        told = []
        if catalogue:
            kinds = ("product.created", "price.created")
            told += [name for name in stripe_fixtures.names(shape) if name in kinds]
        told += [
            name for name in stripe_fixtures.names(shape) if name.startswith(_TYPES)
        ]
        events = self.deliver(*(stripe_fixtures.load(shape, name) for name in told))
        return events.filtered(lambda event: event.state in ("quarantined", "dead"))

    def _judge(self, events, reasons, is_right):
        """Return of how many decisions that events wait for the suggestion is right,
        and of how many in all.
        """
        links = events.case_link_ids.filtered("is_open")
        links = links.filtered(lambda link: link.case_id.reason in reasons)
        cases = links.case_id.with_user(self.person).sudo(False)
        answers = self.env["saas.suggest"].with_user(self.person).sudo(False)
        answers = answers._suggest(cases)
        wrong = []
        for link in links:
            answer = answers[link.case_id.id]
            if not is_right(link.case_id, answer):
                wrong.append((link.case_id.cause_key, answer.say, answer.why))
        return len(links) - len(wrong), len(links), wrong

    def assertRight(self, what, right, count, wrong):
        share = right / count
        _logger.info(
            "First suggestions of %s: %s of %s are right, %.0f %%.",
            what,
            right,
            count,
            share * 100,
        )
        self.assertGreaterEqual(share, _WANTED, wrong)

    def _each(self, reasons, is_right):
        """Return the sums over all shapes, with the catalogue told and without."""
        right = count = 0
        wrong = []
        for shape in stripe_fixtures.SHAPES:
            for catalogue in (True, False):
                with self.env.cr.savepoint() as savepoint:
                    events = self._deliver_all(shape, catalogue)
                    told = self._judge(events, reasons, is_right)
                    right, count = right + told[0], count + told[1]
                    wrong += told[2]
                    savepoint.rollback()
                self.env.invalidate_all()
        return right, count, wrong

    def test_products(self):
        def is_right(case, answer):
            product = self.env["product.product"].browse(
                answer.values.get("product_id") or []
            )
            ref = case.cause_key.rpartition("|")[2]
            return product.name == _PRODUCTS.get(ref, "?")

        told = self._each(["unmapped_product"], is_right)
        self.assertGreater(told[1], 100)
        self.assertRight("products", *told)

    def test_taxes(self):
        def is_right(case, answer):
            tax = self.env["account.tax"].browse(answer.values.get("tax_id") or [])
            if case.cause_key == "reverse_charge":
                return tax.name == "Reverse Charge"
            return tax and tax.amount == _RATES.get(case.cause_key)

        told = self._each(["unmapped_tax"], is_right)
        self.assertGreater(told[1], 100)
        self.assertRight("taxes", *told)

    def test_customers(self):
        """Two contacts have the number of each customer; one has also its e-mail, and
        the other only its name.
        """
        right = {}
        for _shape, name, event in stripe_fixtures.every():
            if name.startswith("invoice."):
                self._add_contacts(event["data"]["object"], right)

        def is_right(case, answer):
            ref = case.cause_key.removeprefix("customer:")
            partner = right.get(ref)
            return bool(partner) and answer.values.get("partner_id") == partner.id

        told = self._each(["duplicate_customer", "unknown_tenant"], is_right)
        self.assertGreater(told[1], 100)
        self.assertRight("customers", *told)

    def _add_contacts(self, data, right):
        ref, email = data.get("customer"), data.get("customer_email")
        name, numbers = data.get("customer_name"), data.get("customer_tax_ids")
        if not ref or ref in right or not email or not numbers:
            return
        vat = numbers[0]["value"]
        partners = self.env["res.partner"].with_context(no_vat_validation=True)
        right[ref] = partners.create({"name": "Other", "vat": vat, "email": email})
        partners.create({"name": name, "vat": vat})
