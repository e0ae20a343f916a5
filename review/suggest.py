from odoo import models

from ..canonical.reasons import Reason
from ..canonical.review.suggestions import Suggestion

#: Who suggests an answer to cases of a reason, by one contract: ``_suggest(cases)``
#: returns by case a :class:`~..canonical.review.suggestions.Suggestion`, for those that
#: have a likely answer, in a number of queries that does not grow with the cases.
MODELS = {
    Reason.UNMAPPED_PRODUCT: "saas.suggest.product",
    Reason.UNMAPPED_TAX: "saas.suggest.tax",
    Reason.TAX_MISMATCH: "saas.suggest.tax",
    Reason.UNKNOWN_TENANT: "saas.suggest.customer",
    Reason.DUPLICATE_CUSTOMER: "saas.suggest.customer",
    Reason.CURRENCY_MISMATCH: "saas.suggest.currency",
    Reason.INCOMPLETE_SETUP: "saas.suggest.setup",
    Reason.MISSING_REFERENCE: "saas.suggest.record",
    Reason.AMOUNT_MISMATCH: "saas.suggest.record",
    Reason.INCOMPLETE_PAYLOAD: "saas.suggest.record",
    Reason.PERIOD_LOCKED: "saas.suggest.record",
    Reason.MONEY_NOT_BOOKED: "saas.suggest.record",
    Reason.BEFORE_CUTOVER: "saas.suggest.record",
    Reason.POSTING_FAILED: "saas.suggest.retry",
    Reason.RETRIES_EXHAUSTED: "saas.suggest.retry",
    Reason.SOURCE_REFUSED: "saas.suggest.retry",
    Reason.WRONG_MODE: "saas.suggest.elsewhere",
    Reason.UNKNOWN_ACCOUNT: "saas.suggest.elsewhere",
    Reason.NOT_OWNER: "saas.suggest.elsewhere",
}


class SaasSuggest(models.AbstractModel):
    """Finds the likely answer to each case of a page, or says why there is none."""

    _name = "saas.suggest"
    _description = "SaaS suggestions"

    def _suggest(self, cases):
        """Return a :class:`~..canonical.review.suggestions.Suggestion` by the id of
        each case. Cases that wait for nothing have none.
        """
        found = {}
        waiting = cases.filtered(lambda case: case.state == "open" and case.event_id)
        for reason, own in waiting.grouped("reason").items():
            if model := MODELS.get(reason):
                answers = self.env[model]._suggest(own)
                found.update({case.id: each for case, each in answers.items()})
        none = self._get_unsuggested()
        for case in waiting:
            found.setdefault(case.id, Suggestion("", none[case.reason]))
        return found

    def _read_facts(self, cases):
        """Return by case the facts of its newest event. All bodies are read at once."""
        events = cases.event_id.sudo()
        events.fetch(["body", "source_id"])
        return {case: case.event_id.sudo()._read_facts() for case in cases}

    def _get_unsuggested(self):
        """Return by reason the sentence that says why there is no likely answer, where
        there is none.
        """
        return {
            **self._get_unsuggested_set_up(),
            **self._get_unsuggested_subscriptions(),
            **self._get_unsuggested_books(),
            **self._get_unsuggested_elsewhere(),
        }

    def _get_unsuggested_set_up(self):
        return {
            Reason.UNMAPPED_PRODUCT: self.env._(
                "No product here has its code or its name, and no other price of it is "
                "mapped."
            ),
            Reason.UNMAPPED_TAX: self.env._(
                "No sales tax here fits it, or several do and nothing tells them apart."
            ),
            Reason.TAX_MISMATCH: self.env._(
                "No sales tax here gives the amount that the source charged."
            ),
            Reason.DUPLICATE_CUSTOMER: self.env._(
                "No VAT number, e-mail address or phone number tells one contact from "
                "the others. A name alone proves nothing."
            ),
            Reason.UNKNOWN_TENANT: self.env._(
                "No contact shares a VAT number, an e-mail address or a phone number "
                "with it. A name alone proves nothing."
            ),
            Reason.INCOMPLETE_SETUP: self.env._(
                "Only you know what is right for this field of the source."
            ),
            Reason.CURRENCY_MISMATCH: self.env._(
                "No rate near that day is known in any of your companies."
            ),
        }

    def _get_unsuggested_subscriptions(self):
        return {
            Reason.UNUSABLE_PLAN: self.env._(
                "What is sold, and for how much, only you know."
            ),
            Reason.NOT_ALLOWED: self.env._(
                "Whether what was told first or this is right, only the sender knows."
            ),
        }

    def _get_unsuggested_books(self):
        by_hand = self.env._(
            "No document here shows the number that the source states. An amount alone "
            "proves nothing."
        )
        return {
            Reason.MISSING_REFERENCE: by_hand,
            Reason.AMOUNT_MISMATCH: by_hand,
            Reason.INCOMPLETE_PAYLOAD: by_hand,
            Reason.PERIOD_LOCKED: by_hand,
            Reason.MONEY_NOT_BOOKED: by_hand,
            Reason.BEFORE_CUTOVER: by_hand,
            Reason.POSTING_FAILED: self.env._("Odoo's sentence says what to fix."),
            Reason.RETRIES_EXHAUSTED: self.env._("The last error says what to fix."),
            Reason.CHANGED_BY_PERSON: self.env._(
                "Whether the change in Odoo or the source is right, only who made it "
                "knows."
            ),
        }

    def _get_unsuggested_elsewhere(self):
        return {
            Reason.INVALID_PAYLOAD: self.env._(
                "What can't be read can't be judged. The version of the interface at "
                "the source may tell."
            ),
            Reason.UNSUPPORTED_TYPE: self.env._(
                "Nobody here can read whether it moved money, so it is for you to say."
            ),
            Reason.ID_REUSED: self.env._(
                "Which of the two contents is right, only the sender knows."
            ),
            Reason.WRONG_MODE: self.env._(
                "No other source of this company takes events of that mode."
            ),
            Reason.UNKNOWN_ACCOUNT: self.env._(
                "No source has that account. Create one, or correct the account ID."
            ),
            Reason.NOT_OWNER: self.env._("Which system is right is for you to say."),
            Reason.SOURCE_REFUSED: self.env._(
                "The source has to let the key read this, so nothing here can settle "
                "it."
            ),
            Reason.IGNORED_BY_PERSON: self.env._("A person has decided it already."),
            Reason.PARENT_IGNORED: self.env._(
                "It follows what was decided about the document or payment that it "
                "belongs to, so look at that first."
            ),
            Reason.HELD_BY_PERSON: self.env._(
                "A person holds it back, and only a person lets it go."
            ),
            Reason.OBSERVED: self.env._(
                "Nothing is wrong with it: it is compared with what is booked by hand."
            ),
            Reason.AT_RISK: self.env._(
                "Whether the customer may be trusted is for you to say."
            ),
            Reason.AREA_OFF: self.env._(
                "Nothing is wrong with it: nothing of its area is to be booked."
            ),
        }
