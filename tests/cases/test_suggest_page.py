"""The likely answers to a page of cases cost the same however many there are.

Covers review/suggest, review/catalogue, review/customers, review/documents,
review/suggest_set_up and review/suggest_steps.
"""

from odoo.sql_db import Cursor
from odoo.tests import tagged

from ..review.deciding import load
from .suggesting import SuggestCommon

_FEW, _MANY = 10, 300


@tagged("post_install", "-at_install")
class TestSuggestPage(SuggestCommon):
    def _count(self, cases):
        """Return how many queries the answers to cases take, on an empty cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        queries = []
        original = Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            queries.append(query)
            return original(cursor, query, *args, **kwargs)

        self.patch(Cursor, "execute", execute)
        answers = cases.get_suggestions()
        Cursor.execute = original
        self.assertEqual(set(answers), set(cases.ids))
        return len(queries), answers

    def _fill(self, event, keys):
        """Return as many cases as keys, alike that of an event, of events alike."""
        self.env.flush_all()
        self.env.cr.execute(
            """WITH event AS (
                   INSERT INTO saas_subscription_event
                          (source_id, company_id, external_id, event_type, received_at,
                           body, state, reason, detail, cause, waiting_for, figures,
                           attempts)
                   SELECT source_id, company_id, external_id || key, event_type,
                          received_at, body, state, reason, detail, cause,
                          waiting_for, figures, attempts
                     FROM saas_subscription_event, unnest(%(keys)s) key
                    WHERE id = %(event)s
                RETURNING id),
               cause AS (
                   INSERT INTO saas_exception
                          (source_id, company_id, reason, cause_key, cause_label,
                           severity, state, amount, amount_known)
                   SELECT source_id, company_id, reason, key, detail, '1', 'open', 0,
                          true
                     FROM saas_subscription_event, unnest(%(keys)s) key
                    WHERE id = %(event)s
                RETURNING id)
               INSERT INTO saas_exception_event
                      (case_id, event_id, company_id, is_open)
               SELECT cause.id, event.id, %(company)s, true
                 FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM cause) cause
                 JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM event) event
                   ON event.n = cause.n
            RETURNING case_id""",
            {"keys": keys, "event": event.id, "company": self.company.id},
        )
        ids = [case_id for (case_id,) in self.env.cr.fetchall()]
        self.env.invalidate_all()
        return self.env["saas.exception"].with_user(self.person).sudo(False).browse(ids)

    def test_a_page_costs_the_same_with_few_and_many_cases(self):
        """One mixed page: each reason that has suggestions, with few cases and many."""
        makers = {
            "unmapped_product": "price_{0}|prod_{0}",
            "unmapped_tax": "txr_{0}",
            "tax_mismatch": "txr_x{0}",
            "currency_mismatch": "EUR:2026-{0}",
            "period_locked": "fiscalyear:2026-{0}",
            "missing_reference": "payment:pi_{0}",
            "amount_mismatch": "invoice:in_{0}",
            "retries_exhausted": "time-out {0}",
        }
        for reason, key in makers.items():
            with self.subTest(reason=reason):
                savepoint = self.env.cr.savepoint()
                with savepoint:
                    self._compare(reason, key)
                    savepoint.rollback()
                self.env.invalidate_all()
                self.api.reset()

    def _compare(self, reason, key):
        event = getattr(self, f"_make_{reason}")()
        found = []
        for count in (_FEW, _MANY):
            keys = [key.format(f"{count}{n}") for n in range(count)]
            cases = self._fill(event, keys)
            self._count(cases)
            found.append(self._count(cases)[0])
        self.assertEqual(*found)
        self.assertLessEqual(found[0], 30)

    def test_customers_cost_the_same_with_few_and_many(self):
        """Each is another one, and all candidates are weighed at once."""
        vat = "DE811907980"
        self.env["res.partner"].create(
            [
                {"name": "One", "vat": vat, "email": "one@example.com"},
                {"name": "Two", "vat": vat},
            ]
        )
        number = {"type": "eu_vat", "value": vat}
        found = []
        for count in (3, 30):
            payloads = [
                {
                    **load(
                        "customer.created",
                        id=f"cus_{count}_{n}",
                        email="one@example.com",
                        phone=None,
                        tax_ids={"data": [number]},
                    ),
                    "id": f"evt_{count}_{n}",
                }
                for n in range(count)
            ]
            events = self.deliver(*payloads)
            self.assertState(events, "quarantined", "duplicate_customer")
            cases = events.case_link_ids.case_id.with_user(self.person).sudo(False)
            # As a page is read: by ids, without what is cached.
            cases = cases.browse(cases.ids)
            self.assertEqual(len(cases), count)
            self._count(cases)
            queries, answers = self._count(cases)
            self.assertTrue(all("One" in each["say"] for each in answers.values()))
            found.append(queries)
        self.assertEqual(*found)

    def test_the_list_shows_what_the_form_shows(self):
        self.source.default_product_id = False
        self.env["product.product"].create({"name": "Team"})
        event = self.deliver(load("invoice.finalized"))
        case = self.case(event)
        [told] = case.get_suggestions().values()
        self.assertEqual(
            (told["say"], told["why"], told["confidence"]),
            (case.suggestion, case.suggestion_why, case.suggestion_confidence),
        )
        self.assertIn("Team", told["say"])
