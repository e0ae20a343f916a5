from odoo import models

from ...canonical.actions import REFUND_STATES, Action
from ...canonical.facts import REFUND_RANK
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason


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
        self._find_tenants(source, items)
        items = [item for item in items if not item.error]
        bindings = self.env["saas.binding"]._find(
            source, Kind.REFUND, [item.fact.external_id for item in items]
        )
        payments = self._book(source, items, bindings)
        items = [item for item in items if not item.error]
        self._bind_refunds(source, items, bindings, payments)
        self._advance(
            source,
            [(item, bindings[item.fact.external_id]) for item in items],
        )
        self.env["saas.ledger.settlement"]._reconcile(
            source, {(Kind.REFUND, item.fact.external_id): item for item in items}
        )
        self._update_activities(source, [item.fact.external_id for item in items])

    def _find_tenants(self, source, items):
        """Set the tenants whose money it was. A refund whose payment isn't known yet
        waits.
        """
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
                    )
            else:
                item.park(Kind.PAYMENT, item.fact.payment)

    def _book(self, source, items, bindings):
        """Book the refunds that have left and are not booked; return the payments
        by external id.
        """
        due = [
            item
            for item in items
            if item.fact.left
            and not (
                item.fact.external_id in bindings
                and bindings[item.fact.external_id].res_id
            )
        ]
        payments = self.env["saas.ledger.payment"]._book(
            source,
            "outbound",
            {item: source._localize_date(item.fact.refunded_at) for item in due},
            {item: item.fact.decimal(item.fact.amount) for item in due},
        )
        for item, payment in payments.items():
            item.log(Action.REFUND_POSTED, payment, payment.name)
        return {item.fact.external_id: payment for item, payment in payments.items()}

    def _bind_refunds(self, source, items, bindings, payments):
        """Bind refunds that are new, and those whose money has left only now."""
        new = []
        for item in items:
            external_id = item.fact.external_id
            payment = payments.get(external_id)
            if external_id not in bindings:
                new.append(
                    self.env["saas.binding"]._prepare_vals(
                        source,
                        Kind.REFUND,
                        external_id,
                        payment,
                        parent_ref=item.fact.payment,
                        amount=item.fact.amount,
                    )
                )
            elif payment:
                bindings[external_id].write(
                    {"res_model": payment._name, "res_id": payment.id}
                )
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
        """Reverse refunds that came back, each once, even if that is told before the
        refund.
        """
        reversed_ids = self.env["saas.binding"]._find(
            source,
            Kind.REFUND_RETURN,
            [item.fact.external_id for item, _move in returned],
        )
        self.env["saas.ledger.reversal"]._reverse_entries(
            source,
            [
                (
                    item,
                    move,
                    max(source._localize_date(item.fact.returned_at), move.date),
                )
                for item, move in returned
                if item.fact.external_id not in reversed_ids and item.fact.returned_at
            ],
            Kind.REFUND_RETURN,
        )

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
