from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...canonical.facts import Certainty
from ...canonical.kinds import Kind


class SaasComparatorPayment(models.AbstractModel):
    """Compares payments received. One sum at the source may be several payments here,
    booked as its parts became known, or as it was tried to get more than once.
    """

    _name = "saas.comparator.payment"
    _inherit = "saas.comparator.cash"
    _description = "SaaS payment comparator"

    _kind = Kind.PAYMENT
    _payment_type = "inbound"

    def _get_day(self, source, fact):
        return source._localize_date(fact.paid_at)

    def _prepare(self, source, facts, bindings):
        """Return the payments of each sum by its main id, the ids of what failed here,
        and the invoices that each sum pays: as the source told, and as booked.
        """
        mains = [fact.external_id for fact in facts]
        payments = self.env["account.payment"].search(
            [
                ("saas_source_id", "=", source.id),
                ("saas_external_id", "in", mains),
                ("saas_superseded", "=", False),
            ]
        )
        told = self._get_told(source, facts)
        every = self.env["account.move"].union(*told.values())
        return {
            **self._read_matched(source, payments, every),
            "payments": payments.grouped("saas_external_id"),
            "failed": set(self._get_failures(source, mains).mapped("external_id")),
            "told": told,
        }

    def _read_others(self, facts):
        """Return the ids of what the source says has failed after all."""
        failed = {f.external_id for f in facts if f.kind == Kind.PAYMENT_FAILURE}
        return {"told_failed": failed}

    def _get_failures(self, source, mains):
        """Return the bindings of what is booked as failed of sums of money."""
        return self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.PAYMENT_FAILURE),
                ("parent_ref", "in", mains),
                ("res_id", "!=", False),
            ]
        )

    def _get_told(self, source, facts):
        """Return the invoices' entries that each sum pays, by its main id."""
        mains = {ref: fact.external_id for fact in facts for ref in fact.ids}
        pairs = self.env["saas.settlement"].search(
            [
                ("source_id", "=", source.id),
                ("debit_kind", "=", Kind.INVOICE),
                ("credit_kind", "=", Kind.PAYMENT),
                ("credit_ref", "in", list(mains)),
            ]
        )
        invoices = self.env["saas.binding"]._find(
            source, Kind.INVOICE, pairs.mapped("debit_ref")
        )
        told = {}
        for pair in pairs:
            invoice = invoices.get(pair.debit_ref)
            record = invoice and not pair._is_over() and invoice._get_record()
            if record:
                main = mains[pair.credit_ref]
                told[main] = told.get(main, record.browse()) | record
        return told

    def _get_values(self, source, fact, record, known):
        payments = known["payments"].get(fact.external_id, record)
        if fact.attempt:
            payments = (
                payments.filtered(lambda p: p.saas_attempt in (False, fact.attempt))
                or payments
            )
        ref = fact.attempt or fact.external_id
        theirs = 0 if ref in known["told_failed"] else fact.amount
        ours = self._get_amount(payments)
        if ref in known["failed"]:
            ours = fact.decimal(0)
        yield "amount", fact.decimal(theirs), ours
        yield "currency", fact.currency, record.currency_id.name
        yield from self._get_days(source, fact, payments)
        told = known["told"].get(fact.external_id, self.env["account.move"])
        yield from self._get_invoices(source, payments, told, known)

    def _get_days(self, source, fact, payments):
        """Yield the day if it is another one. A charge without its movement tells when
        it was made: by bank debit the money comes days later, and that is when it was
        booked.
        """
        day = self._get_day(source, fact)
        for ours in sorted(set(payments.mapped("date"))):
            if ours < day or (ours > day and fact.certainty == Certainty.MOVED):
                yield "date", day, ours
                return

    def _get_invoices(self, source, payments, told, known):
        """Yield the invoices that are paid if these are others: one that the source
        doesn't name, or not one that it does although both are open.
        """
        matched = told.browse().union(
            *(known["matched"].get(payment.id, told.browse()) for payment in payments)
        )
        others = matched - told
        missing = told - matched
        is_open = any(payment.id in known["open"] for payment in payments)
        if others or (is_open and set(missing.ids) & known["owed"]):
            yield "invoice", _name(told), _name(others | (told & matched))

    def _read_matched(self, source, payments, told):
        """Return what payments are matched with, read for all at once: the invoices of
        the source by the payments' ids, the ids of payments that have something open,
        and those of the invoices that have.

        :param told: the invoices that the source says they pay.
        """
        items = payments.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        # Filtering forgets what was read together.
        items = items.with_prefetch(items.ids)
        partials = self.env["account.partial.reconcile"].search(
            [("credit_move_id", "in", items.ids)]
        )
        matched = {}
        for partial in partials:
            move = partial.debit_move_id.move_id
            if move.saas_source_id == source and move.saas_state:
                key = partial.credit_move_id.payment_id.id
                matched[key] = matched.get(key, move.browse()) | move
        return {
            "matched": matched,
            "open": {item.payment_id.id for item in items if item.amount_residual},
            "owed": {
                line.move_id.id
                for line in told.line_ids
                if line.account_type == "asset_receivable" and line.amount_residual > 0
            },
        }

    def _is_over(self, record):
        """Return whether all that came in of a sum was taken back: it failed."""
        main = record.saas_external_id
        failed = set(
            self._get_failures(record.saas_source_id, [main]).mapped("external_id")
        )
        payments = record.search(
            [
                ("saas_source_id", "=", record.saas_source_id.id),
                ("saas_external_id", "=", main),
                ("saas_superseded", "=", False),
            ]
        )
        return all((payment.saas_attempt or main) in failed for payment in payments)

    def _get_unseen_domain(self, source, line):
        """Only the main id of each sum: its other ids are of the same object."""
        return super()._get_unseen_domain(source, line) & Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = %s",
                SQL.identifier(alias, "external_id"),
                SQL.identifier(alias, "parent_ref"),
            )
        )


def _name(moves):
    return ", ".join(sorted(move.ref or move.name for move in moves))
