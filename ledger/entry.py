from dataclasses import dataclass, field

from odoo import Command, models

from ..canonical.actions import POSTED
from ..canonical.errors import Missing
from ..canonical.money import exact


@dataclass(frozen=True)
class Book:
    """A journal of a source that entries go to, and how they stand in it.

    ``has_tax``: an entry may carry tax. ``is_object``: an entry mirrors an object of
    the source, and shows its id. ``has_currency``: an entry has the one currency of its
    fact; in another book it may have several, and the journal's stands at its head.
    """

    name: str
    has_tax: bool = False
    is_object: bool = True
    has_currency: bool = True


#: Money that the source holds for us.
CLEARING = Book("clearing", has_tax=True, has_currency=False)
#: Entries that belong to a document, are none themselves, and draw no invoice number.
OTHER = Book("other", is_object=False)
#: Opening items: what stood open at the cut-over.
OPENING = Book("opening")


@dataclass(eq=False)
class Entry:
    """An entry to be booked because of an item.

    It is bound by ``kind`` and ``ref``; ``binding`` are more values of the binding, and
    ``vals`` of the entry. ``fact`` has the currency and states the amounts exactly.
    ``lines`` come from :func:`journal_item`. ``text`` is what the entry refers to, if
    not ``ref``. ``rate`` is units of the fact's currency per unit of the company's,
    or None for the day's: what belongs to a document has the document's rate, so that
    nothing is left over when the two are reconciled. ``action`` is what the log says.
    """

    item: object
    book: Book
    kind: str
    ref: str
    date: object
    lines: list = field(default_factory=list)
    fact: object = None
    text: str | None = None
    rate: float | None = None
    vals: dict = field(default_factory=dict)
    binding: dict = field(default_factory=dict)
    action: str | None = None

    def __post_init__(self):
        self.fact = self.fact or self.item.fact
        self.text = self.text or self.ref
        self.action = self.action or POSTED[self.kind]

    @property
    def error(self):
        """Return the error of the item: one bad entry leaves out all of them."""
        return self.item.error

    def quarantine(self, reason, detail, cause=None, about=None):
        """Leave the item to a person."""
        self.item.quarantine(reason, detail, cause, about)


def journal_item(account, amount, name, partner=None, **vals):
    """Return the values of a journal item.

    :param amount: a Decimal in the currency of the entry's fact; debit is positive.
    :param vals: further values. Without ``balance``, the entry's rate gives it.
    """
    return {
        "account_id": account.id,
        "amount_currency": amount,
        "partner_id": partner.id if partner else False,
        "name": name,
        **vals,
    }


def transfer(debit, credit, amount, name, partner=None):
    """Return the two journal items of an amount that goes from one account to another;
    below zero it goes the other way.
    """
    return [
        journal_item(debit, amount, name, partner),
        journal_item(credit, -amount, name, partner),
    ]


