from dataclasses import dataclass
from datetime import timedelta

from odoo import Command, models

from ...canonical.actions import Action
from ...canonical.errors import Quarantine
from ...canonical.kinds import Kind
from ...canonical.money import exact
from ..entry import OTHER
from ..journal_items import get_open


@dataclass(frozen=True, eq=False)
class Transfer:
    """An open receivable item, ``line``, of which ``amount``, a positive Decimal in its
    currency or None for all that is open, goes to another contact and account. ``kind``
    and ``ref`` name the object that it is of: of a payment, the main id. The entry is
    ``tenant``'s.
    """

    item: object
    kind: str
    ref: str
    line: object
    tenant: object
    partner: object
    account: object
    amount: object = None


class SaasLedgerReceivableTransfer(models.AbstractModel):
    """Takes open receivables to another contact or account, by entries of their own:
    nothing posted is changed.

    An entry is dated as what it moves, or on the first open day after that: no account
    changes but the receivables. It is bound as ``receivable_transfer``, with the id of
    the object as parent.
    """

    _name = "saas.ledger.payments.receivable_transfer"
    _description = "SaaS transfers between receivables"

    def _give(self, source, rows):
        """Take all that is open of entries to the contacts of tenants.

        :param rows: items, tenants, kinds and ids of objects, and the objects' entries.
        """
        known = self._find(source, [(kind, ref) for _i, _t, kind, ref, _moves in rows])
        none = self.env["account.move"]
        transfers = []
        for item, tenant, kind, ref, moves in rows:
            partner = tenant.booking_partner_id.commercial_partner_id
            account = self._get_account(source, partner)
            transfers += [
                Transfer(item, kind, ref, line, tenant, partner, account)
                for line in get_open(moves | known.get((kind, ref), none))
                if line.partner_id.commercial_partner_id != partner
            ]
        self._book(source, transfers)

    def _get_account(self, source, partner):
        partner = partner.with_company(source.company_id)
        return partner.property_account_receivable_id

    def _find(self, source, objects):
        """Return the transfers of objects, by the objects' kinds and ids.

        :param objects: kinds and ids; of payments, the main ids.
        """
        parents = {_get_parent(*pair): pair for pair in objects}
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.RECEIVABLE_TRANSFER),
                ("parent_ref", "in", list(parents)),
            ]
        )
        moves = self.env["account.move"]
        return {
            parents[parent]: moves.union(*(binding._get_record() for binding in group))
            for parent, group in bindings.grouped("parent_ref").items()
        }

    def _book(self, source, transfers):
        """Post and bind transfers, and reconcile each with what it takes away.

        :return: the journal items that take the place of the old ones, in order.
        :raises Quarantine: as ``incomplete_setup``, if the company has no journal.
        """
        lines = self.env["account.move.line"]
        if not transfers:
            return lines
        journal = source._get_other_journal()
        if not journal:
            missing = self.env["saas.ledger.entry"]._get_missing(source, OTHER, ())
            raise Quarantine.lacking(missing)
        vals_list = [self._prepare_vals(source, t, journal) for t in transfers]
        moves = (
            self.env["account.move"]
            .with_context(skip_invoice_sync=True)
            .create(vals_list)
        )
        moves._post(soft=False)
        moves = moves.with_env(self.env)
        self.env["saas.ledger.period"]._check_kept(
            moves, [vals["date"] for vals in vals_list]
        )
        self._bind(source, transfers, moves)
        pairs = [move.line_ids.sorted("id") for move in moves]
        lines._reconcile_plan(
            [t.line | pair[0] for t, pair in zip(transfers, pairs, strict=True)]
        )
        return lines.concat(*(pair[1] for pair in pairs))

    def _prepare_vals(self, source, transfer, journal):
        """Return the values of the entry of a transfer: first the opposite of what is
        taken away, then what takes its place.
        """
        line, tenant = transfer.line, transfer.tenant
        amount, balance = self._get_amounts(transfer)
        common = {"currency_id": line.currency_id.id, "name": line.name}
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": source.company_id.id,
            "date": self._get_date(source, line.date, journal),
            "ref": transfer.ref,
            "currency_id": line.currency_id.id,
            "saas_source_id": source.id,
            "saas_tenant_id": tenant.id,
            "line_ids": [
                Command.create(
                    {
                        **common,
                        "account_id": line.account_id.id,
                        "partner_id": line.partner_id.id,
                        "amount_currency": -amount,
                        "balance": -balance,
                    }
                ),
                Command.create(
                    {
                        **common,
                        "account_id": transfer.account.id,
                        "partner_id": transfer.partner.id,
                        "amount_currency": amount,
                        "balance": balance,
                    }
                ),
            ],
        }

    def _get_amounts(self, transfer):
        """Return what a transfer moves, as signed Decimals: in the journal item's
        currency, and in the company's.
        """
        line = transfer.line
        own = line.company_id.currency_id
        amount = exact(line.amount_residual_currency, line.currency_id.decimal_places)
        balance = exact(line.amount_residual, own.decimal_places)
        if transfer.amount is None or transfer.amount >= abs(amount):
            return amount, balance
        part = transfer.amount if amount > 0 else -transfer.amount
        return part, exact(float(balance * part / amount), own.decimal_places)

    def _get_date(self, source, date, journal):
        """Return the day of what is moved, or the first open day after it."""
        locks = source.company_id._get_violated_lock_dates(date, False, journal)
        return max([date, *(lock[0] + timedelta(days=1) for lock in locks)])

    def _bind(self, source, transfers, moves):
        """Bind transfers, each object's with numbers of their own, and note them."""
        bindings = self.env["saas.binding"]
        known = self._find(source, {(t.kind, t.ref) for t in transfers})
        counts = {_get_parent(*pair): len(found) for pair, found in known.items()}
        vals_list = []
        for transfer, move in zip(transfers, moves, strict=True):
            parent = _get_parent(transfer.kind, transfer.ref)
            counts[parent] = counts.get(parent, 0) + 1
            vals_list.append(
                bindings._prepare_vals(
                    source,
                    Kind.RECEIVABLE_TRANSFER,
                    f"{parent} {counts[parent]}",
                    move,
                    parent_ref=parent,
                )
            )
            transfer.item.log(Action.RECEIVABLE_TRANSFER_POSTED, move, move.name)
        bindings.create(vals_list)

    def _take_back(self, source, rows):
        """Reverse the transfers of payments that are about to be reversed themselves:
        their receivable is again where the payment put it.

        :param rows: items, payments and days.
        """
        refs = {ref for _i, p, _d in rows for ref in p.mapped("saas_external_id")}
        known = self._find(source, [(Kind.PAYMENT, ref) for ref in refs])
        if not known:
            return
        every = self.env["account.move"].union(*known.values())
        for item, payments, date in rows:
            moves = self._follow(payments.move_id, every)
            if not moves:
                continue
            moves.line_ids.remove_move_reconcile()
            reversals = moves._reverse_moves(
                [
                    {
                        "date": self._get_date(
                            source, max(date, move.date), move.journal_id
                        ),
                        "ref": move.ref,
                        "saas_source_id": source.id,
                        "saas_tenant_id": move.saas_tenant_id.id,
                    }
                    for move in moves
                ]
            )
            reversals._post(soft=False)
            for reversal in reversals:
                item.log(Action.RECEIVABLE_TRANSFER_REVERSED, reversal, reversal.name)
            self.env["saas.binding"].search(
                [
                    ("source_id", "=", source.id),
                    ("kind", "=", Kind.RECEIVABLE_TRANSFER),
                    ("res_id", "in", moves.ids),
                ]
            ).unlink()

    def _follow(self, moves, every):
        """Return those of the transfers ``every`` that begin at the entries ``moves``,
        and those that go on from there.
        """
        found = every.browse()
        while moves:
            partials = (
                moves.line_ids.matched_debit_ids | moves.line_ids.matched_credit_ids
            )
            lines = partials.debit_move_id | partials.credit_move_id
            moves = (lines.move_id & every) - found
            found |= moves
        return found


def _get_parent(kind, ref):
    """Return what the transfers of an object are bound under."""
    return f"{kind} {ref}"


def get_place(line):
    """Return where a receivable stands: items of one account and contact can be
    reconciled with each other.
    """
    return line.account_id, line.partner_id.commercial_partner_id
