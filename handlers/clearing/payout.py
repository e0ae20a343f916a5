from datetime import UTC

from odoo import models

from ...canonical.actions import PAYOUT_STATES
from ...canonical.facts import PAYOUT_RANK
from ...canonical.kinds import Kind
from ...canonical.moments import naive
from ...canonical.reasons import Reason
from ...ledger.entry import CLEARING, Entry, transfer


class SaasHandlerPayout(models.AbstractModel):
    """Handles payouts. The money of a paid payout goes from the clearing account to the
    account of internal transfers, where the line of the bank statement meets it. It
    comes back if the payout fails.
    """

    _name = "saas.handler.payout"
    _inherit = "saas.handler"
    _description = "SaaS payout handler"

    def _apply(self, source, items):
        records = self._mirror(source, items)
        items = self.env["saas.cutover"]._ignore_old_payouts(
            source, [item for item in items if not item.error]
        )
        self._book_paid(source, items, records)
        items = [item for item in items if not item.error]
        self._reverse_failed(source, items, records)
        for item in items:
            record = records[item]
            if record.automatic and record.move_id and item.fact.contents_ready:
                source._enqueue_read_payout(item.fact.external_id)

    def _mirror(self, source, items):
        """Bring the payouts' records to their states; return them by item."""
        cutover = self.env["saas.cutover"]
        currencies = self.env["saas.ledger.currency"]._check(
            source,
            [
                (item, cutover._get_record_date(source, self._get_date(item.fact)))
                for item in items
            ],
        )
        items = [item for item in items if not item.error]
        bindings = self.env["saas.binding"]._find(
            source, Kind.PAYOUT, [item.fact.external_id for item in items]
        )
        new = [item for item in items if item.fact.external_id not in bindings]
        records = self._create(source, new, currencies)
        for item in items:
            if item not in records:
                records[item] = self._advance(item, bindings[item.fact.external_id])
        for item, record in records.items():
            if item.fact.failed_at and not record.failed_at:
                record.failed_at = naive(item.fact.failed_at)
            if not item.error:
                item.log(PAYOUT_STATES[item.fact.state], record)
        return records

    def _create(self, source, items, currencies):
        """Create and bind the records of new payouts; return them by item."""
        return self._create_mirrors(
            source,
            "saas.payout",
            items,
            lambda item: {
                "currency_id": currencies[item.fact.currency].id,
                "amount": item.fact.decimal(item.fact.amount),
                "amount_minor": item.fact.amount,
                "exponent": item.fact.exponent,
                "automatic": item.fact.automatic,
                "proof_state": "no_data" if item.fact.automatic else "manual",
                **self._prepare_vals(item.fact),
            },
            lambda fact: {"rank": PAYOUT_RANK[fact.state], "amount": fact.amount},
        )

    def _advance(self, item, binding):
        """Bring a known payout to a higher state, and return its record. Its amount and
        currency never change.
        """
        fact, record = item.fact, binding._get_record()
        if fact.amount != binding.amount or fact.currency != record.currency_id.name:
            item.quarantine(
                Reason.AMOUNT_MISMATCH,
                self.env._(
                    "The payout is known with an amount of %(known)s, but this event "
                    "states %(stated)s.",
                    known=binding.amount,
                    stated=fact.amount,
                ),
            )
        elif PAYOUT_RANK[fact.state] > binding.rank:
            binding.rank = PAYOUT_RANK[fact.state]
            record.write(self._prepare_vals(fact))
        return record

    def _prepare_vals(self, fact):
        return {
            "state": fact.state,
            "arrival_date": self._get_date(fact),
            "bank_texts": " ".join(fact.bank_texts),
        }

    def _get_date(self, fact):
        """Return the day of arrival, which is a day and no moment: it is midnight UTC,
        and would be the day before in any time zone to the west.
        """
        return fact.arrives_at.astimezone(UTC).date()

    def _book_paid(self, source, items, records):
        """Book payouts by the snapshot that says they were paid."""
        self._take_bound(source, items, records)
        paid = [
            item
            for item in items
            if item.fact.state == "paid"
            and not item.decision
            and not records[item].move_id
        ]
        sent = source.company_id.transfer_account_id
        if not sent:
            for item in paid:
                item.quarantine(
                    Reason.INCOMPLETE_SETUP,
                    self.env._(
                        "The company has no account for internal transfers. "
                        "Choose one in the settings of Accounting."
                    ),
                    about="transfer_account_id",
                )
            return
        entries = [self._prepare_entry(source, item, sent) for item in paid]
        exchanged = [entry for entry in entries if entry.item.fact.exchanged]
        entries = [entry for entry in entries if not entry.item.fact.exchanged]
        entries += self.env["saas.clearing.payout_exchange"]._prepare(
            source, exchanged, sent, records
        )
        booked = self.env["saas.ledger.entry"]._book(source, entries)
        for entry, move in booked.items():
            records[entry.item].move_id = move

    def _take_bound(self, source, items, records):
        """Take the entries that people made for payouts as the payouts' own."""
        decided = [item for item in items if item.decision]
        if not decided:
            return
        bindings = self.env["saas.binding"]._find(
            source, Kind.PAYOUT_ENTRY, [item.fact.external_id for item in decided]
        )
        for item in decided:
            binding = bindings.get(item.fact.external_id)
            if binding and binding.res_id and not records[item].move_id:
                records[item].move_id = binding._get_move()

    def _prepare_entry(self, source, item, sent):
        """Return the entry of a payout: Dr internal transfers, Cr clearing."""
        fact = item.fact
        return Entry(
            item,
            CLEARING,
            Kind.PAYOUT_ENTRY,
            fact.external_id,
            self._get_date(fact),
            transfer(
                sent,
                source._get_clearing_account(),
                fact.decimal(fact.amount),
                self.env._("Payout %s", fact.external_id),
            ),
        )

    def _reverse_failed(self, source, items, records):
        """Reverse payouts that were booked as paid and came back, in whatever order the
        two became known.
        """
        rows = []
        for item in items:
            record = records[item]
            if record.move_id and record.failed_at and not record.return_move_id:
                date = source._localize_date(record.failed_at)
                rows.append((item, record.move_id, max(date, record.move_id.date)))
        reversals = self.env["saas.ledger.reversal"]._reverse_open(
            source, rows, Kind.PAYOUT_RETURN
        )
        for (item, _move, _date), reversal in zip(rows, reversals, strict=True):
            records[item].return_move_id = reversal
