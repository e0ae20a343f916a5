"""Which objects of a source a person may decide about, and what each is bound as."""

from dataclasses import dataclass, field

from ..canonical.facts import CREDIT_NOTE_RANK, INVOICE_RANK, REFUND_RANK
from ..canonical.kinds import DECIDABLE, Kind
from ..canonical.reference import Reference

#: What is mirrored whatever a person decides: its events are processed, and book
#: nothing.
MIRRORED = frozenset((Kind.DISPUTE, Kind.PAYOUT, Kind.MOVEMENT))


@dataclass(frozen=True)
class Claim:
    """An id that an object goes by: what it is bound as, and the binding's values."""

    kind: str
    external_id: str
    vals: dict = field(default_factory=dict)

    @property
    def ref(self):
        """Return the claim's reference, which events may wait for."""
        return Reference(self.kind, self.external_id)


def get_reference(fact):
    """Return the reference under which decisions about a fact's object are kept; None
    where there is nothing to decide.
    """
    kind = DECIDABLE.get(fact.kind)
    return kind and Reference(kind, fact.external_id)


def get_open_facts(event, is_booked):
    """Yield the facts of an event that can be decided about, with their references.
    What money is for is another question than the money itself, which may be booked.

    :param is_booked: a function that says whether a source's fact is booked.
    """
    facts = event._read_facts()
    links = [fact for fact in facts if fact.kind == Kind.MONEY_LINKS]
    rest = [fact for fact in facts if fact.kind != Kind.MONEY_LINKS]
    is_done = links and all(is_booked(event.source_id, fact) for fact in rest)
    for fact in links if is_done and event._is_about_links() else rest:
        if ref := get_reference(fact):
            yield ref, fact


def get_sort(kind):
    """Return what sort of record an object is booked as: ``document``, ``payment`` or
    ``entry``.
    """
    if kind in (Kind.INVOICE, Kind.CREDIT_NOTE):
        return "document"
    return "payment" if kind in (Kind.PAYMENT, Kind.REFUND) else "entry"


def get_claims(fact):
    """Return all that a fact's object is bound as when a person says what it is."""
    make = _CLAIMS.get(fact.kind, _claim_entry)
    return make(fact)


def get_arrivals(fact):
    """Return the references that events may wait for until the object is decided."""
    own = [Reference(*ref) for ref in fact.arrivals]
    return list(dict.fromkeys([*own, *(claim.ref for claim in get_claims(fact))]))


def _claim_invoice(fact):
    return [Claim(Kind.INVOICE, fact.external_id, {"rank": INVOICE_RANK["open"]})]


def _claim_credit_note(fact):
    vals = {"rank": CREDIT_NOTE_RANK["issued"], "parent_ref": fact.invoice}
    return [Claim(Kind.CREDIT_NOTE, fact.external_id, vals)]


def _claim_payment(fact):
    main = fact.external_id
    amount = 0 if fact.allocation else fact.amount
    vals = {"parent_ref": main, "amount": amount}
    claims = [Claim(Kind.PAYMENT, ref, vals) for ref in fact.ids]
    if fact.allocation:
        part = {"parent_ref": main, "amount": fact.amount}
        claims.append(Claim(Kind.INVOICE_PAYMENT, fact.allocation, part))
    return claims


def _claim_refund(fact):
    vals = {
        "parent_ref": fact.payment,
        "amount": fact.amount,
        "rank": REFUND_RANK["pending"],
    }
    return [Claim(Kind.REFUND, fact.external_id, vals)]


def _claim_held_cash(fact):
    vals = {"parent_ref": fact.payment, "amount": fact.amount}
    return [
        Claim(Kind.HELD_CASH, fact.external_id, vals),
        Claim(Kind.HELD_CASH_ENTRY, fact.external_id),
    ]


def _claim_dispute(fact):
    return [Claim(Kind.DISPUTE_MOVEMENT, part.external_id) for part in fact.movements]


def _claim_payout(fact):
    return [Claim(Kind.PAYOUT_ENTRY, fact.external_id)]


def _claim_movement(fact):
    return [Claim(Kind.MOVEMENT_ENTRY, fact.external_id)]


def _claim_entry(fact):
    if fact.kind not in DECIDABLE:
        return []
    return [Claim(fact.kind, fact.external_id, {"amount": fact.amount})]


_CLAIMS = {
    Kind.INVOICE: _claim_invoice,
    Kind.INVOICE_OPENING: _claim_invoice,
    Kind.CREDIT_NOTE: _claim_credit_note,
    Kind.PAYMENT: _claim_payment,
    Kind.REFUND: _claim_refund,
    Kind.HELD_CASH_CHANGE: _claim_held_cash,
    Kind.DISPUTE: _claim_dispute,
    Kind.PAYOUT: _claim_payout,
    Kind.MOVEMENT: _claim_movement,
}
