from odoo import api, models

from ...canonical.reasons import Cause, Reason


class SaasSubscriptionEvent(models.Model):
    """Says for each reason who should act, and what to do."""

    _inherit = "saas.subscription.event"

    @api.model
    def _get_next_steps(self):
        """Return for each reason who should act, and what to do."""
        return {
            **self._get_steps_of_content(),
            **self._get_steps_of_sender(),
            **self._get_steps_of_set_up(),
            **self._get_steps_of_subscriptions(),
            **self._get_steps_of_books(),
            **self._get_steps_of_changed(),
            **self._get_steps_of_ignored(),
            **self._get_steps_of_risks(),
            **self._get_steps_of_held(),
            **self._get_steps_of_stages(),
        }

    @api.model
    def _get_steps_by_cause(self):
        """Return who should act, and how, by what exactly stopped an event. Where that
        is known, it goes before the reason's step.
        """
        return {
            **self._get_steps_of_links(),
            **self._get_steps_of_usage(),
            Cause.CURRENCY.value: (
                "reviewer",
                self.env._(
                    "Press Set Up Currency: the currency is made active, with the rate "
                    "that you enter for that day. Then the event is retried."
                ),
            ),
            Cause.RATE.value: (
                "reviewer",
                self.env._(
                    "Press Set Up Currency and enter the rate of that day. Then the "
                    "event is retried."
                ),
            ),
            Cause.DECIMALS.value: (
                "reviewer",
                self.env._(
                    "Press Set Up Currency: the currency gets the decimals that the "
                    "source states amounts with. It is the Rounding Factor in Odoo's "
                    "Currencies, under Accounting. Then the event is retried."
                ),
            ),
            Cause.ID_TAKEN.value: (
                "reviewer",
                self.env._(
                    "One of the two payments is a mistake. Look both up at the source. "
                    "If this one is right, enter its money by hand and press This Is "
                    "That Record. If it is not, ignore it."
                ),
            ),
            Cause.TWO_CURRENCIES.value: (
                "reviewer",
                self.env._(
                    "No rate makes one of two currencies. Look at the payment at the "
                    "source: if this event is right, enter its money by hand and press "
                    "This Is That Record. If it states nothing new, ignore it."
                ),
            ),
        }

    def _get_steps_of_content(self):
        """Return who should act, and how, when the content is not what it should be."""
        return {
            Reason.INVALID_PAYLOAD: (
                "operator",
                self.env._(
                    "The event is not what this source should send. Check the "
                    "endpoint's API version at the source, then ignore the event or "
                    "report it."
                ),
            ),
            Reason.INCOMPLETE_PAYLOAD: (
                "manager",
                self.env._(
                    "The event does not hold all that is needed. Paste an API key "
                    "into the source, so that the rest can be read, then retry; or "
                    "enter it by hand and press This Is That Record."
                ),
            ),
            Reason.UNSUPPORTED_TYPE: (
                "reviewer",
                self.env._(
                    "If it moved money, book that by hand. If the event still "
                    "waits, ignore it."
                ),
            ),
            Reason.MISSING_REFERENCE: (
                "reviewer",
                self.env._(
                    "The object that this event refers to never arrived. Send that "
                    "object's event again from the source, then retry. Where you find "
                    "Choose Customer, you can also say whose money it is. Or enter by "
                    "hand what this event tells of, and press This Is That Record."
                ),
            ),
        }

    def _get_steps_of_sender(self):
        """Return who should act, and how, when the event belongs somewhere else."""
        return {
            Reason.ID_REUSED: (
                "reviewer",
                self.env._(
                    "The sender has used one id for two contents. Press Open the First "
                    "and compare them. If this one is right as well, press Accept This "
                    "Content; if it is not, ignore it. The first one stays as it is."
                ),
            ),
            Reason.WRONG_MODE: (
                "manager",
                self.env._(
                    "A test event reached a live source, or the other way round. "
                    "Correct the endpoint at the source, then ignore the event."
                ),
            ),
            Reason.UNKNOWN_ACCOUNT: (
                "manager",
                self.env._(
                    "The event is about another account. Create a source for that "
                    "account, or correct the account ID here, then retry."
                ),
            ),
            Reason.NOT_OWNER: (
                "reviewer",
                self.env._(
                    "Another system owns what this event tells, so nothing was applied "
                    "of it. Change it there. If this event is right, press Accept "
                    "Once. If its source is to own it from now on, change the rule "
                    "in Configuration, Ownership, then retry."
                ),
            ),
        }

    def _get_steps_of_set_up(self):
        """Return who should act, and how, when a customer or set-up is not clear."""
        return {
            Reason.UNKNOWN_TENANT: (
                "reviewer",
                self.env._(
                    "No known customer belongs to this event. Press Choose Customer "
                    "and say whose it is. For money of guests, you can also choose a "
                    "contact for guests on the source, under Accounting, then retry. "
                    "Or enter it by hand and press This Is That Record."
                ),
            ),
            Reason.DUPLICATE_CUSTOMER: (
                "reviewer",
                self.env._(
                    "Several contacts could be this customer, or the contact belongs "
                    "to another customer already. Press Choose Customer and say which "
                    "one it is."
                ),
            ),
            Reason.UNMAPPED_PRODUCT: (
                "manager",
                self.env._(
                    "Press Map Product: the events go on by themselves. Or set a "
                    "default product on the source, then retry."
                ),
            ),
            Reason.UNMAPPED_TAX: (
                "manager",
                self.env._(
                    "Press Map Tax Rate, or add a rule to the source that fits: the "
                    "events go on by themselves. Or set a default tax, then retry."
                ),
            ),
            Reason.INCOMPLETE_SETUP: (
                "manager",
                self.env._(
                    "Complete the set-up on the source as the detail says. Create "
                    "Missing Accounts there makes what is not chosen. Then retry."
                ),
            ),
            Reason.SOURCE_REFUSED: (
                "manager",
                self.env._(
                    "The source refused to send what is missing. Check that the API "
                    "key is valid and may read this kind of object, then retry."
                ),
            ),
        }

    def _get_steps_of_books(self):
        """Return who should act, and how, when the books can't take what is stated."""
        return {
            Reason.TAX_MISMATCH: (
                "manager",
                self.env._(
                    "The mapped tax gives another amount than the source charged, as "
                    "the comparison shows. Correct the mapping of the tax rate, or "
                    "the rule that fits it: the events that wait for it go on by "
                    "themselves."
                ),
            ),
            Reason.AMOUNT_MISMATCH: (
                "reviewer",
                self.env._(
                    "The amounts don't agree, as the detail says. Compare them with "
                    "the source. Then retry, or enter it by hand and press This Is "
                    "That Record."
                ),
            ),
            Reason.CURRENCY_MISMATCH: (
                "reviewer",
                self.env._(
                    "Press Set Up Currency and set it up as the detail says, with a "
                    "rate for that day. Then the event is retried."
                ),
            ),
            Reason.PERIOD_LOCKED: (
                "reviewer",
                self.env._(
                    "Its date is in a period that is locked. Open the period and "
                    "retry, or enter the document in an open period by hand and "
                    "press This Is That Record."
                ),
            ),
            Reason.POSTING_FAILED: (
                "reviewer",
                self.env._(
                    "Odoo could not book it, for the reason in the detail. Fix it, "
                    "then retry. If the error was unexpected, ask an operator to read "
                    "the trace."
                ),
            ),
            Reason.RETRIES_EXHAUSTED: (
                "operator",
                self.env._("Look at the last error, fix its cause, then retry."),
            ),
        }

    def _get_steps_of_changed(self):
        """Return who should act, and how, when a person has changed what is booked."""
        return {
            Reason.CHANGED_BY_PERSON: (
                "reviewer",
                self.env._(
                    "Somebody has changed the document in Odoo, as the detail says, so "
                    "nothing is booked over it. Either take that change back in Odoo, "
                    "then retry: the event is booked as the source says. Or credit "
                    "there what is left, until nothing is, then retry."
                ),
            ),
        }

    def _get_steps_of_ignored(self):
        """Return who should act, and how, when an event was ignored in sight."""
        return {
            Reason.IGNORED_BY_PERSON: (
                "reviewer",
                self.env._(
                    "There is nothing to do. Press Book After All if it should be "
                    "booked after all, or retry the event if no decision about its "
                    "object is kept."
                ),
            ),
            Reason.PARENT_IGNORED: (
                "reviewer",
                self.env._(
                    "Somebody decided that nothing is booked for the document or "
                    "payment that this one belongs to. Say which record this one is "
                    "with This Is That Record, or ignore it as well. Or press Book "
                    "After All on the event of what it belongs to."
                ),
            ),
            Reason.MONEY_NOT_BOOKED: (
                "reviewer",
                self.env._(
                    "Money moved at the source in a way that is not booked yet. Book "
                    "it by hand on the clearing account. Then open the event of its "
                    "balance transaction, and press This Is That Record."
                ),
            ),
            Reason.BEFORE_CUTOVER: (
                "reviewer",
                self.env._(
                    "If the event was ignored, there is nothing to do: the books that "
                    "ended at the cut-over have it. If it waits, it was undone since: "
                    "book that by hand, and press This Is That Record."
                ),
            ),
        }
