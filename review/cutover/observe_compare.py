from odoo import models

from ...canonical.kinds import Kind
from ...canonical.reasons import STOPPED_STATES, State
from ...canonical.reference import Reference
from ...canonical.review.areas import AREA_OF, Area
from ..objects import get_reference
from .observe_books import Seen
from .observe_hand import split


class SaasObserveCompare(models.AbstractModel):
    """Compares what events of areas that are only observed would book with what people
    booked by hand, and stores the result, one row for each object.
    """

    _name = "saas.observe.compare"
    _description = "SaaS comparison of what is observed"

    def _compare(self, run, events):
        """Compare one chunk of events.

        :raises UserError: as ``saas.preview`` does.
        """
        source = run.source_id
        objects = self._find_objects(source, events)
        states = self._look(source, events, objects)
        self._name_partners(source, objects)
        documents = [seen for seen in objects if seen.ref.kind != Kind.CUSTOMER]
        matched = self.env["saas.observe.hand"]._match(
            source, [s for s in documents if not s.ours or s.ours["is_new"]]
        )
        self._name_documents(source, objects, matched)
        rows = (self._prepare(source, s, matched.get(s.ref), states) for s in objects)
        self.env["saas.observation"]._store(source, run, list(filter(None, rows)))

    def _find_objects(self, source, events):
        """Return the objects that events tell of, each once."""
        found = {}
        candidates = self.env["saas.review.candidates"]
        for event in events:
            for fact in event._read_facts():
                ref = get_reference(fact)
                if fact.kind == Kind.CUSTOMER:
                    ref = Reference(fact.kind, fact.external_id)
                if not ref or ref.kind == Kind.MONEY_LINKS:
                    continue
                if ref not in found:
                    area = AREA_OF.get(fact.kind, Area.CUSTOMERS)
                    found[ref] = Seen(ref, area.value, event)
                seen = found[ref]
                seen.facts.append(fact)
                if ref.kind != Kind.CUSTOMER:
                    day = candidates._get_day(source, fact)
                    # What states no day came at some time.
                    seen.day = day or source._localize_date(event.received_at)
                number = getattr(fact, "number", "")
                ids = getattr(fact, "ids", (fact.external_id,))
                names = dict.fromkeys((*seen.names, *filter(None, (number, *ids))))
                seen.names = tuple(names)
        return list(found.values())

    def _look(self, source, events, objects):
        """Find out what would be booked of objects; return what would become of their
        events: state, reason and sentence, by id.
        """

        def read(root, marks):
            books = root["saas.observe.books"].with_company(source.company_id.id)
            own = source.with_env(books.env)
            after = events.with_env(books.env)
            labels = dict(after._fields["reason"]._description_selection(after.env))
            return books._read_ours(own, objects, marks), {
                each.id: (each.state, labels.get(each.reason) or "", each.detail or "")
                for each in after
            }

        ours, states = self.env["saas.preview"]._observe(events, read)
        for seen in objects:
            seen.ours = ours.get(seen.ref)
        return states

    def _name_partners(self, source, objects):
        """Tell whose an object is that can't be booked yet, and how much it is."""
        stopped = [s for s in objects if not s.ours and s.ref.kind != Kind.CUSTOMER]
        customers = {s.fact.customer for s in stopped if s.fact.customer}
        tenants = self.env["saas.tenant"]._find(source, customers) if customers else {}
        candidates = self.env["saas.review.candidates"]
        for seen in stopped:
            tenant = tenants.get(seen.fact.customer)
            partner = tenant and tenant.booking_partner_id.commercial_partner_id
            seen.ours = {
                "is_stopped": True,
                "is_new": True,
                "partner_id": partner and partner.id,
                "total": str(candidates._get_stated(seen.ref.kind, seen.fact)),
                "currency": seen.fact.currency,
                "date": str(seen.day),
            }

    def _name_documents(self, source, objects, matched):
        """Say which documents payments are for on both sides, by names that can be
        compared: of a document that would be new, that of the record it is.
        """
        for seen in objects:
            if seen.ref.kind != Kind.PAYMENT or seen.ref not in matched:
                continue
            record, _rule = matched[seen.ref]
            if seen.ours.get("documents", ()) is None:
                continue
            ours = []
            for external_id, move_id in seen.ours.get("documents", ()):
                ref = Reference(Kind.INVOICE, external_id)
                if ref in matched:
                    ours.append(matched[ref][0].name)
                else:
                    move = self.env["account.move"].browse(move_id).exists()
                    ours.append(move.name or external_id)
            seen.ours["paid"] = sorted(ours)
            lines = record.move_id.line_ids
            partials = lines.matched_debit_ids | lines.matched_credit_ids
            moves = (partials.debit_move_id | partials.credit_move_id).move_id
            paid = moves.filtered(lambda move: move.is_invoice())
            seen.ours["theirs"] = sorted(paid.mapped("name"))

    def _prepare(self, source, seen, match, states):
        """Return the row of an object; None where there is nothing to book for it."""
        base = self._prepare_base(seen)
        if seen.ref.kind == Kind.CUSTOMER:
            return self._prepare_customer(seen, base)
        ours = seen.ours
        base["amount"] = ours.get("amount") or ours["total"]
        if not ours["is_new"]:
            [model, res_id] = ours["records"][0]
            known = {"res_model": model, "res_id": res_id, "rule": "bound"}
            return {**base, **known, "result": "alike", "figures": None}
        found = {}
        if match:
            record, rule = match
            found = {"res_model": record._name, "res_id": record.id, "rule": rule}
        if ours.get("is_stopped"):
            return self._prepare_stopped(seen, base, found, states)
        books = self.env["saas.observe.books"]
        if not match:
            figures = books._describe(ours, "ours")
            return {**base, "result": "only_here", "figures": figures}
        theirs = books._read(source, *split(record))
        theirs["paid"] = ours.get("theirs")
        figures = books._compare({"paid": None, **ours}, theirs)
        alike = "alike" if rule == "number" else "likely"
        return {
            **base,
            **found,
            "result": "different" if figures else alike,
            "differs": " ".join(row["what"] for row in figures) or None,
            "figures": figures or None,
        }

    def _prepare_base(self, seen):
        fact = seen.fact
        return {
            "area": seen.area,
            "kind": seen.ref.kind.value,
            "external_id": seen.ref.external_id,
            "number": getattr(fact, "number", "") or fact.external_id,
            "day": seen.day and str(seen.day),
            "event_id": seen.event.id,
            "rule": None,
            "differs": None,
            "res_model": None,
            "res_id": None,
            "amount": "0",
            "detail": None,
        }

    def _prepare_customer(self, seen, base):
        ours = seen.ours
        if not ours:
            return None
        if ours["is_new"]:
            return {**base, "result": "only_here", "figures": None}
        known = {"res_model": "res.partner", "res_id": ours["contact"]}
        return {
            **base,
            **known,
            "result": "alike",
            "rule": "contact",
            "figures": None,
        }

    def _prepare_stopped(self, seen, base, found, states):
        """Return the row of an object that can't be booked yet; None if there is
        nothing to book of it.
        """
        state, reason, detail = states[seen.event.id]
        if State(state) not in (*STOPPED_STATES, State.PARKED, State.RECEIVED):
            return None
        told = ": ".join(filter(None, (reason, detail)))
        told = told or self.env._("It waits for another object.")
        return {**base, **found, "result": "stopped", "detail": told, "figures": None}
