from odoo import models

from ...canonical.actions import Action
from ...canonical.categories import Category, FeeKind
from ...canonical.facts import ALSO_KNOWN_AS
from ...canonical.kinds import Kind
from ...canonical.moments import naive
from ...canonical.reasons import Reason
from ...canonical.reference import Reference
from .movement_object import OBJECTS

_ACTIVITY = "mail_activity_unknown_fee"


class SaasHandlerMovement(models.AbstractModel):
    """Handles movements of the money that a source holds, as the source lists them.
    Each one is mirrored, its fee is booked, and it is compared with the entries of its
    object.

    A movement of a payment, refund, dispute or payout waits for that object. Top-ups,
    transfers, application fees, reserves and loans are booked here, because no object
    has an entry of these. Movements of other categories are booked when a person has
    chosen the account, and stay in sight as differences until then.
    """

    _name = "saas.handler.balance_transaction"
    _inherit = ["saas.handler", "saas.clearing.movement_entry"]
    _description = "SaaS movement handler"

    def _apply(self, source, items):
        items = self.env["saas.cutover"]._ignore_old_transactions(source, items)
        currencies = self.env["saas.ledger.currency"]._check(
            source, [(i, source._localize_date(i.fact.moved_at)) for i in items]
        )
        items = [item for item in items if not item.error]
        known = self.env["saas.binding"]._find(
            source, Kind.MOVEMENT, [item.fact.external_id for item in items]
        )
        bound = self._get_bound(source, [item for item in items if item.decision])
        self._update_known(source, items, known, bound)
        new = [item for item in items if item.fact.external_id not in known]
        # A person has said what it is, or that there is nothing to book.
        decided = [item for item in new if item.decision]
        waiting = [item for item in new if not item.decision]
        self._wait_for_objects(source, waiting)
        waiting = [item for item in waiting if not item.error]
        moves = self._book_own(source, waiting)
        moves.update(bound)
        new = [*waiting, *decided]
        self._create(source, [i for i in new if not i.error], moves, currencies)

    def _get_bound(self, source, items):
        """Return the entries that people made for movements, by item."""
        bindings = self.env["saas.binding"]._find(
            source, Kind.MOVEMENT_ENTRY, [item.fact.external_id for item in items]
        )
        return {
            item: move
            for item in items
            if item.fact.external_id in bindings
            and (move := bindings[item.fact.external_id]._get_move())
        }

    def _update_known(self, source, items, known, bound):
        """Bring known movements up to date, and book those that a person has chosen an
        account for.

        :param bound: the entries that people made for movements, by item.
        """
        chosen, records = {}, {}
        for item in items:
            if item.fact.external_id not in known:
                continue
            record = known[item.fact.external_id]._get_record()
            self._update(item, record)
            if item in bound and not record.move_id:
                record.move_id = bound[item]
            if not item.error and record.other_account_id and not record.move_id:
                chosen[item], records[item] = record.other_account_id, record
        moves = self._book_own(source, list(chosen), chosen) if chosen else {}
        for item, move in moves.items():
            records[item].move_id = move

    def _update(self, item, record):
        """Note that a known movement became available. Nothing else changes in it."""
        fact = item.fact
        stated = (fact.amount, fact.fee, fact.net, fact.currency)
        if stated != (
            record.amount_minor,
            record.fee_minor,
            record.net_minor,
            record.currency_id.name,
        ):
            item.quarantine(
                Reason.AMOUNT_MISMATCH,
                self.env._(
                    "The balance transaction is known with a net amount of %(known)s, "
                    "but this event states %(stated)s.",
                    known=record.net_minor,
                    stated=fact.net,
                ),
            )
        elif fact.is_available and not record.is_available:
            record.is_available = True

    def _wait_for_objects(self, source, items):
        """Park items whose object is not booked yet."""
        bindings = self._find_bindings(
            source,
            [
                (i, i.fact.category, i.fact.object_ids, i.fact.external_id)
                for i in items
            ],
        )
        payouts = self.env["saas.binding"]._find(
            source, Kind.PAYOUT, [ref for item in items for ref in item.fact.object_ids]
        )
        transfers = self.env["saas.binding"]._find(
            source,
            Kind.TRANSFER,
            [
                ref
                for item in items
                if item.fact.category == Category.TRANSFER_REVERSAL
                for ref in item.fact.object_ids
            ],
        )
        failed = self._get_failed(source, items)
        decided = self.env["saas.resolution"]._find(source, _get_disputes(items))
        for item in items:
            fact, kind = item.fact, OBJECTS.get(item.fact.category)
            if fact.category == Category.TRANSFER_REVERSAL:
                self._wait_for_transfer(item, transfers)
            elif kind == Kind.DISPUTE:
                if not any(ref in decided for ref in _get_disputes([item])):
                    self._wait_for_dispute(item, bindings)
            elif not fact.object_ids or fact.category == Category.CHARGE_FAILURE:
                continue
            elif kind == Kind.PAYOUT:
                if fact.object_ids[0] not in payouts:
                    item.park(Kind.PAYOUT, fact.object_ids[0])
            elif kind == Kind.REFUND:
                if waits := self._get_missing_refund(fact, bindings):
                    item.park(waits, fact.object_ids[0])
            elif kind == Kind.PAYMENT and not self._is_paid(fact, bindings, failed):
                item.park(Kind.PAYMENT, fact.object_ids[0])

    def _wait_for_transfer(self, item, transfers):
        """Park an item until the transfer is known that was taken back, where only that
        tells which account it went to.
        """
        refs = item.fact.object_ids
        if not item.fact.counterparty and not any(ref in transfers for ref in refs):
            item.park(Kind.TRANSFER, refs[-1])

    def _wait_for_dispute(self, item, bindings):
        """Park an item until the dispute tells about this movement. While the dispute
        itself is unknown, the item waits for the dispute, because that can be fetched.
        """
        fact = item.fact
        if (Kind.DISPUTE_MOVEMENT, fact.external_id) in bindings:
            return
        # The disputed payment's id is among them, so one that is known is enough.
        if any((Kind.DISPUTE, ref) in bindings for ref in fact.object_ids):
            item.park(Kind.DISPUTE_MOVEMENT, fact.external_id)
        else:
            item.park(Kind.DISPUTE, fact.object_ids[0])

    def _get_failed(self, source, items):
        """Return the charges that failed after they had moved money: they never become
        payments, and their two movements cancel out.
        """
        refs = [ref for item in items for ref in item.fact.object_ids]
        records = self.env["saas.balance.transaction"].search(
            [
                ("source_id", "=", source.id),
                ("object_ref", "in", refs),
                ("category", "=", Category.CHARGE_FAILURE),
            ]
        )
        return set(records.mapped("object_ref"))

    def _get_missing_refund(self, fact, bindings):
        """Return the kind of the object that a refund's movement waits for, or None.
        Money that comes back in another currency is exchanged at the amount it was
        booked with, so its entry has to be there.
        """
        refund = bindings.get((Kind.REFUND, fact.object_ids[0]))
        if refund and (refund.before_cutover or refund.by_person and not refund.res_id):
            return None
        if not refund or not refund.res_id:
            return Kind.REFUND
        payment = refund._get_record()
        if (
            fact.category == Category.REFUND_FAILURE
            and payment.currency_id.name != fact.currency
            and (Kind.REFUND_RETURN, fact.object_ids[0]) not in bindings
        ):
            return Kind.REFUND_RETURN
        return None

    def _is_paid(self, fact, bindings, failed):
        """Return whether a movement's payment is booked, and all of it if it is to be
        exchanged.
        """
        if fact.object_ids[0] in failed:
            return True
        found = [
            bindings[Kind.PAYMENT, ref]
            for ref in fact.object_ids
            if (Kind.PAYMENT, ref) in bindings
        ]
        if not found:
            return False
        payment = found[0]._get_record()
        same = not payment or payment.currency_id.name == fact.currency
        return same or any(binding.amount for binding in found)

    def _create(self, source, items, moves, currencies):
        records = self._create_mirrors(
            source,
            "saas.balance.transaction",
            items,
            lambda item: {
                "currency_id": currencies[item.fact.currency].id,
                "move_id": moves[item].id if item in moves else False,
                **self._prepare_vals(item.fact),
            },
        )
        for item, record in records.items():
            item.log(Action.MOVEMENT, record, item.fact.category)
        self._bind_also(source, records)
        self._ask_about_fees(source, records)

    def _bind_also(self, source, records):
        """Bind movements by their objects' ids, where others wait for these."""
        wanted = {
            (kind, ref): record
            for item, record in records.items()
            if (kind := ALSO_KNOWN_AS.get(item.fact.category))
            for ref in item.fact.object_ids[:1]
        }
        bindings = self.env["saas.binding"]
        for kind in {kind for kind, _ref in wanted}:
            refs = [ref for own, ref in wanted if own == kind]
            known = bindings._find(source, kind, refs)
            bindings.create(
                [
                    bindings._prepare_vals(source, kind, ref, wanted[kind, ref])
                    for ref in refs
                    if ref not in known
                ]
            )

    def _ask_about_fees(self, source, records):
        """Ask somebody about fees of a kind that is not known here."""
        strange = [
            record
            for item, record in records.items()
            if any(part.kind == FeeKind.UNKNOWN for part in item.fact.fees)
        ]
        if strange:
            self.env["saas.activities"]._ask(
                source,
                _ACTIVITY,
                self.env["saas.balance.transaction"].union(*strange),
                self.env._("Check a fee of an unknown kind: it was booked without tax"),
            )

    def _prepare_vals(self, fact):
        rate = fact.exchange_rate
        return {
            "category": fact.category,
            "type": fact.type,
            "description": fact.description,
            "object_ref": fact.object_ids[0] if fact.object_ids else False,
            "counterparty_ref": fact.counterparty or False,
            "object_alias": fact.object_ids[1] if fact.object_ids[1:] else False,
            "created_at": naive(fact.moved_at),
            "available_at": naive(fact.available_at),
            "is_available": fact.is_available,
            "exponent": fact.exponent,
            "amount_minor": fact.amount,
            "fee_minor": fact.fee,
            "net_minor": fact.net,
            "exchange_rate": False if rate is None else str(rate),
        }


def _get_disputes(items):
    """Return the references of the disputes that movements are of."""
    return [
        Reference(Kind.DISPUTE, ref)
        for item in items
        if OBJECTS.get(item.fact.category) == Kind.DISPUTE
        for ref in item.fact.object_ids
    ]
