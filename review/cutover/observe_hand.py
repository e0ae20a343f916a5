from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from ...canonical.kinds import Kind
from ...canonical.review.areas import Area, Stage
from ..moved import DOCUMENTS
from ..objects import get_sort

_PAYMENTS = {Kind.PAYMENT: "inbound", Kind.REFUND: "outbound"}
_TYPES = ("out_invoice", "out_refund")
#: Entries booked by hand that are looked at in one step.
_MOST = 2000


class SaasObserveHand(models.AbstractModel):
    """Finds what people booked by hand: for objects that are observed, the record that
    each of them is; and what no object explains.
    """

    _name = "saas.observe.hand"
    _description = "SaaS records booked by hand"

    # -- the record of an object ------------------------------------------------------

    def _match(self, source, objects):
        """Return the record of each object, and by which rule it was found, by
        reference.

        The same number or id goes first. Where only customer, amount and day agree, it
        is said so. A record is that of one object at most.

        :param objects: a list of ``Seen`` whose ``ours`` is known.
        """
        apart = self._find_apart(source, objects)
        pools = self._find_pools(source, objects)
        taken, found = set(), {}
        for rule in ("number", "likely"):
            for seen in objects:
                if seen.ref in found:
                    continue
                record = self._choose(source, seen, rule, pools, taken, apart)
                if record:
                    taken.add(record)
                    found[seen.ref] = (record, rule)
        return found

    def _find_apart(self, source, objects):
        """Return which records a person said that objects are not."""
        rows = self.env["saas.observation"].search(
            [
                ("source_id", "=", source.id),
                ("external_id", "in", [seen.ref.external_id for seen in objects]),
                ("apart", "!=", False),
            ]
        )
        return {
            (row.kind, row.external_id, other) for row in rows for other in row.apart
        }

    def _find_pools(self, source, objects):
        """Return the records that these objects could be, by sort."""
        by_sort = {}
        for seen in objects:
            by_sort.setdefault(get_sort(seen.ref.kind), []).append(seen)
        find = {
            "document": self._find_documents,
            "payment": self._find_payments,
            "entry": self._find_entries,
        }
        pools = {sort: find[sort](source, own) for sort, own in by_sort.items()}
        books = self.env["saas.observe.books"]
        list(map(books._read_ahead, pools.values()))
        return pools

    def _get_window(self, source, objects):
        days = [seen.day for seen in objects if seen.day]
        if not days:
            return Domain.FALSE
        apart = timedelta(days=source.observe_tolerance)
        return Domain("date", ">=", min(days) - apart) & Domain(
            "date", "<=", max(days) + apart
        )

    def _get_names(self, objects):
        return sorted({name for seen in objects for name in seen.names})

    def _get_partners(self, objects):
        ids = {seen.ours and seen.ours.get("partner_id") for seen in objects}
        return sorted(filter(None, ids))

    def _find_documents(self, source, objects):
        names = self._get_names(objects)
        named = Domain.OR(
            Domain(name, "in", names) for name in ("name", "ref", "payment_reference")
        )
        near = self._get_window(source, objects) & Domain(
            "commercial_partner_id", "in", self._get_partners(objects)
        )
        return self.env["account.move"].search(
            self._get_document_domain(source) & (named | near), order="date, id"
        )

    def _get_document_domain(self, source):
        return Domain(
            [
                ("company_id", "=", source.company_id.id),
                ("move_type", "in", _TYPES),
                ("state", "=", "posted"),
                ("saas_external_id", "=", False),
                ("reversed_entry_id", "=", False),
            ]
        )

    def _find_payments(self, source, objects):
        names = self._get_names(objects)
        near = self._get_window(source, objects) & Domain(
            "partner_id.commercial_partner_id", "in", self._get_partners(objects)
        )
        return self.env["account.payment"].search(
            self._get_payment_domain(source) & (Domain("memo", "in", names) | near),
            order="date, id",
        )

    def _get_payment_domain(self, source):
        return Domain(
            [
                ("company_id", "=", source.company_id.id),
                ("partner_type", "=", "customer"),
                ("state", "in", ("in_process", "paid")),
                ("saas_external_id", "=", False),
            ]
        )

    def _find_entries(self, source, objects):
        named = Domain("ref", "in", self._get_names(objects))
        return self.env["account.move"].search(
            self._get_entry_domain(source)
            & (named | self._get_window(source, objects)),
            order="date, id",
        )

    def _get_entry_domain(self, source):
        return Domain(
            [
                ("company_id", "=", source.company_id.id),
                ("move_type", "=", "entry"),
                ("state", "=", "posted"),
                ("saas_external_id", "=", False),
                ("saas_source_id", "=", False),
                ("origin_payment_id", "=", False),
                ("line_ids.account_id", "=", source._get_clearing_account().id),
            ]
        )

    def _choose(self, source, seen, rule, pools, taken, apart):
        """Return the record of an object by a rule, the nearest in time, or None."""
        fits = self._is_named if rule == "number" else self._is_like
        found = [
            record
            for record in pools.get(get_sort(seen.ref.kind), ())
            if record not in taken
            and (*seen.ref, f"{record._name},{record.id}") not in apart
            and self._has_direction(seen, record)
            and fits(source, seen, record)
        ]
        return min(
            found,
            key=lambda record: (abs((record.date - seen.day).days), record.id),
            default=None,
        )

    def _has_direction(self, seen, record):
        if record._name == "account.payment":
            return record.payment_type == _PAYMENTS[seen.ref.kind]
        if seen.ref.kind in DOCUMENTS:
            candidates = self.env["saas.review.candidates"]
            wanted = candidates._get_move_type(seen.ref.kind, seen.fact)
            return record.move_type == wanted
        return True

    def _is_named(self, _source, seen, record):
        """Return whether a record shows the number or an id of an object."""
        if record._name == "account.payment":
            shown = (record.memo or "").split()
        else:
            shown = [record.name, record.payment_reference, *(record.ref or "").split()]
        return bool(
            {*seen.names} & {*shown, record["memo" if "memo" in record else "ref"]}
        )

    def _is_like(self, source, seen, record):
        """Return whether customer, amount and day of a record are the object's."""
        ours = seen.ours
        if not ours or abs((record.date - seen.day).days) > source.observe_tolerance:
            return False
        theirs = self.env["saas.observe.books"]._read(source, *split(record))
        is_entry = get_sort(seen.ref.kind) == "entry"
        keys = ("clearing",) if is_entry else ("total", "partner_id")
        return all(ours.get(key) == theirs[key] for key in ("currency", *keys))

    # -- what no object explains -------------------------------------------------------

    def _find_left(self, run):
        """Note the entries of the time that is observed that no object explains.

        :param run: what has compared all objects.
        """
        source = run.source_id
        if not source.observed_since:
            return
        explained = self._find_explained(source)
        rows = []
        books = self.env["saas.observe.books"]
        for area, records in self._find_booked(source):
            books._read_ahead(records)
            left = records.filtered(
                lambda record: (record._name, record.id) not in explained
            )
            rows += [self._prepare_left(source, area, record) for record in left]
        self.env["saas.observation"]._store(source, run, rows)

    def _find_explained(self, source):
        rows = self.env["saas.observation"].search_fetch(
            [
                ("source_id", "=", source.id),
                ("result", "!=", "only_there"),
                ("res_id", "!=", False),
            ],
            ["res_model", "res_id", "decision"],
        )
        return {(r.res_model, r.res_id) for r in rows if r.decision != "apart"}

    def _find_booked(self, source):
        """Yield what people booked in the journals of each area that is not off, in the
        time that is observed.
        """
        moves, payments = self.env["account.move"], self.env["account.payment"]
        if time := self._get_time(source, Area.DOCUMENTS):
            own = Domain("journal_id", "=", source.sale_journal_id.id)
            domain = self._get_document_domain(source) & time & own
            yield Area.DOCUMENTS, moves.search(domain, limit=_MOST)
        if time := self._get_time(source, Area.PAYMENTS):
            own = Domain("journal_id", "=", source.clearing_journal_id.id)
            domain = self._get_payment_domain(source) & time & own
            yield Area.PAYMENTS, payments.search(domain, limit=_MOST)
        if time := self._get_time(source, Area.CLEARING):
            domain = self._get_entry_domain(source) & time
            yield Area.CLEARING, moves.search(domain, limit=_MOST)

    def _get_time(self, source, area):
        """Return the domain of the days on which entries of an area may be of its
        objects: until now, or until it was switched on; None where nobody observes it.
        """
        switch = (source.switched or {}).get(area.value)
        if source._get_stage(area) is Stage.OBSERVE:
            until = source._localize_date(fields.Datetime.now())
        elif switch:
            until = switch["until"]
        else:
            return None
        since = Domain("date", ">=", source.observed_since)
        return since & Domain("date", "<=", until)

    def _prepare_left(self, source, area, record):
        books = self.env["saas.observe.books"]
        values = books._read(source, *split(record))
        return {
            "area": area.value,
            "kind": _get_kind(record).value,
            "external_id": f"{record._name},{record.id}",
            "number": record.name or "",
            "day": str(record.date),
            "event_id": None,
            "result": "only_there",
            "rule": None,
            "differs": None,
            "figures": books._describe(values, "theirs"),
            "res_model": record._name,
            "res_id": record.id,
            "amount": values["amount"],
            "detail": None,
        }


def split(record):
    """Return a record as moves and payments."""
    none = {model: record.env[model] for model in ("account.move", "account.payment")}
    return tuple((none | {record._name: record}).values())


def _get_kind(record):
    if record._name == "account.payment":
        is_inbound = record.payment_type == "inbound"
        return Kind.PAYMENT if is_inbound else Kind.REFUND
    if record.move_type == "out_invoice":
        return Kind.INVOICE
    return Kind.CREDIT_NOTE if record.move_type == "out_refund" else Kind.MOVEMENT
