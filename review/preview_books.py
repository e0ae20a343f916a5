import re

from odoo import models
from odoo.tools import SQL

from ..canonical.marks import Sink
from ..canonical.money import exact

#: What is new after a preview is what has a higher id than all that was there before.
_TABLES = {
    "account.move": "account_move",
    "account.partial.reconcile": "account_partial_reconcile",
    "mail.activity": "mail_activity",
    "mail.mail": "mail_mail",
    "queue.job": "queue_job",
    "res.partner": "res_partner",
    "saas.outbound.message": "saas_outbound_message",
    "saas.tenant": "saas_tenant",
}


class SaasPreviewBooks(models.AbstractModel):
    """Reads what work has written since a moment of one transaction, as plain values
    for people: texts, numbers and lists. Amounts are texts with the decimals of their
    currency.

    - ``events``: what becomes of each, with the state, reason and sentence it gets;
    - ``moves``: the journal entries and documents, with their journal items;
    - ``reconciliations`` made, and those ``undone``; documents that are ``changed``;
    - ``contacts`` and ``tenants`` that are new; what is done otherwise, as ``steps``;
    - ``activities`` asked for, ``messages`` to others, ``mails``, and ``jobs``;
    - ``left``: how many events were not looked at.
    """

    _name = "saas.preview.books"
    _description = "SaaS books of a preview"

    def _read_marks(self):
        """Return the highest id of each table that is read, by model."""
        parts = [
            SQL("(SELECT coalesce(max(id), 0) FROM %s)", SQL.identifier(table))
            for table in _TABLES.values()
        ]
        [row] = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(parts)))
        return dict(zip(_TABLES, row, strict=True))

    def _read(self, sink, marks, events, left):
        """Return all that was written since ``marks``.

        :param sink: what has the rows of the log.
        :param events: those that were asked for.
        :param left: those that there was no room for.
        """
        rows = sink.rows
        moves = self._get_new("account.move", marks)
        partials = self._get_new("account.partial.reconcile", marks)
        known = self._get_known_moves(rows, partials, marks)
        tenants = self._get_new("saas.tenant", marks)
        wrote = self._get_writers(rows)
        return {
            "currency": self.env.company.currency_id.name,
            "events": self._read_events(rows, events, left),
            "moves": [self._read_move(move, wrote) for move in moves],
            "reconciliations": [self._read_partial(partial) for partial in partials],
            "known": {move.id: self._read_balance(move) for move in known},
            "contacts": [
                {"name": partner.display_name}
                for partner in self._get_new("res.partner", marks)
            ],
            "tenants": [
                {"name": tenant.display_name, "contact": tenant.partner_id.display_name}
                for tenant in tenants
            ],
            "steps": self._read_steps(rows),
            **self._read_sent(marks),
            "left": {
                "chosen": len(left & events),
                "freed": len(left - events),
            },
        }

    def _compare(self, after, marks):
        """Return what was read, with what it changed of what was there before, which is
        what there is now.
        """
        known = after.pop("known")
        states = {}
        events = self.env["saas.subscription.event"]
        ids = [each["id"] for each in after["events"]]
        for event in events.browse(ids).exists():
            states[event.id] = event.state
        for each in after["events"]:
            each["was"] = states.get(each["id"], "")
        changed, undone = [], []
        for move in self.env["account.move"].browse(known):
            now, later = self._read_balance(move), known[move.id]
            partials = set(now.pop("partials")) - set(later.pop("partials"))
            undone += sorted(partials)
            if now != later:
                changed.append({"before": now, "after": later})
        gone = self.env["account.partial.reconcile"].browse(dict.fromkeys(undone))
        after["undone"] = [self._read_partial(partial) for partial in gone]
        after["changed"] = changed
        return after

    # -- what is new ------------------------------------------------------------

    def _get_new(self, model, marks):
        """Return the records of this company that came since ``marks``."""
        domain = [("id", ">", marks[model])]
        fields_ = self.env[model]._fields
        if "company_id" in fields_ and fields_["company_id"].store:
            domain.append(("company_id", "in", (self.env.company.id, False)))
        model = self.env[model].with_context(active_test=False)
        return model.search(domain, order="id")

    def _get_known_moves(self, rows, partials, marks):
        """Return the entries that were there before, and that this has to do with."""
        ids = {"account.move": set(), "account.payment": set()}
        for row in rows:
            if row.get("res_model") in ids and row.get("res_id"):
                ids[row["res_model"]].add(row["res_id"])
        moves = self.env["account.move"].browse(ids["account.move"])
        moves |= self.env["account.payment"].browse(ids["account.payment"]).move_id
        moves |= (partials.debit_move_id | partials.credit_move_id).move_id
        company = self.env.company
        return moves.filtered(
            lambda move: move.id <= marks["account.move"] and move.company_id == company
        ).sorted("id")

    def _get_writers(self, rows):
        """Return the events that wrote records, by the records' model and id."""
        return {
            (row["res_model"], row["res_id"]): row["event_id"]
            for row in reversed(rows)
            if row.get("res_id") and row.get("event_id")
        }

    # -- books ------------------------------------------------------------------

    def _read_move(self, move, wrote):
        types = dict(move._fields["move_type"]._description_selection(self.env))
        lines = move.line_ids.filtered(
            lambda line: line.display_type not in ("line_section", "line_note")
        )
        payment = move.origin_payment_id
        return {
            "id": move.id,
            "event_id": wrote.get((move._name, move.id))
            or wrote.get((payment._name, payment.id), 0),
            "number": self._clean(move.name),
            "type": types[move.move_type],
            "reference": self._clean(move.ref),
            "journal": move.journal_id.display_name,
            "date": str(move.date),
            "due": str(move.invoice_date_due or "") if move.is_invoice() else "",
            "partner": move.partner_id.display_name or "",
            "state": move.state,
            "payment_state": move.payment_state if move.is_invoice() else "",
            "lines": [self._read_line(line) for line in lines],
        }

    def _read_line(self, line):
        own = line.company_currency_id.decimal_places
        other = line.currency_id
        return {
            "account": _name_account(line.account_id),
            "label": self._clean(line.name),
            "partner": line.partner_id.display_name or "",
            "debit": str(exact(line.debit, own)),
            "credit": str(exact(line.credit, own)),
            "amount": str(exact(line.amount_currency, other.decimal_places)),
            "currency": other.name,
            "is_foreign": other != line.company_currency_id,
            "taxes": line.tax_ids.mapped("name"),
            "tax": line.tax_line_id.name or "",
            "grids": line.tax_tag_ids.mapped("display_name"),
            "due": str(line.date_maturity or ""),
            "open": str(exact(line.amount_residual_currency, other.decimal_places))
            if line.account_id.reconcile
            else "",
        }

    def _read_partial(self, partial):
        company = partial.company_currency_id
        debit, credit = partial.debit_move_id, partial.credit_move_id
        return {
            "debit": self._clean(debit.move_id.name),
            "credit": self._clean(credit.move_id.name),
            "account": _name_account(debit.account_id),
            "partner": (debit.partner_id or credit.partner_id).display_name or "",
            "amount": str(exact(partial.amount, company.decimal_places)),
        }

    def _read_balance(self, move):
        """Return how a document or entry stands, and the ids of its partials."""
        places = move.currency_id.decimal_places
        states = dict(move._fields["payment_state"]._description_selection(self.env))
        lines = move.line_ids
        return {
            "number": self._clean(move.name),
            "partner": move.partner_id.display_name or "",
            "state": states.get(move.payment_state, "") if move.is_invoice() else "",
            "open": str(exact(move.amount_residual, places)),
            "currency": move.currency_id.name,
            "partials": (lines.matched_debit_ids | lines.matched_credit_ids).ids,
        }

    def _clean(self, text):
        """Return a text in which the numbers of a preview say what they are."""
        sink = Sink.get(self.env)
        if not text or not sink:
            return text or ""
        return re.sub(
            rf"{sink.name}/(\d+)",
            lambda found: self.env._("New %s", found[1]),
            str(text),
        )


def _name_account(account):
    """Return code and name. Odoo's own name has the code for accountants alone."""
    return " ".join(filter(None, (account.code, account.name)))
