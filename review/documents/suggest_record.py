from odoo import models
from odoo.fields import Domain

from ...canonical.kinds import DECIDABLE, Kind
from ...canonical.reasons import Reason
from ...canonical.reference import Reference
from ...canonical.review.suggestions import LIKELY, POSSIBLE, Suggestion

#: Reasons that reading the object once more may settle.
_READ_AGAIN = (
    Reason.MISSING_REFERENCE,
    Reason.AMOUNT_MISMATCH,
    Reason.INCOMPLETE_PAYLOAD,
)
#: A shorter number is in too many texts.
_SHORTEST = 4


class SaasSuggestRecord(models.AbstractModel):
    """Suggests which record an object of a source is, where a person has entered one
    under its number; else to ask the source again. An amount alone proves nothing.
    """

    _name = "saas.suggest.record"
    _description = "SaaS suggestions of records"

    def _suggest(self, cases):
        """Return by case the likely record, or that the source is to be asked."""
        told = self.env["saas.suggest"]._read_facts(cases)
        facts = {
            case: fact
            for case in cases
            if (fact := next((f for f in told[case] if f.kind in DECIDABLE), None))
        }
        records = self._find_records(cases, facts)
        may_ask = {source: source.sudo()._has_api_key() for source in cases.source_id}
        found = {}
        for case in cases:
            fact = facts.get(case)
            answer = fact and self._suggest_record(case, fact, records)
            if not answer and may_ask[case.source_id]:
                answer = self._suggest_asking(case, fact)
            if answer:
                found[case] = answer
        return found

    def _find_records(self, cases, facts):
        """Return the posted documents, and payments, that nothing is bound to and that
        show a number of ``facts``: lists by company and number.
        """
        numbers = {number for fact in facts.values() for number in _get_numbers(fact)}
        own = Domain("company_id", "in", cases.company_id.ids)
        own &= Domain("saas_external_id", "=", False)
        found = {}
        if not numbers:
            return found
        for model, states, names in (
            ("account.move", ("posted",), ("name", "ref", "payment_reference")),
            ("account.payment", ("in_process", "paid"), ("name", "memo")),
        ):
            shown = Domain.OR([Domain(name, "in", list(numbers)) for name in names])
            records = self.env[model].sudo()
            for record in records.search(own & Domain("state", "in", states) & shown):
                for number in {record[name] for name in names} & numbers:
                    key = model, record.company_id.id, number
                    found.setdefault(key, []).append(record)
        return found

    def _suggest_record(self, case, fact, records):
        is_payment = fact.kind in (Kind.PAYMENT, Kind.REFUND)
        model = "account.payment" if is_payment else "account.move"
        for number in _get_numbers(fact):
            found = records.get((model, case.company_id.id, number), ())
            if len(found) != 1:
                continue
            return Suggestion(
                self.env._("It is %s, which a person entered.", found[0].display_name),
                self.env._("It shows the number of the source, %s.", number),
                LIKELY,
                "action_bind_record",
                {"payment_id" if is_payment else "move_id": found[0].id},
            )
        return None

    def _suggest_asking(self, case, fact):
        """Suggest to ask the source for what a case lacks, if it can be asked."""
        if case.reason not in _READ_AGAIN:
            return None
        reference = _get_asked(case, fact)
        if not reference:
            return None
        adapter = case.source_id.sudo()._get_adapter()
        if not adapter._can_fetch(*reference.subject):
            return None
        return Suggestion(
            self.env._("Ask the source for %s.", str(reference)),
            self.env._(
                "There is a key, and this can be read. What is read goes through the "
                "same pipeline."
            ),
            POSSIBLE,
            "action_ask_source",
            {"what": "ask"},
        )

    def _get_reference(self, case):
        """Return the reference of what the source is to be asked for; None if nobody
        knows.
        """
        facts = self.env["saas.suggest"]._read_facts(case)[case]
        fact = next((fact for fact in facts if fact.kind in DECIDABLE), None)
        return _get_asked(case, fact)


def _get_asked(case, fact):
    """Return the reference of what is to be read; None if nobody knows."""
    if case.reason == Reason.MISSING_REFERENCE:
        waiting_for = case.event_id.sudo().waiting_for
        return Reference.parse(waiting_for) if waiting_for else None
    return Reference(fact.kind, fact.external_id) if fact else None


def _get_numbers(fact):
    """Return what a record shows that is this object: its number, or its id."""
    names = (getattr(fact, "number", ""), fact.external_id)
    return [name for name in names if name and len(name) >= _SHORTEST]
