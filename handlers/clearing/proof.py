from odoo import fields, models
from odoo.fields import Domain

from ...canonical.categories import Category
from ...canonical.kinds import Kind
from ...canonical.reference import Reference
from .movement_account import OTHER_SIDES
from .movement_object import COSTS, OBJECTS

_ACTIVITY = "mail_activity_movement_unhandled"
_KINDS = frozenset(
    """
    payment payment_failure refund refund_return dispute_movement payout payout_contents
    balance_transaction
    """.split()
)


class SaasClearingProof(models.AbstractModel):
    """Compares every movement with the clearing account, and every payout with the
    movements in it. It computes in integers of the source's minor unit, and tolerates
    no difference.
    """

    _name = "saas.clearing.proof"
    _inherit = "saas.clearing.movement_object"
    _description = "SaaS proof"

    def _refresh(self, source, arrived):
        """Compare the movements and payouts anew that facts have changed.

        :param arrived: pairs of kind and external id, as facts name them.
        """
        refs = [ref for kind, ref in arrived if kind in _KINDS]
        if not refs:
            return
        transactions = self.env["saas.balance.transaction"].search(
            Domain("source_id", "=", source.id)
            & (
                Domain("external_id", "in", refs)
                | Domain("object_ref", "in", refs)
                | Domain("object_alias", "in", refs)
            )
        )
        payouts = self.env["saas.payout"].search(
            [("source_id", "=", source.id), ("external_id", "in", refs)]
        )
        self._compare(source, transactions, payouts)

    def _compare(self, source, transactions, payouts):
        if transactions:
            # A charge may be captured in parts. Each part has a movement of its own,
            # and so has what was not captured.
            refs = [
                ref
                for transaction in transactions
                for ref in (transaction.object_ref, transaction.object_alias)
                if ref
            ]
            transactions |= transactions.search(
                Domain("source_id", "=", source.id)
                & (
                    Domain("object_ref", "in", refs)
                    | Domain("object_alias", "in", refs)
                )
            )
            self._compare_transactions(source, transactions)
        for payout in payouts | transactions.payout_id:
            self._prove(payout)

    def _compare_transactions(self, source, transactions):
        moves = self._find_moves(
            source,
            [
                (
                    t,
                    t.category,
                    tuple(filter(None, (t.object_ref, t.object_alias))),
                    t.external_id,
                )
                for t in transactions
            ],
        )
        every = self.env["account.move"].union(*moves.values()) | transactions.move_id
        sums = self._sum_clearing(source, every)
        pending = self._get_pending(source, transactions)
        before = {t: t.match_state for t in transactions}
        decided = self._get_decided(source, transactions)
        groups = transactions.sorted("external_id").grouped(_get_group)
        for group in groups.values():
            self._compare_group(group, moves, sums, pending, decided)
        self._ask_about_unhandled(source, before)

    def _get_decided(self, source, transactions):
        """Return what people decided about movements and their objects, by movement;
        nothing if there is no decision about any of them.
        """
        bound = self.env["saas.binding"]._find(
            source,
            Kind.PAYMENT,
            [
                ref
                for t in transactions
                for ref in (t.object_ref, t.object_alias)
                if ref
            ],
        )
        refs = {}
        for transaction in transactions:
            own = [Reference(Kind.MOVEMENT, transaction.external_id)]
            if kind := OBJECTS.get(transaction.category):
                ids = filter(None, (transaction.object_ref, transaction.object_alias))
                # A payment's decision is kept under its main id.
                own += [
                    Reference(kind, ref in bound and bound[ref].parent_ref or ref)
                    for ref in ids
                ]
            refs[transaction] = own
        found = self.env["saas.resolution"]._find(
            source, [ref for own in refs.values() for ref in own]
        )
        if not found:
            return {}
        return {
            transaction: self.env["saas.resolution"].union(
                *(found[ref] for ref in own if ref in found)
            )
            for transaction, own in refs.items()
        }

    def _ask_about_unhandled(self, source, before):
        """Ask somebody for the account of each movement that is not booked by itself,
        until it is.

        :param before: the states that movements had, by movement.
        """
        changed = self.env["saas.balance.transaction"].union(
            *(
                t
                for t, state in before.items()
                if "unhandled" in (state, t.match_state) and state != t.match_state
            )
        )
        unhandled = changed.filtered(lambda t: t.match_state == "unhandled")
        activities = self.env["saas.activities"]
        if unhandled:
            activities._ask(
                source,
                _ACTIVITY,
                unhandled,
                self.env._("Money moved at the source: choose the account to book it"),
            )
        activities._stop_asking(_ACTIVITY, changed - unhandled)

    def _get_pending(self, source, transactions):
        """Return the payouts that did not arrive yet, among the objects."""
        payouts = self.env["saas.payout"].search(
            [
                ("source_id", "=", source.id),
                (
                    "external_id",
                    "in",
                    transactions.filtered("object_ref").mapped("object_ref"),
                ),
                ("state", "in", ("pending", "in_transit")),
            ]
        )
        return set(payouts.mapped("external_id"))

    def _compare_group(self, group, moves, sums, pending, decided):
        """Write the amount that is booked for all movements of one object, and whether
        it equals their sum.
        """
        booked, strange = {}, False
        seen = self.env["account.move"]
        for transaction in group:
            own = (moves[transaction] | transaction.move_id) - seen
            seen |= own
            minor, other = self._sum_moves(transaction, own, sums)
            booked[transaction] = minor
            strange = strange or other
        self._share(group, booked)
        net = sum(group.mapped("net_minor"))
        # What the reserve has more, the balance has less: only that is booked.
        aside = set(group.mapped("category")) == {Category.RESERVE_SIDE}
        aside = set(group.mapped("category")) == {Category.RESERVE_SIDE}
        alike = aside or (not strange and sum(booked.values()) == net)
        # What people decided explains what it leaves out, and nothing else.
        reasons = self.env["saas.resolution"].union(
            *(decided[t] for t in group if t in decided)
        )
        explained = bool(reasons) and (
            strange
            or net - sum(booked.values()) == sum(reasons.mapped("missing_minor"))
        )
        for transaction in group:
            state = self._get_state(transaction, alike, pending)
            if explained and state in ("different", "unhandled"):
                state = "decided"
            values = {"booked_minor": booked[transaction], "match_state": state}
            if any(transaction[name] != value for name, value in values.items()):
                transaction.write(values)

    def _sum_moves(self, transaction, moves, sums):
        """Return the amount by which entries change the clearing account in the
        movement's currency, in minor units, and whether anything is left in another
        currency.
        """
        totals = {}
        for move in moves:
            for currency, (amount, _balance) in sums.get(move, {}).items():
                totals[currency] = totals.get(currency, 0) + amount
        minor = totals.pop(transaction.currency_id, 0)
        return int(minor.scaleb(transaction.exponent)) if minor else 0, any(
            totals.values()
        )

    def _share(self, group, booked):
        """Give each of several movements of one category its part of the amount that
        was booked for all of them; an excess or a shortage shows on the last one.
        """
        for part in group.grouped("category").values():
            if len(part) > 1:
                total = sum(booked[transaction] for transaction in part)
                for transaction in part[:-1]:
                    booked[transaction] = transaction.net_minor
                    total -= transaction.net_minor
                booked[part[-1]] = total

    def _get_state(self, transaction, alike, pending):
        if (
            transaction.category == Category.PAYOUT
            and transaction.object_ref in pending
        ):
            return "pending"
        if alike:
            return "matched"
        known = transaction.category in OBJECTS or transaction.category in COSTS
        return "different" if known or transaction.move_id else "unhandled"

    def _prove(self, payout):
        """Write whether the payout is the sum of the movements that it pays out, and
        all of them are booked. A payout's own movement is listed with the others, and
        is not part of the sum.
        """
        parts = payout.transaction_ids.filtered(
            lambda t: t.object_ref != payout.external_id
        )
        open_parts = parts.filtered(
            lambda t: t.match_state not in ("matched", "decided")
        )
        decided = parts.filtered(lambda t: t.match_state == "decided")
        missing = sum(t.net_minor - t.booked_minor for t in open_parts | decided)
        net = sum(parts.mapped("net_minor"))
        cutover = payout.source_id.cutover_date
        if cutover and payout.arrival_date < cutover:
            state = "cutover"
        elif not payout.contents_known:
            state = "no_data" if payout.automatic else "manual"
        elif payout.old_count and not open_parts:
            # The old books have the rest of the payout.
            state = "cutover"
        elif net == payout.amount_minor and not open_parts:
            state = "decided" if decided else "proved"
        else:
            state = "not_proved"
        values = {
            "net_minor": net,
            "booked_difference": missing / 10**payout.exponent,
            "proof_state": state,
        }
        if payout.proof_state != state:
            is_open = state in ("no_data", "not_proved")
            values["proved_at"] = False if is_open else fields.Datetime.now()
        if any(payout[name] != value for name, value in values.items()):
            payout.write(values)


def _get_group(transaction):
    """Return the object by which movements are compared with the books together. For a
    payment, that is the id of its whole sum. What has an entry of its own stands alone.
    """
    category = transaction.category
    kind, ref = OBJECTS.get(category), transaction.object_ref
    alone = transaction.move_id or category in (*OTHER_SIDES, Category.RESERVE_SIDE)
    if not kind and alone:
        return (transaction.external_id, None)
    if kind == Kind.PAYMENT and category != Category.NOT_CAPTURED:
        ref = transaction.object_alias or ref
    return (ref or transaction.external_id, kind)
