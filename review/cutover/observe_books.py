from dataclasses import dataclass, field

from odoo import models

from ...canonical.kinds import Kind
from ...canonical.money import exact
from ..objects import get_claims

#: What two records are compared by, in the order in which people read it.
FIELDS = (
    *("total", "currency", "tax", "accounts", "date", "partner", "documents", "state"),
)
_MODELS = ("account.move", "account.payment")


@dataclass(eq=False)
class Seen:
    """One object that events tell of: its ``ref``, ``area`` and ``day``, all ``facts``
    of it, one ``event``, and the ``names`` that a record of it may show. ``ours`` is
    what would be booked, as :meth:`SaasObserveBooks._read` says; None if nothing would.
    """

    ref: tuple
    area: str
    event: object
    day: object = None
    facts: list = field(default_factory=list)
    names: tuple = ()
    ours: dict | None = None

    @property
    def fact(self):
        """The fact that tells most of the object: the last one."""
        return self.facts[-1]


class SaasObserveBooks(models.AbstractModel):
    """Reads records as plain values that two of them can be compared by: amounts by
    account, tax, day, customer and currency.
    """

    _name = "saas.observe.books"
    _description = "SaaS books of what is observed"

    # -- what would be booked -------------------------------------------------------

    def _read_ours(self, source, objects, marks):
        """Return what is booked of objects now, by reference.

        :param objects: a list of :class:`Seen`.
        :param marks: the highest ids of what was there before.
        """
        bound = self._find_bound(source, objects)
        documents = self._find_documents(source, objects)
        groups = [g for own in bound.values() if isinstance(own, tuple) for g in own]
        for model in _MODELS:
            same = [group for group in groups if group._name == model]
            self._read_ahead(self.env[model].union(*same))
        found = {}
        for seen in objects:
            if seen.ref.kind == Kind.CUSTOMER:
                found[seen.ref] = self._read_customer(bound.get(seen.ref), marks)
            elif records := bound.get(seen.ref):
                values = self._read(source, *records)
                moves = self._get_moves(*records)
                values["is_new"] = max(moves.ids, default=0) > marks["account.move"]
                values["is_new_partner"] = (values["partner_id"] or 0) > marks[
                    "res.partner"
                ]
                values["documents"] = documents.get(seen.ref, [])
                values["records"] = [
                    (each._name, each.id) for group in records for each in group
                ]
                found[seen.ref] = values
        return found

    def _find_bound(self, source, objects):
        """Return the records that objects are bound to, by reference: moves and
        payments; of a customer, the tenants.
        """
        claims = {}
        for seen in objects:
            for fact in seen.facts:
                own = get_claims(fact) if seen.ref.kind != Kind.CUSTOMER else ()
                for key in (seen.ref, *(claim.ref for claim in own)):
                    claims.setdefault(tuple(key), []).append(seen.ref)
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "in", sorted({kind for kind, _ref in claims})),
                ("external_id", "in", sorted({ref for _kind, ref in claims})),
                ("res_model", "in", [*_MODELS, "saas.tenant"]),
                ("res_id", "!=", False),
            ]
        )
        ids = {}
        for binding in bindings:
            for ref in claims.get((binding.kind, binding.external_id), ()):
                own = ids.setdefault(ref, {})
                own.setdefault(binding.res_model, set()).add(binding.res_id)
        return {
            ref: (
                self.env["saas.tenant"].browse(own["saas.tenant"])
                if "saas.tenant" in own
                else tuple(self.env[m].browse(sorted(own.get(m, ()))) for m in _MODELS)
            )
            for ref, own in ids.items()
        }

    def _find_documents(self, source, objects):
        """Return which documents payments are for, by reference: the ids of moves that
        are there; None where one is not known yet. It is what the source says, for a
        document may be paid already by what was booked by hand.
        """
        paid = {
            external_id: seen.ref
            for seen in objects
            if seen.ref.kind == Kind.PAYMENT
            for fact in seen.facts
            for external_id in (*fact.ids, *filter(None, [fact.allocation]))
        }
        if not paid:
            return {}
        pairs = self.env["saas.settlement"].search(
            [
                ("source_id", "=", source.id),
                ("debit_kind", "=", Kind.INVOICE.value),
                (
                    "credit_kind",
                    "in",
                    [Kind.PAYMENT.value, Kind.INVOICE_PAYMENT.value],
                ),
                ("credit_ref", "in", sorted(paid)),
            ]
        )
        bound = self.env["saas.binding"]._find(
            source, Kind.INVOICE, pairs.mapped("debit_ref")
        )
        found = {}
        for pair in pairs:
            binding = bound.get(pair.debit_ref)
            own = found.setdefault(paid[pair.credit_ref], {})
            own[pair.debit_ref] = binding.res_id if binding else False
        return {
            ref: sorted(own.items()) if all(own.values()) else None
            for ref, own in found.items()
        }

    def _read_customer(self, tenants, marks):
        """Return which contact a customer is; None if it is none yet."""
        partner = tenants and tenants[:1].partner_id
        if not partner:
            return None
        is_new = partner.id > marks["res.partner"]
        return {"is_new": is_new, "contact": partner.id, "partner": partner.name or ""}

    # -- any record -------------------------------------------------------------------

    def _read_ahead(self, records):
        """Read at once all that records are compared by, one by one, later."""
        if not records or records._name == "saas.tenant":
            return
        payments = records if records._name == "account.payment" else None
        moves = records if payments is None else payments.move_id
        moves.mapped("name")
        lines = moves.line_ids
        lines.mapped("balance")
        lines.tax_ids.mapped("name")
        lines.account_id.mapped("code")
        (records.partner_id | moves.partner_id).mapped("commercial_partner_id")

    def _get_moves(self, moves, payments):
        return moves | payments.move_id

    def _read(self, source, moves, payments):
        """Return what records of one object are, as plain values.

        :param moves: entries and documents. ``payments`` are payments, with or without
            an entry.
        """
        every = self._get_moves(moves, payments)
        lines = every.line_ids.filtered(
            lambda line: line.display_type not in ("line_section", "line_note")
        )
        currency = (payments or moves)[:1].currency_id
        clearing = source._get_clearing_account()
        own = source.company_id.currency_id.decimal_places
        on_clearing = _sum(
            lines.filtered(lambda line: line.account_id == clearing), own
        )
        partner = (payments.partner_id or moves.partner_id)[:1].commercial_partner_id
        document = moves[:1] if moves and moves[:1].is_invoice() else None
        if payments:
            total = sum(
                exact(each.amount, currency.decimal_places) for each in payments
            )
        elif document:
            total = exact(document.amount_total, currency.decimal_places)
        else:
            total = abs(on_clearing) or _sum(
                lines.filtered(lambda x: x.balance > 0), own
            )
        debits = _sum(lines.filtered(lambda line: line.balance > 0), own)
        return {
            "total": str(total),
            "currency": currency.name,
            "tax": self._read_taxes(lines, own),
            "accounts": {
                f"{account.code} {account.name}": str(_sum(group, own))
                for account, group in lines.grouped("account_id").items()
            },
            "date": str(min((payments or moves).mapped("date"), default="")),
            "partner": partner.name or "",
            "partner_id": partner.id,
            "state": self._read_state(document),
            "clearing": str(on_clearing),
            "amount": str(debits or total),
        }

    def _read_taxes(self, lines, places):
        """Return the amounts of taxes by name; also of those that come to nothing."""
        taxes = {tax.name: exact(0.0, places) for tax in lines.tax_ids}
        for tax, group in lines.filtered("tax_line_id").grouped("tax_line_id").items():
            taxes[tax.name] = taxes.get(tax.name, 0) + _sum(group, places)
        return {name: str(amount) for name, amount in taxes.items()}

    def _read_state(self, document):
        if not document:
            return ""
        is_void = "void" in (document.saas_state,) or (
            document.payment_state == "reversed"
        )
        return "void" if is_void else ""

    # -- two of them -------------------------------------------------------------------

    def _compare(self, ours, theirs):
        """Return in what two records differ: rows with ``what``, ``ours`` and
        ``theirs``, as texts. What one side doesn't have by its nature is left out.
        """
        rows = []
        for what in FIELDS:
            mine, other = ours.get(what), theirs.get(what)
            if what == "accounts" and not (mine and other):
                continue
            if what == "partner" and ours["partner_id"] == theirs["partner_id"]:
                continue
            if what == "documents":
                mine, other = ours["paid"], theirs["paid"]
            if mine != other:
                rows.append({"what": what, **_show(mine, other)})
        return rows

    def _describe(self, values, side):
        """Return what a record is where there is nothing to compare it with.

        :param side: ``ours`` or ``theirs``.
        """
        other = {"ours": "theirs", "theirs": "ours"}[side]
        return [
            {"what": what, side: _write(values[what]), other: ""}
            for what in FIELDS
            if values.get(what) and what != "documents"
        ]


def _sum(lines, places):
    return sum(
        (exact(line.balance, places) for line in lines), start=exact(0.0, places)
    )


def _show(ours, theirs):
    """Return both sides as texts; of amounts by name, only those that differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names = [n for n in {**ours, **theirs} if ours.get(n) != theirs.get(n)]
        ours = {name: ours.get(name, "–") for name in names}
        theirs = {name: theirs.get(name, "–") for name in names}
    return {"ours": _write(ours), "theirs": _write(theirs)}


def _write(value):
    if isinstance(value, dict):
        return "; ".join(f"{name}: {amount}" for name, amount in sorted(value.items()))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value or "")
