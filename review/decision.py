from odoo import models
from odoo.exceptions import UserError

from ..canonical.kinds import Kind
from ..canonical.reasons import ELSEWHERE, Reason, State
from ..canonical.reference import Reference
from .objects import MIRRORED, Claim, get_arrivals, get_claims, get_open_facts

#: The state that a document begins with here.
_STATES = {Kind.INVOICE: "open", Kind.CREDIT_NOTE: "open"}


class SaasReviewDecision(models.AbstractModel):
    """Carries out what a person decides about an object of a source: binds it to a
    record or to none, keeps the decision, and sends back to the inbox what waited for
    it. The caller has checked that the person may decide.
    """

    _name = "saas.review.decision"
    _description = "SaaS decisions"

    # -- what there is to decide ------------------------------------------------

    def _get_facts(self, events):
        """Return the facts whose objects can be decided about, each object once. What
        belongs elsewhere tells of no object of its source.
        """
        facts = {}
        for event in events.filtered(lambda event: event.reason not in ELSEWHERE):
            for ref, fact in get_open_facts(event, self._is_booked):
                facts.setdefault(ref, fact)
        return facts

    def _get_next(self, event):
        """Return the first object of an event that is neither booked nor decided, as
        reference and fact; None if there is none.
        """
        source = event.source_id
        facts = self._get_facts(event)
        decided = self.env["saas.resolution"]._find(source, facts)
        for ref, fact in facts.items():
            is_open = ref not in decided and not self._is_booked(source, fact)
            if is_open and ref.kind != Kind.MONEY_LINKS:
                return ref, fact
        return None

    def _is_booked(self, source, fact):
        return any(
            binding.res_id and binding.res_model in ("account.move", "account.payment")
            for claim in get_claims(fact)
            for binding in self.env["saas.binding"]
            ._find(source, claim.kind, [claim.external_id])
            .values()
        )

    def _get_tenant(self, source, fact, record=None):
        """Return the tenant whose object it is, as far as the source's ids tell: its
        customer, or whose the document or payment is that it belongs to; else, for a
        record, the tenant of the record's contact. Empty if nobody knows.
        """
        tenants = self.env["saas.tenant"]
        if fact.customer and (found := tenants._find(source, [fact.customer])):
            return found[fact.customer]
        for kind, name in ((Kind.INVOICE, "invoice"), (Kind.PAYMENT, "payment")):
            ref = getattr(fact, name, None)
            known = ref and self.env["saas.binding"]._find(source, kind, [ref])
            if known and (tenant := known[ref]._get_tenant()):
                return tenant
        partner = record and record.partner_id.commercial_partner_id
        if not partner:
            return tenants
        return tenants._get_of_partner(source.company_id, partner)

    # -- deciding ---------------------------------------------------------------

    def _ignore(self, events, note):
        """Decide that nothing is to be booked for the objects of ``events``, which are
        open, and ignore these events.

        :return: the other events that go on because of that.
        """
        mirrored = sent = events.browse()
        for event in events:
            for ref, fact in self._get_facts(event).items():
                sent |= self._decide(event, ref, fact, "nothing", note=note)
                if ref.kind in MIRRORED:
                    mirrored |= event
        still = events.filtered(lambda event: State(event.state) != State.IGNORED)
        (still - mirrored)._set_state(State.IGNORED, Reason.IGNORED_BY_PERSON, note)
        self._send_back(mirrored)
        for source, own in events.grouped("source_id").items():
            decided = self.env["saas.resolution"]._find(source, self._get_facts(own))
            self.env["saas.difference"]._accept_open(source, decided)
        events.source_id._enqueue_drain()
        return sent - events

    def _bind(self, event, ref, fact, record, note, any_partner=False):
        """Decide that an object is ``record``, and process what waits for it.

        :return: the events that go on because of that.
        :raises UserError: if it can't be that record, or if it differs and no note
            says why.
        """
        source = event.source_id
        if self._is_booked(source, fact):
            raise UserError(
                self.env._(
                    "%s is booked already. Reverse that first, or ignore the event.",
                    ref.external_id,
                )
            )
        candidates = self.env["saas.review.candidates"]
        known = self._get_tenant(source, fact)
        candidates._check(
            source,
            ref.kind,
            fact,
            record,
            known.booking_partner_id.commercial_partner_id,
            any_partner,
        )
        difference = candidates._describe_difference(source, ref.kind, fact, record)
        if (difference or any_partner) and not note:
            raise UserError(
                self.env._(
                    "Say why it is this record all the same. %s", difference
                ).strip()
            )
        tenant = known or self._get_tenant(source, fact, record)
        self.env["saas.ledger.adoption"]._adopt(
            source, record, ref.external_id, tenant, _STATES.get(ref.kind)
        )
        sent = self._decide(
            event,
            ref,
            fact,
            "record",
            record,
            note=note,
            difference=difference,
            tenant=tenant,
        )
        self._send_back(event)
        source._enqueue_drain()
        return sent | event

    def _decide(self, event, ref, fact, choice, record=None, tenant=None, **vals):
        """Keep a decision, bind the object accordingly, and free what waits for it.

        :return: the other events that go on because of that.
        """
        source = event.source_id
        if tenant is None:
            tenant = self._get_tenant(source, fact)
        self._bind_claims(source, get_claims(fact), record, tenant)
        if ref.kind == Kind.DISPUTE and record:
            self._bind_loss(source, fact, record)
        cutover = self.env["saas.cutover"]
        if ref.kind == Kind.PAYOUT and cutover._came_back_since(source, fact):
            claims = [Claim(Kind.PAYOUT_RETURN, fact.external_id)]
            self._bind_claims(source, claims, record, tenant)
        self.env["saas.resolution"]._append(
            source,
            ref,
            choice,
            record,
            event_id=event.id,
            tenant_id=tenant.id,
            missing_minor=self.env["saas.review.candidates"]._get_missing(
                source, ref.kind, fact, record
            ),
            **vals,
        )
        refs = [ref, *get_arrivals(fact)]
        sent = event._get_about(source, [ref]) | event._get_waiting_for(source, refs)
        self._send_back(sent - event)
        self.env["saas.handler"]._conclude(source, set(refs))
        return sent - event

    def _bind_claims(self, source, claims, record, tenant):
        """Bind an object's ids to a record, or to none. What is bound to a record
        already stays so.
        """
        bindings = self.env["saas.binding"]
        new = []
        for claim in claims:
            known = bindings._find(source, claim.kind, [claim.external_id])
            if binding := known.get(claim.external_id):
                if record and not binding.res_id:
                    binding.write({"res_model": record._name, "res_id": record.id})
                continue
            vals = {"tenant_id": tenant.id, "by_person": True, **claim.vals}
            new.append(
                bindings._prepare_vals(
                    source, claim.kind, claim.external_id, record, **vals
                )
            )
        bindings.create(new)

    def _bind_loss(self, source, fact, entry):
        """Note that the dispute's loss is in an entry that does not use the account of
        disputed funds: it is not to be booked once more.
        """
        accounts = entry.line_ids.account_id
        if fact.movements and source.dispute_account_id not in accounts:
            bindings = self.env["saas.binding"]
            lost = -sum(part.amount for part in fact.movements)
            vals = {"by_person": True, "amount": lost}
            if not bindings._find(source, Kind.DISPUTE_LOSS, [fact.external_id]):
                bindings.create(
                    bindings._prepare_vals(
                        source, Kind.DISPUTE_LOSS, fact.external_id, **vals
                    )
                )

    # -- deciding otherwise -----------------------------------------------------

    def _reopen(self, event, note):
        """Decide that the objects of an event are to be booked after all, and process
        their events.

        :return: the events that go on because of that.
        :raises UserError: if no decision holds, or if something was booked since that
            rests on it.
        """
        source = event.source_id
        facts = self._get_facts(event)
        decided = self.env["saas.resolution"]._find(source, facts)
        if not decided:
            raise UserError(
                self.env._(
                    "Nothing was decided about this event's objects. To process the "
                    "event, retry it."
                )
            )
        sent = event
        for ref, decision in decided.items():
            self._check_undone(source, ref, decision)
            self._unbind(source, facts[ref])
            if decision.res_id:
                record = self.env[decision.res_model].browse(decision.res_id)
                self.env["saas.ledger.adoption"]._release(record.exists())
            decision._append(source, ref, "open", event_id=event.id, note=note)
            refs = [ref, *get_arrivals(facts[ref])]
            sent |= event._get_about(source, [ref])
            sent |= event._get_waiting_for(source, refs)
        self._send_back(sent)
        source._enqueue_drain()
        return sent

    def _check_undone(self, source, ref, decision):
        """Raise if the bound record was reversed at the source's word."""
        if not decision.res_id:
            return
        move = self.env[decision.res_model].browse(decision.res_id)
        move = move if move._name == "account.move" else move.move_id
        reversed_by = move.reversal_move_ids.filtered("saas_source_id")
        if reversed_by:
            raise UserError(
                self.env._(
                    "%(record)s was reversed by %(reversal)s since, as the source "
                    "said. What was decided can't be taken back any more.",
                    record=move.display_name,
                    reversal=reversed_by[0].display_name,
                )
            )

    def _unbind(self, source, fact):
        """Take away the bindings that a decision made."""
        others = (Kind.DISPUTE_LOSS, Kind.PAYOUT_RETURN)
        claims = [*get_claims(fact), *(Reference(k, fact.external_id) for k in others)]
        for claim in claims:
            found = self.env["saas.binding"]._find(
                source, claim.kind, [claim.external_id]
            )
            for binding in found.values():
                if binding.by_person:
                    binding.unlink()

    def _send_back(self, events):
        """Send events that wait, or were ignored, back to the inbox."""
        events._send_back(self.env._("A person decided about its object."))
