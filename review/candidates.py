from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..canonical.kinds import Kind
from ..canonical.money import exact
from .moved import DOCUMENTS, get_minor, get_moved

#: Objects that are payments, with Odoo's types of them.
_PAYMENTS = {Kind.PAYMENT: "inbound", Kind.REFUND: "outbound"}
_MOST = 40


class SaasReviewCandidates(models.AbstractModel):
    """Finds the records that an object of a source could be, the likely one first, and
    says whether one may be it, and in what it differs.
    """

    _name = "saas.review.candidates"
    _description = "SaaS candidates"

    def _get_domain(self, source, kind, fact, model, partner=None):
        """Return the domain of the records of a model that an object could be.

        :param kind: the kind that decisions about the object are kept under.
        :param partner: the commercial entity it has to be of; None: any.
        """
        domain = Domain("company_id", "=", source.company_id.id)
        if partner and kind in (*DOCUMENTS, *_PAYMENTS):
            domain &= Domain("partner_id", "child_of", partner.ids)
        if model == "account.payment":
            return domain & Domain(
                [
                    ("payment_type", "=", _PAYMENTS.get(kind)),
                    ("partner_type", "=", "customer"),
                    ("state", "in", ("in_process", "paid")),
                    ("currency_id.name", "=", fact.currency),
                    ("saas_external_id", "=", False),
                ]
            )
        domain &= Domain("state", "=", "posted")
        domain &= Domain("saas_external_id", "=", False)
        if kind in DOCUMENTS:
            return domain & Domain(
                [
                    ("move_type", "=", self._get_move_type(kind, fact)),
                    ("currency_id.name", "=", fact.currency),
                ]
            )
        return domain & Domain(
            [
                ("move_type", "in", ("entry", "in_invoice", "in_refund")),
                ("line_ids.currency_id.name", "=", fact.currency),
            ]
        )

    def _find(self, source, kind, fact, model, partner=None):
        """Return the records that an object could be, the likely one first: by its
        number, then its amount, then its day.
        """
        domain = self._get_domain(source, kind, fact, model, partner)
        found = self.env[model].search(domain, limit=_MOST, order="date desc, id desc")
        stated = self._get_stated(kind, fact)
        day = self._get_day(source, fact)

        def distance(record):
            ours = self._get_amount(source, kind, fact, record)
            return (
                not self._is_named(fact, record),
                abs(stated - ours),
                abs((record.date - day).days),
            )

        return found.sorted(distance)

    def _check(self, source, kind, fact, record, partner, any_partner=False):
        """Raise unless a record may be what an object is.

        :param partner: the commercial entity of the object's customer, if known.
        :param any_partner: the person says that it is right with another one.
        :raises UserError: with what has to be otherwise.
        """
        domain = self._get_domain(source, kind, fact, record._name)
        if record.company_id != source.company_id:
            raise UserError(
                self.env._(
                    "The record belongs to another company than the source. Choose "
                    "one of %s.",
                    source.company_id.display_name,
                )
            )
        self._check_free(fact, record)
        if not record.filtered_domain(domain) or self._is_opposite(
            source, kind, fact, record
        ):
            raise UserError(
                self.env._(
                    "%(record)s is not posted, or is of another kind or direction "
                    "than %(object)s. Choose a posted record of the same direction.",
                    record=record.display_name,
                    object=fact.external_id,
                )
            )
        own = record.partner_id.commercial_partner_id
        if partner and own and own != partner and not any_partner:
            raise UserError(
                self.env._(
                    "%(record)s is of %(own)s, and the object of %(partner)s. If it is "
                    "the same all the same, say so and tell why.",
                    record=record.display_name,
                    own=own.display_name,
                    partner=partner.display_name,
                )
            )

    def _check_free(self, fact, record):
        """Raise if a record is another object already, or in another currency."""
        if record.saas_external_id or self._is_taken(record):
            raise UserError(
                self.env._(
                    "%(record)s is another object of a source already. Choose "
                    "another record.",
                    record=record.display_name,
                )
            )
        currencies = record.currency_id
        if record._name == "account.move" and not record.is_invoice():
            currencies = record.line_ids.currency_id
        if fact.currency not in currencies.mapped("name"):
            raise UserError(
                self.env._(
                    "%(record)s is not in %(currency)s, the currency that the source "
                    "states. Choose another record, or enter one in that currency.",
                    record=record.display_name,
                    currency=fact.currency,
                )
            )

    def _describe_difference(self, source, kind, fact, record):
        """Return the sentences that say in what a record differs from what the source
        states; empty where it does not.
        """
        parts = []
        stated = self._get_stated(kind, fact)
        ours = self._get_amount(source, kind, fact, record)
        if stated != ours:
            parts.append(
                self.env._(
                    "The amount is %(ours)s %(currency)s here, and %(stated)s at the "
                    "source.",
                    ours=ours,
                    stated=stated,
                    currency=fact.currency,
                )
            )
        day = self._get_day(source, fact)
        if record.date != day:
            parts.append(
                self.env._(
                    "The day is %(ours)s here, and %(stated)s at the source.",
                    ours=record.date,
                    stated=day,
                )
            )
        if self._get_missing(source, kind, fact, record):
            parts.append(
                self.env._(
                    "It is not on the clearing account with that amount, so the "
                    "clearing balance differs from the source by it."
                )
            )
        return " ".join(parts)

    def _get_missing(self, source, kind, fact, record=None):
        """Return what the clearing account lacks when an object is a record, or
        nothing at all, in the source's minor units.
        """
        moved = get_moved(source, kind, fact)
        if moved is None:
            return 0
        on_clearing = self._sum_lines(source, fact, record, is_clearing=True)
        return moved - int((on_clearing or 0) * 10**fact.exponent)

    def _get_stated(self, kind, fact):
        """Return what the source states of an object, as a positive Decimal."""
        return abs(fact.decimal(get_minor(kind, fact)))

    def _get_amount(self, source, kind, fact, record):
        """Return the amount of a record, as a Decimal; an entry's is what it has on
        the clearing account, or else on receivables, or else all its debits.
        """
        places = record.currency_id.decimal_places
        if record._name == "account.payment":
            return exact(record.amount, places)
        if record.is_invoice():
            return exact(record.amount_total, places)
        amount = self._sum_lines(source, fact, record, is_clearing=True)
        if amount is None:
            amount = self._sum_lines(source, fact, record, is_clearing=False)
        return abs(amount)

    def _sum_lines(self, source, fact, record, is_clearing):
        """Return what an entry changes the clearing account by in the fact's currency,
        as a Decimal; None where it has no item there. For ``is_clearing`` False: what
        it has on receivables, or else its debits.
        """
        if not record:
            return None
        move = record if record._name == "account.move" else record.move_id
        lines = move.line_ids.filtered(lambda x: x.currency_id.name == fact.currency)
        clearing = source._get_clearing_account()
        chosen = lines.filtered(lambda line: line.account_id == clearing)
        if not is_clearing:
            chosen = lines.filtered(
                lambda line: line.account_type == "asset_receivable"
            ) or lines.filtered(lambda line: line.balance > 0)
        elif not chosen:
            return None
        places = lines.currency_id[:1].decimal_places
        return sum(
            (exact(line.amount_currency, places) for line in chosen),
            start=exact(0.0, places),
        )

    def _get_move_type(self, kind, fact):
        is_refund = kind == Kind.CREDIT_NOTE or get_minor(kind, fact) < 0
        return "out_refund" if is_refund else "out_invoice"

    def _get_day(self, source, fact):
        names = (
            "issued_at paid_at failed_at refunded_at arrives_at moved_at "
            "adjusted_at changed_at opened_at"
        )
        moments = (getattr(fact, name, None) for name in names.split())
        moment = next(filter(None, moments), None)
        return source._localize_date(moment) if moment else source.cutover_date

    def _is_named(self, fact, record):
        """Return whether a record shows the object's number or id."""
        names = [getattr(fact, "number", ""), fact.external_id]
        shown = [record.name, record["memo" if "memo" in record else "ref"]]
        return any(n and t and (n == t or n in t) for n in names for t in shown)

    def _is_taken(self, record):
        """Return whether a record is another object of a source already."""
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return bool(self.env["saas.binding"].sudo().search_count(domain, limit=1))

    def _is_opposite(self, source, kind, fact, record):
        """Return whether an entry moves money the other way than the object did: by
        its items on the clearing account, or else on receivables.
        """
        if record._name == "account.payment" or record.is_invoice():
            return False
        moved = get_moved(source, kind, fact)
        ours = self._sum_lines(source, fact, record, is_clearing=True)
        if ours is not None:
            return bool(moved) and ours * moved < 0
        if kind not in _PAYMENTS:
            return False
        # What a customer paid is a credit on the receivable.
        owed = self._sum_lines(source, fact, record, is_clearing=False)
        return owed * moved > 0