class SaasLedgerEntry(models.AbstractModel):
    """Books entries that are neither documents nor payments."""

    _name = "saas.ledger.entry"
    _description = "SaaS ledger entries"

    def _book(self, source, entries, accounts=()):
        """Book the entries that can be booked, and leave the others to a person.

        :param accounts: names of the source's fields with accounts they need.
        :return: the posted moves by entry.
        """
        good, currencies = self._check(source, entries, accounts)
        return self._post(source, good, currencies)

    def _book_or_raise(self, source, entries, accounts=()):
        """Book all entries: what they belong to is booked already.

        :raises EventError: if one of them can't be booked as it is.
        :return: the posted moves by entry.
        """
        _good, currencies = self._check(source, entries, accounts)
        for entry in entries:
            if entry.error:
                raise entry.error
        return self._post(source, entries, currencies)

    def _require(self, source, book, needs):
        """Quarantine items that need what the source has not been given.

        :param needs: pairs of an item and the name of the source's account field.
        """
        accounts = {}
        for item, account in needs:
            accounts.setdefault(item, {})[account] = True
        for item, own in accounts.items():
            if missing := self._get_missing(source, book, own):
                item.lack(missing)

    def _check(self, source, entries, accounts=()):
        """Quarantine the items of entries that can't be booked as they are. An item of
        which one entry fails is left out whole.

        :param accounts: names of the source's fields with accounts they need.
        :return: the entries that can be booked, and the currencies by code.
        """
        if not entries:
            return [], {}
        books = {entry.book for entry in entries}
        missing = {book: self._get_missing(source, book, accounts) for book in books}
        journals = {book: self._get_journal(source, book) for book in books}
        for entry in entries:
            book = entry.book
            if missing[book]:
                entry.item.lack(missing[book])
            elif error := self.env["saas.ledger.period"]._get_error(
                source, entry.date, journals[book], book.has_tax
            ):
                entry.item.fail(error)
        currencies = self.env["saas.ledger.currency"]._check(
            source, [(entry, entry.date) for entry in entries if not entry.error]
        )
        return [entry for entry in entries if not entry.error], currencies

    def _get_journal(self, source, book):
        """Return the journal that is a source's book; empty if there is none."""
        if book == CLEARING:
            return source.clearing_journal_id
        return (
            source._get_other_journal() if book == OTHER else source.opening_journal_id
        )

    def _get_missing(self, source, book, accounts):
        """Return what a source was not given, a :class:`~..canonical.errors.Missing`,
        or None.
        """
        if book == CLEARING and not source._get_clearing_account():
            text = self.env._(
                "The source has no clearing journal with an account. Choose one on "
                "the source, under Accounting."
            )
            return Missing(("clearing_journal_id",), text)
        if book == OTHER and not source._get_other_journal():
            text = self.env._(
                "The company has no miscellaneous journal. Create one in Accounting."
            )
            return Missing(("journal_type_general",), text)
        if book == OPENING and not (
            source.cutover_date
            and source.opening_journal_id
            and source.opening_account_id
        ):
            text = self.env._(
                "The source has no cut-over with an account and a journal. Set "
                "them under Import & Recovery."
            )
            return Missing(("cutover_date",), text)
        return source._get_missing_account(*accounts)

    def _post(self, source, entries, currencies):
        """Write, post and bind entries that were checked; those without any line but
        zeros make none.

        :raises Quarantine: as ``period_locked``, if Odoo moves one to another day.
        :return: the posted moves by entry.
        """
        entries = [e for e in entries if any(x["amount_currency"] for x in e.lines)]
        if not entries:
            return {}
        rates = self._get_rates(source, entries, currencies)
        books = {entry.book for entry in entries}
        journals = {book: self._get_journal(source, book) for book in books}
        moves = (
            self.env["account.move"]
            .with_context(skip_invoice_sync=True)
            .create(
                [
                    self._prepare_vals(
                        source,
                        entry,
                        journals[entry.book],
                        currencies[entry.fact.currency],
                        rates,
                    )
                    for entry in entries
                ]
            )
        )
        moves._post(soft=False)
        # Later steps write these moves in the normal way.
        moves = moves.with_env(self.env)
        self.env["saas.ledger.period"]._check_kept(moves, [e.date for e in entries])
        bindings = self.env["saas.binding"]
        bindings.create(
            [
                bindings._prepare_vals(
                    source, entry.kind, entry.ref, move, **entry.binding
                )
                for entry, move in zip(entries, moves, strict=True)
            ]
        )
        for entry, move in zip(entries, moves, strict=True):
            entry.item.log(entry.action, move, move.name)
        return dict(zip(entries, moves, strict=True))

    def _get_rates(self, source, entries, currencies):
        """Return the rates of all lines whose balance is not given, by currency id and
        day.
        """
        return self.env["saas.ledger.rates"]._get(
            source,
            {
                (
                    line.get("currency_id", currencies[entry.fact.currency].id),
                    entry.date,
                )
                for entry in entries
                for line in entry.lines
                if "balance" not in line and not entry.rate
            },
        )

    def _prepare_vals(self, source, entry, journal, currency, rates):
        """Return the values of an entry's move, with all its journal items."""
        tenant = entry.item.tenant
        lines = [
            {"currency_id": currency.id, **line}
            for line in entry.lines
            if line["amount_currency"]
        ]
        self._balance(source, entry, lines, rates)
        vals = {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": source.company_id.id,
            "date": entry.date,
            "ref": entry.text,
            "saas_source_id": source.id,
            "saas_tenant_id": tenant.id if tenant else False,
            "line_ids": [Command.create(line) for line in lines],
            **entry.vals,
        }
        if entry.book.is_object:
            vals["saas_external_id"] = entry.ref
        if entry.book.has_currency:
            vals["currency_id"] = currency.id
        return vals

    def _balance(self, source, entry, lines, rates):
        """Give each line its amount in the company's currency. What the rounding of
        several lines leaves over goes to the last one, which is the money's.
        """
        convert = self.env["saas.ledger.rates"]._convert
        for line in lines:
            if "balance" not in line:
                rate = entry.rate or rates[line["currency_id"], entry.date]
                line["balance"] = convert(source, line["amount_currency"], rate)
        places = source.company_id.currency_id.decimal_places
        rest = sum(exact(float(line["balance"]), places) for line in lines)
        lines[-1]["balance"] -= rest
