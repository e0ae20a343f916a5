from odoo import models

from ...canonical.actions import REFUND_STATES, Action
from ...canonical.categories import Category
from ...canonical.facts import REFUND_RANK
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from ...canonical.reference import Reference


class SaasHandlerRefund(models.AbstractModel):
    """Handles money sent back to customers. It is booked once it has left what the
    source holds for us, and reversed if it comes back because it could not be
    delivered.
    """

    _name = "saas.handler.refund"
    _inherit = "saas.handler"
    _description = "SaaS refund handler"

    def _apply(self, source, items):
        items = self.env["saas.cutover"]._ignore_old_refunds(source, items)
        items = self.env["saas.payments.alias"]._apply_refunds(source, items)
        chosen = self.env["saas.payments.owner"]._find_chosen(
            source, [item.fact.external_id for item in items]
        )
        self._find_owners(source, items, chosen)
        items = [item for item in items if not item.error]
        bindings = self.env["saas.binding"]._find(
            source, Kind.REFUND, [item.fact.external_id for item in items]
        )
        days = self._get_days(source, items, bindings)
        payments = self._book(source, items, bindings, days)
        items = [item for item in items if not item.error]
        self._bind_refunds(source, items, bindings, payments, days)
        self._advance(
            source,
            [(item, bindings[item.fact.external_id]) for item in items],
        )
        self.env["saas.payments.stray"]._hand_over(source, items, chosen)
        self.env["saas.ledger.settlement"]._reconcile(
            source, {(Kind.REFUND, item.fact.external_id): item for item in items}
        )
        self.env["saas.ledger.payments.elsewhere"]._reconcile(
            source, Kind.REFUND, {item.fact.external_id: item for item in items}
        )
        self._update_activities(source, [item.fact.external_id for item in items])

    def _find_owners(self, source, items, chosen):
        """Set the tenants whose money it was: as a person said, or the payment's. A
        refund whose payment isn't known yet waits, unless no money has left: that
        payment may never have come to stay.

        :param chosen: the tenants that people said refunds are of, by their ids.
        """
        items = self.env["saas.payments.stray"]._find_tenants(source, items, chosen)
        bindings = self.env["saas.binding"]._find(
            source, Kind.PAYMENT, [item.fact.payment for item in items]
        )
        for item in items:
            if item.decision:
                continue
            if item.fact.payment in bindings:
                item.tenant = bindings[item.fact.payment]._get_tenant()
                if not item.tenant:
                    item.quarantine(
                        Reason.UNKNOWN_TENANT,
                        self.env._(
                            "The refunded payment belongs to no known customer."
                        ),
                        about=str(Reference(Kind.PAYMENT, item.fact.payment)),
                    )
            elif item.fact.left:
                item.park(Kind.PAYMENT, item.fact.payment)

    def _get_days(self, source, items, bindings):
        """Return the days on which refunds left, of all that is known of each. One
        that a person entered keeps that day.
        """
        days = self.env["saas.payments.day"]
        left = [item for item in items if item.fact.left and not item.decision]
        moved = days._get_moved(
            source, [item.fact.external_id for item in left], Category.REFUND
        )
        merged = {}
        for item in left:
            fact = item.fact
            binding = bindings.get(fact.external_id)
            payment = binding and binding._get_record()
            known = days._get_known(binding, payment and payment.date)
            merged[item] = (
                days._get_stated(source, fact.refunded_at, fact.certainty)
                .merge(known)
                .merge(moved.get(fact.external_id))
            )
        return merged

    def _book(self, source, items, bindings, days):
        """Book the refunds that have left and are not booked, and book those anew that
        left on another day; return the payments by external id.
        """
        due, moving = [], []
        for item, day in days.items():
            binding = bindings.get(item.fact.external_id)
            payment = binding and binding._get_record()
            if payment and payment.date != day.date:
                moving.append((item, payment, day.date))
            elif not payment and not self._is_old(binding):
                self.env["saas.payments.day"]._hold(source, item, day)
                due.append(item)
        self.env["saas.ledger.rebooking"]._move_payments(source, moving)
        due = [item for item in due if not item.error]
        payments = self.env["saas.ledger.payment"]._book(
            source,
            "outbound",
            {item: days[item].date for item in due},
            {item: item.fact.decimal(item.fact.amount) for item in due},
        )
        for item, payment in payments.items():
            item.log(Action.REFUND_POSTED, payment, payment.name)
        return {item.fact.external_id: payment for item, payment in payments.items()}

    def _is_old(self, binding):
        """Return whether the old books have a refund: it had left before the cut-over,
        and not only been asked for.
        """
        old = binding and binding.before_cutover
        return bool(old) and binding.rank > REFUND_RANK["pending"]

    def _bind_refunds(self, source, items, bindings, payments, days):
        """Bind refunds that are new, and note when they left."""
        new = []
        for item in items:
            external_id = item.fact.external_id
            payment = payments.get(external_id)
            vals = {}
            if item in days:
                vals = self.env["saas.payments.day"]._prepare_vals(days[item])
            if external_id not in bindings:
                new.append(
                    self.env["saas.binding"]._prepare_vals(
                        source,
                        Kind.REFUND,
                        external_id,
                        payment,
                        parent_ref=item.fact.payment,
                        amount=item.fact.amount,
                        **vals,
                    )
                )
                continue
            binding = bindings[external_id]
            if payment:
                # What waited at the cut-over has left since.
                vals |= {
                    "res_model": payment._name,
                    "res_id": payment.id,
                    "before_cutover": False,
                }
            vals = {name: v for name, v in vals.items() if binding[name] != v}
            if vals:
                binding.write(vals)
        created = self.env["saas.binding"].create(new)
        bindings.update({binding.external_id: binding for binding in created})

    def _advance(self, source, pairs):
        returned = []
        for item, binding in pairs:
            fact, payment = item.fact, binding._get_record()
            if REFUND_RANK[fact.state] > binding.rank:
                binding.rank = REFUND_RANK[fact.state]
                item.log(REFUND_STATES[fact.state], payment)
            if binding.rank == REFUND_RANK["returned"] and payment:
                returned.append((item, binding._get_move()))
        self._reverse_returned(source, returned)

    def _reverse_returned(self, source, returned):
        """Reverse refunds that came back, each once and on the day it came back, even
        if that is told before the refund.
        """
        days = self.env["saas.payments.day"]
        refs = [item.fact.external_id for item, _refund in returned]
        bindings = self.env["saas.binding"]._find(source, Kind.REFUND_RETURN, refs)
        moved = days._get_moved(source, refs, Category.REFUND_FAILURE)
        merged, rows, moving = {}, [], []
        for item, refund in returned:
            fact, binding = item.fact, bindings.get(item.fact.external_id)
            if not fact.returned_at:
                continue
            move = binding and binding._get_record()
            day = merged[fact.external_id] = (
                days._get_stated(source, fact.returned_at, fact.return_certainty)
                .merge(moved.get(fact.external_id))
                .merge(days._get_known(binding, move and move.date))
            )
            date = max(day.date, refund.date)
            if not move:
                rows.append((item, refund, date))
            elif move.date != date:
                moving.append((item, move, date))
        self.env["saas.ledger.rebooking"]._move_entries(source, moving)
        self.env["saas.ledger.reversal"]._reverse_entries(
            source, rows, Kind.REFUND_RETURN
        )
        bindings = self.env["saas.binding"]._find(source, Kind.REFUND_RETURN, merged)
        for ref, binding in bindings.items():
            days._keep(binding, merged[ref])

    def _update_activities(self, source, refunds):
        """Ask somebody to look at a refund that no credit note explains."""
        records = self.env["account.payment"]
        # An entry that a person made is explained by that.
        bindings = {
            ref: binding
            for ref, binding in self.env["saas.binding"]
            ._find(source, Kind.REFUND, refunds)
            .items()
            if binding.res_model in (False, records._name)
        }
        # What a linked gateway has sent back is looked at there.
        for binding in [b for b in bindings.values() if b.origin_source_id]:
            del bindings[binding.external_id]
            self._update_activities(binding.origin_source_id, [binding.origin_ref])
        explained = self.env["saas.ledger.settlement"]._get_explained(
            source, Kind.REFUND, list(bindings)
        )
        open_refunds = records.union(
            *(
                binding._get_record()
                for key, binding in bindings.items()
                if binding.res_id
                and key not in explained
                and binding.rank < REFUND_RANK["returned"]
            )
        )
        booked = records.browse(b.res_id for b in bindings.values() if b.res_id)
        activities = self.env["saas.activities"]
        activities._ask(
            source,
            "mail_activity_refund_without_credit_note",
            open_refunds,
            self.env._("No credit note explains this refund"),
        )
        activities._stop_asking(
            "mail_activity_refund_without_credit_note", booked - open_refunds
        )


class SaasHandlerRefundTotal(models.AbstractModel):
    """Handles the total that a charge says has been refunded. Each refund has its own
    events, so there is nothing to book: the item waits until these refunds come to the
    total.
    """

    _name = "saas.handler.refund_total"
    _inherit = "saas.handler"
    _description = "SaaS refund total handler"

    def _apply(self, source, items):
        groups = self.env["saas.binding"]._read_group(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.REFUND),
                ("parent_ref", "in", [item.fact.payment for item in items]),
            ],
            ["parent_ref"],
            ["amount:sum"],
        )
        known = dict(groups)
        for item in items:
            if known.get(item.fact.payment, 0) < item.fact.refunded:
                item.park(Kind.REFUND_OF, item.fact.payment)
