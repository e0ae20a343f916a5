from odoo import models

from ...canonical.actions import Action
from ...canonical.categories import Category
from ...canonical.kinds import Kind
from ...canonical.reasons import Cause, Reason
from .sum import Sum, get_amount, merge_part


class SaasHandlerPayment(models.AbstractModel):
    """Handles money received from customers. Several events tell of one sum, so only
    the difference is booked between what came in and what is booked already.

    Bindings of kind ``payment`` are the ids of the whole sum, and of the attempts to
    get it, each with its amount once that is known and with its day; those of kind
    ``invoice_payment`` are parts of it that went to an invoice. All have the sum's main
    id as ``parent_ref``.
    """

    _name = "saas.handler.payment"
    _inherit = "saas.handler"
    _description = "SaaS payment handler"

    def _apply(self, source, items):
        items = self.env["saas.cutover"]._ignore_old_payments(source, items)
        items = self._refuse_ids_of_others(source, items)
        if decided := [item for item in items if item.decision]:
            self.env["saas.payments.decided"]._apply(source, decided)
            items = [item for item in items if not item.decision]
        items = self.env["saas.payments.alias"]._apply_payments(source, items)
        if not items:
            return
        known = self._get_known(source, items)
        booked = self.env["saas.ledger.payment"]._find(
            source, [item.fact.external_id for item in items]
        )
        sums = self._get_sums(items, known, booked)
        self._refuse_other_currencies(sums)
        sums = {item: total for item, total in sums.items() if not item.error}
        owner = self.env["saas.payments.owner"]
        chosen = owner._get_chosen(sums)
        owners = owner._recognise(source, sums, booked, chosen)
        sums = {item: total for item, total in sums.items() if not item.error}
        days = self._get_days(source, sums)
        self._book(source, sums, days, booked, chosen)
        items = [item for item in sums if not item.error]
        for item in items:
            item.tenant = self._get_tenant(sums[item], booked)
        self._bind_ids(source, {item: sums[item] for item in items}, days, booked)
        owner._hand_over(source, owners)
        self.env["saas.handler.payment_failure"]._apply_payments(source, items)
        self.env["saas.handler.cash_balance_change"]._apply_payments(source, items)
        self.env["saas.payments.allocation"]._settle(source, items)

    def _refuse_ids_of_others(self, source, items):
        """Quarantine items that claim an id which another sum goes by already, here
        or in the books: booking them would count money twice, or mix it up.

        :return: the other items.
        """
        claims = {
            item: [(Kind.PAYMENT, external_id) for external_id in item.fact.ids]
            + [(Kind.INVOICE_PAYMENT, item.fact.allocation)]
            * bool(item.fact.allocation)
            for item in items
        }
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "in", (Kind.PAYMENT, Kind.INVOICE_PAYMENT)),
                (
                    "external_id",
                    "in",
                    [ref for ids in claims.values() for _k, ref in ids],
                ),
            ]
        )
        owners = {(b.kind, b.external_id): b.parent_ref for b in bindings}
        for item, ids in claims.items():
            main = item.fact.external_id
            taken = [ref for ref in ids if owners.get(ref, main) != main]
            if taken:
                item.quarantine(
                    Reason.INVALID_PAYLOAD,
                    self.env._("%s belongs to another payment already.", taken[0][1]),
                    Cause.ID_TAKEN.of(taken[0][1]),
                )
            else:
                owners.update(dict.fromkeys(ids, main))
        return [item for item in items if not item.error]

    def _get_known(self, source, items):
        """Return the bindings of the items' sums, by main id, kind and external id: of
        their ids and parts, and of whose they are.
        """
        kinds = (Kind.PAYMENT, Kind.INVOICE_PAYMENT, Kind.OWNER)
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "in", kinds),
                ("parent_ref", "in", [item.fact.external_id for item in items]),
            ]
        )
        return {
            main: {(binding.kind, binding.external_id): binding for binding in group}
            for main, group in bindings.grouped("parent_ref").items()
        }

    def _get_sums(self, items, known, booked):
        """Return what is known and booked of the items' sums, by item."""
        none = self.env["account.payment"]
        return {
            item: Sum(item.fact, known.get(main, {}), booked.get(main, none))
            for item in items
            for main in [item.fact.external_id]
        }

    def _refuse_other_currencies(self, sums):
        """Quarantine items that state a sum in another currency than it is booked in:
        what is stated in two can't be added up.
        """
        for item, total in sums.items():
            currency = total.payments.currency_id[:1].name
            if currency and currency != item.fact.currency:
                item.quarantine(
                    Reason.CURRENCY_MISMATCH,
                    self.env._(
                        "%(payment)s is booked in %(known)s, but this event states "
                        "%(stated)s.",
                        payment=item.fact.external_id,
                        known=currency,
                        stated=item.fact.currency,
                    ),
                    Cause.TWO_CURRENCIES.of(currency, item.fact.currency),
                )

    def _get_days(self, source, sums):
        """Return the day of each item's money, of all that is known of it."""
        days = self.env["saas.payments.day"]
        refs = [ref for item in sums for ref in item.fact.ids]
        moved = days._get_moved(source, refs, Category.CHARGE)
        merged = {}
        for item, total in sums.items():
            fact = item.fact
            day = days._get_stated(source, fact.paid_at, fact.certainty)
            if not total.is_more:
                for known in (self._get_known_day(total), *map(moved.get, fact.ids)):
                    day = day.merge(known)
            if total.is_less:
                day = self._get_known_day(total) or day
            merged[item] = day
        return merged

    def _get_known_day(self, total):
        """Return the day that the holder of a sum is booked on, or None."""
        booked = total.booked
        binding = total.binding
        if booked and not (binding and binding.date):
            # It was booked before its attempt was told.
            binding = total.bindings.get((Kind.PAYMENT, total.fact.external_id))
        return self.env["saas.payments.day"]._get_known(
            binding, min(booked.mapped("date"), default=None)
        )

    def _book(self, source, sums, days, booked, chosen):
        """Bring what is booked to what came in, on its day; update ``booked``."""
        sums = {i: s for i, s in sums.items() if s.holder is not None and not s.is_old}
        due = {
            item: item.fact.decimal(total.get_target()) - get_amount(total.keep)
            for item, total in sums.items()
        }
        missing = [item for item in sums if due[item] > 0]
        for item in missing:
            self.env["saas.payments.day"]._hold(source, item, days[item])
        missing = [item for item in missing if not item.error]
        self.env["saas.payments.owner"]._find_owners(source, missing, booked, chosen)
        self._rebook(source, {i: s for i, s in sums.items() if not i.error}, days)
        ledger = self.env["saas.ledger.payment"]
        payments = ledger._book(
            source,
            "inbound",
            {item: days[item].date for item in missing if not item.error},
            due,
        )
        for item, payment in payments.items():
            main = item.fact.external_id
            booked[main] = booked.get(main, payment.browse()) | payment
            item.log(Action.PAYMENT_POSTED, payment, payment.name)
        changed = [item.fact.external_id for item, s in sums.items() if s.is_rebooked]
        booked |= ledger._find(source, changed) if changed else {}

    def _rebook(self, source, sums, days):
        """Reverse what is booked of sums and did not come in, and book the rest anew
        that is on another day than the money moved on.
        """
        undoing, moving = [], []
        for item, total in sums.items():
            if total.booked and total.holder != item.fact.external_id:
                self.env["saas.ledger.payment"]._assign(total.booked, total.holder)
            undoing += [(item, payment) for payment in total.undo]
            day, known = days[item].date, self._get_known_day(total)
            if known and known.date != day and not total.is_more:
                moving += [
                    (item, payment, day)
                    for payment in total.keep
                    if payment.date == known.date
                ]
        for item, *_rest in (*undoing, *moving):
            sums[item].is_rebooked = True
        rebooking = self.env["saas.ledger.rebooking"]
        rebooking._undo_payments(source, undoing)
        rebooking._move_payments(source, moving)

    def _get_tenant(self, total, booked):
        """Return whose money a sum is; of what is not booked, its binding knows."""
        main = total.fact.external_id
        if main in booked:
            return booked[main].saas_tenant_id[:1]
        binding = total.bindings.get((Kind.PAYMENT, main))
        return binding and binding._get_tenant()

    def _bind_ids(self, source, sums, days, booked):
        """Bind the ids that are new, and note amounts, moments and days as they become
        known.
        """
        bindings = self.env["saas.binding"]
        vals_list = []
        for item, total in sums.items():
            main = item.fact.external_id
            payments = booked.get(main, self.env["account.payment"])
            for (kind, external_id), vals in self._prepare_ids(total, days[item]):
                if binding := total.bindings.get((kind, external_id)):
                    vals = {k: v for k, v in vals.items() if binding[k] != v}
                    if vals:
                        binding.write(vals)
                    continue
                own = payments.filtered(
                    lambda payment, ref=external_id: payment.saas_attempt == ref
                )
                vals_list.append(
                    bindings._prepare_vals(
                        source,
                        kind,
                        external_id,
                        (own or payments)[:1],
                        parent_ref=main,
                        **vals,
                    )
                )
        bindings.create(vals_list)

    def _prepare_ids(self, total, day):
        """Yield the ids of a sum that a fact tells of, as kind and external id, and
        what their bindings keep.
        """
        fact, bindings = total.fact, total.bindings
        for ref in fact.ids:
            known = bindings.get((Kind.PAYMENT, ref))
            amount = known.amount if known else 0
            if not fact.allocation and ref in (fact.external_id, fact.attempt):
                amount = max(amount, fact.amount)
            vals = {"amount": amount}
            if ref == total.holder and not total.is_more:
                vals |= self.env["saas.payments.day"]._prepare_vals(day)
            yield (Kind.PAYMENT, ref), vals
        if fact.allocation:
            key = (Kind.INVOICE_PAYMENT, fact.allocation)
            names = ("amount", "started_at", "ended_at")
            vals = zip(names, merge_part(bindings.get(key), fact), strict=True)
            yield key, {name: value or False for name, value in vals}
