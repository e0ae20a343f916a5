from odoo import models

from ...canonical.facts import Payer
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from ...canonical.review.causes import CUSTOMER_KEY
from ...canonical.review.suggestions import LIKELY, POSSIBLE, SURE, Suggestion
from ...models.roles import roles_of

#: What may tell who a customer is, the better first. Neither a domain nor a name is
#: among them: they tell two apart that share something better, and nothing by
#: themselves.
_PROVING = ("vat", "registration", "email", "phone")
_TELLING = (*_PROVING, "domain", "name")


class SaasSuggestCustomer(models.AbstractModel):
    """Suggests which contact a customer of a source is: whose VAT number is equal, then
    whose e-mail address, then whose phone number; never by name alone.
    """

    _name = "saas.suggest.customer"
    _description = "SaaS suggestions of customers"

    def _suggest(self, cases):
        """Return by case the likely customer, for those that have one. What customers
        are called is personal, so only who may decide sees it.
        """
        if "reviewer" not in roles_of(self.env.user) and not self.env.su:
            return {
                case: Suggestion(
                    "", self.env._("Only a finance reviewer sees who it could be.")
                )
                for case in cases
            }
        told = self.env["saas.suggest"]._read_facts(cases)
        found = {}
        for source, own in cases.grouped("source_id").items():
            facts = {
                case: fact for case in own if (fact := _find_customer(case, told[case]))
            }
            answers = self._weigh(source.sudo(), list(facts.values()))
            for (case, fact), (answer, tied) in zip(
                facts.items(), answers, strict=True
            ):
                is_unknown = case.reason == Reason.UNKNOWN_TENANT and not tied
                if answer := answer or (is_unknown and self._suggest_new(fact)):
                    found[case] = answer
        return found

    def _weigh(self, source, facts):
        """Return for each customer who it likely is, or None, and whether several
        contacts could be it: the one place that weighs candidates for people.

        :param facts: the customers, as facts.
        """
        if not facts:
            return []
        index = self.env["saas.customers.partner_matcher"].sudo()._index(source, facts)
        ranked = [_rank(index.tell_shared(fact)) for fact in facts]
        partners = self.env["res.partner"].sudo()
        partners = partners.union(*(best for best, _words, _tied in ranked if best))
        tenants = self.env["saas.tenant"].sudo()
        tenants = tenants._find_of_partners(source.company_id, partners)
        return [
            (
                self._make(best, words, tenants.get(best))
                if best and not tied
                else None,
                tied,
            )
            for best, words, tied in ranked
        ]

    def _make(self, partner, words, tenant):
        values = {"choice": "partner", "partner_id": partner.id, "tenant_id": False}
        if tenant:
            values = {"choice": "tenant", "partner_id": False, "tenant_id": tenant.id}
        labels = {
            "vat": self.env._("the VAT number"),
            "registration": self.env._("the registration number"),
            "email": self.env._("the e-mail address"),
            "phone": self.env._("the phone number"),
            "domain": self.env._("the domain of the e-mail address"),
            "name": self.env._("the name"),
        }
        is_proved = words[0] in ("vat", "registration")
        confidence = LIKELY if words[0] == "email" else POSSIBLE
        return Suggestion(
            self.env._("It is %s.", (tenant or partner).display_name),
            self.env._("These are equal: %s.", ", ".join(labels[w] for w in words)),
            SURE if is_proved else confidence,
            "action_choose_customer",
            values,
        )

    def _suggest_new(self, fact):
        """Suggest a new contact for a customer whom nothing here resembles."""
        if not fact.name or not (fact.email or fact.vat_numbers):
            return None
        return Suggestion(
            self.env._("It is a new customer."),
            self.env._(
                "No contact alone shares a VAT number, an e-mail address or a phone "
                "number with it."
            ),
            POSSIBLE,
            "action_choose_customer",
            {"choice": "new", "partner_id": False, "tenant_id": False},
        )


def _rank(shared):
    """Return the best candidate, the words that it shares, and whether another one is
    as good.

    :param shared: words by contact.
    """
    proved = [
        ([word in words for word in _TELLING], partner, words)
        for partner, words in shared.items()
        if set(words) & set(_PROVING)
    ]
    if not proved:
        return None, (), False
    proved.sort(key=lambda row: row[0], reverse=True)
    score, partner, words = proved[0]
    tied = len(proved) > 1 and proved[1][0] == score
    return partner, words, tied


def _find_customer(case, facts):
    """Return the customer that a case is about, as a fact; for money of nobody, who
    paid. None if nothing is told.
    """
    ref = case.cause_key.removeprefix(CUSTOMER_KEY)
    for fact in facts:
        for customer in (fact, getattr(fact, "party", None)):
            if customer and customer.kind == Kind.CUSTOMER:
                if customer.external_id == ref:
                    return customer
    for fact in facts:
        payer = getattr(fact, "payer", None) or Payer()
        if payer.is_known:
            return payer.as_customer(fact.customer or fact.external_id)
    return None
