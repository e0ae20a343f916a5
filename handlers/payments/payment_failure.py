from odoo import models

from ...canonical.actions import Action
from ...canonical.categories import Category
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason


class SaasHandlerPaymentFailure(models.AbstractModel):
    """Handles debits that fail after they had succeeded: the payment is taken back, and
    what it had paid is open again.

    A failure that is told before its payment is bound without a record, and booked once
    the payment is. One whose payment never comes books nothing: both of its movements
    cancel out.
    """

    _name = "saas.handler.payment_failure"
    _inherit = "saas.handler"
    _description = "SaaS payment failure handler"

    def _apply(self, source, items):
        paid = self._get_paid(
            source,
            {item.fact.external_id: item.fact.payment for item in items},
        )
        bindings = self.env["saas.binding"]._find(
            source, Kind.PAYMENT_FAILURE, [item.fact.external_id for item in items]
        )
        moved = self.env["saas.payments.day"]._get_moved(
            source, [i.fact.external_id for i in items], Category.CHARGE_FAILURE
        )
        rows = []
        for item in items:
            fact = item.fact
            if fact.code or fact.cause != "failed":
                item.log(
                    Action.PAYMENT_FAILURE_TOLD,
                    detail=f"{fact.cause} {fact.code}".strip(),
                )
            old, payments = paid[fact.external_id]
            if old:
                self._refuse_old(source, item)
                continue
            if item.decision:
                continue
            if not payments and self._refuse_entry(source, item):
                continue
            if not payments and not fact.has_moved:
                continue
            day = (
                self.env["saas.payments.day"]
                ._get_stated(source, fact.failed_at, fact.certainty)
                .merge(moved.get(fact.external_id))
            )
            rows.append((item, fact.external_id, fact.payment, payments, day))
        self._take_back(source, rows, bindings)

    def _apply_payments(self, source, items):
        """Take back payments that are booked now, and of which was told before that
        they failed.

        :param items: items of payments.
        """
        told = {ref: item for item in items for ref in item.fact.ids}
        bindings = self._find_failures(source, told)
        # The attempt that failed may be told by its failure alone.
        for ref, binding in bindings.items():
            told.setdefault(ref, told.get(binding.parent_ref))
        days = self.env["saas.payments.day"]
        moved = days._get_moved(source, told, Category.CHARGE_FAILURE)
        due = {ref for ref, binding in bindings.items() if not binding.res_id}
        due |= set(moved) - set(bindings)
        if not due:
            return
        paid = self._get_paid(
            source, {ref: told[ref].fact.external_id for ref in sorted(due)}
        )
        rows = []
        for ref, (_old, payments) in paid.items():
            day = days._get_known(bindings.get(ref))
            if payments:
                day = moved[ref].merge(day) if ref in moved else day
                item = told[ref]
                rows.append((item, ref, item.fact.external_id, payments, day))
        self._take_back(source, rows, bindings)

    def _find_failures(self, source, refs):
        """Return the bindings of failures of sums or of their attempts, by the ids of
        the attempts.
        """
        found = self.env["saas.binding"]._find_with_parts(
            source, (Kind.PAYMENT_FAILURE,), refs
        )
        return {binding.external_id: binding for binding in found}

    def _take_back_moved(self, source, days):
        """Take back payments of which only a movement tells that they failed.

        :param days: by id of the attempt, the item of the movement and its day.
        :return: the ids of the attempts that are booked.
        """
        paid = self._get_paid(source, dict.fromkeys(days))
        rows = [
            (item, ref, payments[:1].saas_external_id, payments, day)
            for ref, (item, day) in days.items()
            for _old, payments in [paid[ref]]
            if payments
        ]
        self._take_back(source, rows, {})
        return {row[1] for row in rows}

    def _get_paid(self, source, attempts):
        """Return what is booked of attempts: whether the old books have it, and the
        payments, by the attempts' ids.

        :param attempts: the sums' main ids by the attempts' ids; None where an id is
            all that is known.
        """
        refs = {ref for pair in attempts.items() for ref in pair if ref}
        bindings = self.env["saas.binding"]._find(source, Kind.PAYMENT, refs)
        booked = self.env["saas.ledger.payment"]._find(
            source, [binding.parent_ref for binding in bindings.values()]
        )
        paid = {}
        for ref, main in attempts.items():
            binding = bindings.get(ref) or bindings.get(main)
            payments = self.env["account.payment"]
            if binding:
                payments = booked.get(binding.parent_ref, payments)
                own = (False, ref) if binding.parent_ref != ref else None
                payments = payments.filtered(
                    lambda payment, own=own: own is None or payment.saas_attempt in own
                )
            paid[ref] = (bool(binding and binding.before_cutover), payments)
        return paid

    def _refuse_old(self, source, item):
        """Ignore the failure of a payment from before the cut-over, if it is from then
        too; otherwise leave it to a person: what isn't booked here can't be taken back.
        """
        cutover = self.env["saas.cutover"]
        if source._is_before_cutover(item.fact.failed_at):
            cutover._ignore(source, item)
        else:
            cutover._refuse_undone(source, item, item.fact.failed_at)

    def _refuse_entry(self, source, item):
        """Leave it to a person to take back an entry that a person made of a payment;
        return whether there is one.
        """
        found = self.env["saas.binding"]._find(
            source, Kind.PAYMENT, [item.fact.external_id, item.fact.payment]
        )
        entry = next((b._get_move() for b in found.values() if b.by_person), None)
        if not entry:
            return False
        item.quarantine(
            Reason.CHANGED_BY_PERSON,
            self.env._(
                "Somebody has said that this payment is %s, and it has failed since. "
                "Enter by hand what takes that back, and press This Is That Record.",
                entry.name,
            ),
        )
        return True

    def _take_back(self, source, rows, bindings):
        """Book failures that are not booked yet, and bring the others to the day that
        is known now.

        :param rows: items, ids of attempts and of their sums, payments, and days.
        :param bindings: the failures' bindings by id of the attempt.
        """
        days = self.env["saas.payments.day"]
        rebooking = self.env["saas.ledger.rebooking"]
        new, moving, kept = [], [], []
        for item, ref, _main, payments, day in rows:
            binding = bindings.get(ref)
            day = day.merge(days._get_known(binding))
            kept.append(day)
            date = max([day.date, *payments.mapped("date")])
            move = binding and binding._get_record()
            if move and move.date != date:
                moving.append((item, move, date))
            elif payments and not move:
                item.tenant = payments.saas_tenant_id[:1]
                new.append((item, ref, payments, date))
        rebooking._move_entries(source, moving)
        for _item, ref, payments, _date in new:
            if payments[:1].saas_external_id != ref:
                self.env["saas.ledger.payment"]._assign(payments, ref)
        moves = rebooking._take_back(source, new)
        booked = dict(zip([row[1] for row in new], moves, strict=True))
        for (item, ref, main, _payments, _day), day in zip(rows, kept, strict=True):
            self._bind(source, item, ref, main, bindings.get(ref), booked.get(ref), day)
        self._reopen(source, {row[2]: row[0] for row in rows if row[1] in booked})

    def _bind(self, source, item, ref, main, binding, move, day):
        """Bind a failure, or write to its binding what became known."""
        bindings = self.env["saas.binding"]
        vals = self.env["saas.payments.day"]._prepare_vals(day)
        if binding:
            if move:
                vals |= {"res_model": move._name, "res_id": move.id}
            binding.write(vals)
            return
        bindings.create(
            bindings._prepare_vals(
                source,
                Kind.PAYMENT_FAILURE,
                ref,
                move,
                parent_ref=main,
                amount=getattr(item.fact, "amount", 0),
                **vals,
            )
        )

    def _reopen(self, source, items):
        """Reconcile what is open again with other payments of it.

        :param items: items by the main ids of the sums that failed.
        """
        if not items:
            return
        self.env["saas.ledger.settlement"]._reconcile(
            source, self.env["saas.settlement"]._get_items(source, Kind.PAYMENT, items)
        )
        self.env["saas.ledger.payments.elsewhere"]._reopen(source, items)
