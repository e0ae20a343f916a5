"""What a person is shown of a decision before they sign it, and what they sign."""

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal

#: Of a preview, what a signature is about: texts alone, no ids of what is not there.
_OF_EVENT = ("id", "state", "reason", "waiting_for")
_OF_MOVE = ("type", "reference", "journal", "date", "due", "partner", "payment_state")
_OF_LINE = ("account", "partner", "debit", "credit", "amount", "currency", "taxes")
_OF_LINE += ("tax", "grids", "due")


@dataclass(frozen=True)
class Shown:
    """A decision as it is shown: plain values alone.

    :param company_id: the company whose books it is about.
    :param summary: one sentence.
    :param lines: what was chosen, a line each.
    :param values: what was entered in the form.
    :param subject: what the decision is about, as it is now.
    :param outcome: what the preview says, or None where there is none to run.
    :param amount: what is at stake; None: not known.
    """

    company_id: int
    summary: str
    lines: str
    values: dict
    subject: list
    subject_key: str
    outcome: dict | None = None
    page: str = ""
    amount: Decimal | float | None = 0
    note: str = ""
    event_ids: list = field(default_factory=list)
    source_ids: list = field(default_factory=list)

    @property
    def digest(self):
        """Return the hash of all that a signature is about."""
        content = [self.values, self.subject, self.outcome and digest_of(self.outcome)]
        return make_digest(content)


def digest_of(outcome):
    """Return of a preview's result what a signature is about."""
    if "refusal" in outcome:
        return outcome
    return {
        "events": sorted(
            [each[name] for name in _OF_EVENT] for each in outcome["events"]
        ),
        "moves": sorted(
            json.dumps(
                [
                    [move[name] for name in _OF_MOVE],
                    sorted(
                        json.dumps([line[name] for name in _OF_LINE])
                        for line in move["lines"]
                    ),
                ]
            )
            for move in outcome["moves"]
        ),
        "reconciliations": sorted(
            [each["account"], each["partner"], each["amount"]]
            for each in outcome["reconciliations"]
        ),
        "undone": sorted(
            [each["account"], each["partner"], each["amount"]]
            for each in outcome["undone"]
        ),
        "changed": outcome["changed"],
        "left": outcome["left"],
    }


def make_digest(content):
    """Return the SHA-256 of plain values."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
