from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.tools import split_every

from ..canonical.kinds import Kind
from ..canonical.money import exact
from ..canonical.review.tie_out import PAIRS, Sides, find_gaps, find_state
from .outcome import Gap, Outcome

#: How many days back documents are compared: a year and the month after it.
_DAYS = 400
#: How many documents are held in memory at once.
_AT_ONCE = 500


class SaasReconcileTieOut(models.AbstractModel):
    """Compares the documents of tenants four ways, keeps a row for each, and opens and
    closes differences. It reads in sets: a second time it changes nothing.
    """

    _name = "saas.reconcile.tie_out"
    _description = "SaaS four-way comparing"

    def _compare(self, tenants):
        """Compare what tenants have been billed lately, and what differs of it still.

        :return: how many documents were compared.
        """
        since = fields.Date.today() - timedelta(days=_DAYS)
        differing = self.env["saas.tie.out"].search(
            [("tenant_id", "in", tenants.ids), ("state", "=", "differs")]
        )
        moves = self.env["account.move"].search(
            [
                ("saas_tenant_id", "in", tenants.ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("saas_source_id", "!=", False),
                ("saas_external_id", "!=", False),
                "|",
                ("invoice_date", ">=", since),
                ("id", "in", differing.move_id.ids),
            ],
            order="id",
        )
        for part in split_every(_AT_ONCE, moves.ids):
            self._compare_moves(moves.browse(part).with_prefetch(part))
        return len(moves)

    def _compare_moves(self, moves):
        told = self.env["saas.reconcile.tie_told"]._read(moves)
        agreed = self.env["saas.reconcile.tie_agreed"]._read(moves, told)
        money = self.env["saas.reconcile.tie_money"]._read(moves)
        sides = {
            move: self._put_together(move, told.get(move), agreed.get(move), money)
            for move in moves
        }
        self._keep(sides, agreed, money)
        self._record_differences(sides, told)

    def _put_together(self, move, fact, agreed, money):
        """Return the :class:`~..canonical.review.tie_out.Sides` of a document."""
        sign = get_sign(move)
        is_void = move.saas_state == "void"
        booked = exact(0.0, move.currency_id.decimal_places)
        if move.state == "posted" or is_void:
            booked = sign * _amount(move, "amount_total")
        stated = booked if move.saas_source_id.is_own else None
        if fact:
            stated = fact.decimal(fact.total)
            stated = -stated if fact.kind == Kind.CREDIT_NOTE else stated
        paid = money[move]
        is_over = is_void or move.saas_state == "uncollectible"
        return Sides(
            agreed.total if agreed else None,
            stated,
            booked,
            paid.paid,
            paid.received,
            is_open=not is_over and bool(_amount(move, "amount_residual")),
        )

    def _keep(self, sides, agreed, money):
        """Write the rows of documents, those that are there and those that are not."""
        rows = self.env["saas.tie.out"].search(
            [("move_id", "in", [move.id for move in sides])]
        )
        by_move = {row.move_id: row for row in rows}
        created = []
        for move, own in sides.items():
            vals = self._prepare_vals(move, own, agreed.get(move), money[move])
            if row := by_move.get(move):
                row.write(vals)
            else:
                created.append(vals)
        self.env["saas.tie.out"].create(created)

    def _prepare_vals(self, move, sides, agreed, money):
        received = sides.received
        return {
            "source_id": move.saas_source_id.id,
            "tenant_id": move.saas_tenant_id.id,
            "move_id": move.id,
            "date": move.invoice_date,
            "period_start": agreed.start if agreed else False,
            "period_end": agreed.end if agreed else False,
            "currency_id": move.currency_id.id,
            "is_agreed_known": sides.agreed is not None,
            "is_stated_known": sides.stated is not None,
            "is_received_known": received is not None,
            "agreed": float(sides.agreed or 0),
            "stated": float(sides.stated or 0),
            "booked": float(sides.booked),
            "paid": float(sides.paid),
            "received": float(received or 0),
            "fee": float(money.fee),
            "net": float((received or 0) - money.fee),
            "payouts": ", ".join(sorted(money.payouts)) or False,
            "state": find_state(sides),
            "compared_at": fields.Datetime.now(),
        }

    def _record_differences(self, sides, told):
        """Open what differs, and close what no longer does.

        :param told: the facts of mirrored documents: an invoice below zero is a credit
            note here, and an invoice for its source.
        """
        outcomes = defaultdict(list)
        for move, own in sides.items():
            code = move.currency_id.name
            gaps = tuple(
                Gap(pair.value, f"{theirs:f} {code}", f"{ours:f} {code}")
                for pair, theirs, ours in find_gaps(own)
            )
            kind = told[move].kind if move in told else move._get_saas_kind()
            outcomes[move.saas_source_id, kind.value].append(
                Outcome(
                    move.saas_external_id,
                    "different" if gaps else "matched",
                    gaps,
                    move,
                    move.saas_tenant_id,
                    move.invoice_date,
                )
            )
        findings = self.env["saas.reconcile.findings"]
        for (source, kind), own in outcomes.items():
            findings._record(source, kind, own, only=PAIRS)


def get_sign(move):
    """Return what gives the amounts of a document their sign: a credit note's are below
    zero.
    """
    return -1 if move.move_type == "out_refund" else 1


def _amount(move, field):
    return exact(move[field], move.currency_id.decimal_places)
