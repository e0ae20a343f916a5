from odoo import models

from ..canonical.reasons import Reason
from ..canonical.review.suggestions import LIKELY, POSSIBLE, SURE, Suggestion


class SaasSuggestRetry(models.AbstractModel):
    """Suggests to try what failed once more, first in a preview: that is the probe, and
    costs nothing if it fails again.
    """

    _name = "saas.suggest.retry"
    _description = "SaaS suggestions to retry"

    def _suggest(self, cases):
        """Return by case that it is to be retried, where that may help."""
        found = {}
        for case in cases:
            before = case.previous_id.sudo()
            if case.reason == Reason.SOURCE_REFUSED:
                if not before or before.state != "resolved":
                    continue
                why = self.env._(
                    "The same was refused before, and a retry settled it then."
                )
            elif before.state == "resolved":
                why = self.env._("It has failed so before, and a retry settled it.")
            elif case.reason == Reason.RETRIES_EXHAUSTED:
                why = self.env._(
                    "It has failed %s times by the way, and nothing says that it still "
                    "would. The preview tries it without booking.",
                    case.event_id.attempts,
                )
            else:
                why = self.env._(
                    "Fix first what Odoo's sentence names. The preview says whether "
                    "it goes through."
                )
            is_likely = before or case.reason == Reason.RETRIES_EXHAUSTED
            found[case] = Suggestion(
                self.env._("Retry, with a preview first."),
                why,
                LIKELY if is_likely else POSSIBLE,
                "action_preview_retry",
            )
        return found


class SaasSuggestElsewhere(models.AbstractModel):
    """Suggests what to do with events that are not for the source they came to."""

    _name = "saas.suggest.elsewhere"
    _description = "SaaS suggestions where events belong elsewhere"

    def _suggest(self, cases):
        """Return by case where its events belong, where that is known."""
        every = self.env["saas.source"].sudo()
        every = every.search([("company_id", "in", cases.company_id.ids)])
        suggest = {
            Reason.WRONG_MODE.value: self._suggest_mode,
            Reason.UNKNOWN_ACCOUNT.value: self._suggest_account,
            Reason.NOT_OWNER.value: self._suggest_owner,
        }
        found = {}
        for case in cases:
            others = every.filtered(
                lambda source, case=case: (
                    source != case.source_id
                    and source.company_id == case.company_id
                    and source.adapter == case.source_id.adapter
                )
            )
            if answer := suggest[case.reason](case, others):
                found[case] = answer
        return found

    def _suggest_mode(self, case, others):
        """Suggest to ignore what another source is there for, or what is a test."""
        is_live = case.cause_key == "live"
        other = others.filtered(lambda source: source.livemode == is_live)[:1]
        if other:
            why = self.env._(
                "%s takes events of that mode. Have the endpoint at the source send "
                "them there.",
                other.name,
            )
            note = self.env._("Events of that mode are for %s.", other.name)
        elif not is_live:
            why = self.env._("Nobody owes or has money of a test.")
            note = self.env._("It is a test.")
        else:
            return None
        return Suggestion(
            self.env._("Ignore them here."),
            why,
            LIKELY if other else POSSIBLE,
            "action_ignore",
            {"note": note},
        )

    def _suggest_account(self, case, others):
        """Suggest to process once more what has a source by now."""
        other = others.filtered(lambda source: source.account_ref == case.cause_key)[:1]
        if not other:
            return None
        return Suggestion(
            self.env._("Retry: the events are handed on to %s.", other.name),
            self.env._("It has the account %s.", case.cause_key),
            SURE,
            "action_preview_retry",
        )

    def _suggest_owner(self, case, _others):
        """Suggest to keep what is here: the owner's word counts."""
        return Suggestion(
            self.env._("Keep what is here, and ignore the event."),
            self.env._("The rule of ownership says that another system is right."),
            POSSIBLE,
            "action_ignore",
            {"note": self.env._("Another system owns it.")},
        )
