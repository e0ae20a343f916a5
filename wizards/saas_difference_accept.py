from decimal import Decimal, InvalidOperation

from odoo import fields, models
from odoo.exceptions import UserError

from ..canonical.review.duties import Decision
from ..models.notification import notify

#: Fields of a difference that are amounts of money.
_AMOUNTS = frozenset(
    """
    amount total tax amount_paid amount_remaining uncollectible total_left net_left
    tax_left
    """.split()
)


class SaasDifferenceAccept(models.TransientModel):
    """Lets a person accept differences, with the reason."""

    _name = "saas.difference.accept"
    _description = "Accept Differences"
    _inherit = ["saas.decision.mixin", "saas.previewed.mixin", "saas.guarded.mixin"]
    _decision = Decision.ACCEPT_DIFFERENCE

    difference_ids = fields.Many2many("saas.difference", string="Differences")
    company_id = fields.Many2one(related="difference_ids.company_id")
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    def _check_decision(self):
        """Raise unless the user may decide, and all of the differences are open."""
        differences = self.difference_ids
        differences._check_may_act("reviewer")
        if any(difference.state != "open" for difference in differences):
            raise UserError(
                self.env._(
                    "Only open differences can be accepted. Take the others out of "
                    "your selection."
                )
            )

    def _get_subject(self):
        return self.difference_ids

    def _get_amount(self):
        """Return by how much both sides differ in all; None where that is not known,
        as of an object that only one of them has.
        """
        total = Decimal(0)
        for difference in self.difference_ids:
            if difference.field == "object":
                return None
            if difference.field in _AMOUNTS:
                gap = _read_gap(difference)
                if gap is None:
                    return None
                total += gap
        return total

    def _read_subject(self):
        return sorted(
            [row.id, row.state, row.their_value or "", row.our_value or ""]
            for row in self.difference_ids
        )

    def _get_shown_events(self):
        """No event goes on because of it: nothing is booked."""
        return self.env["saas.subscription.event"]

    def _name_subject(self):
        return [
            f"{row.display_name} {row.our_value or '–'} / {row.their_value or '–'}"
            for row in self.difference_ids
        ]

    def _decide(self):
        """Accept the differences, with the reason in the sync log."""
        differences = self.difference_ids
        # This is done as superuser, since only actions change states; the log still
        # names the user.
        differences.sudo().note = self.note
        differences.sudo()._set_state("accepted", self.note)
        return notify(
            self.env._("%s differences were accepted.", len(differences)), close=True
        )


def _read_gap(difference):
    """Return by how much both sides differ, in the company's currency; None if that
    can't be told: the values are texts, an amount and its currency.
    """
    amounts, codes = [], set()
    for text in (difference.their_value, difference.our_value):
        number, _space, code = (text or "").partition(" ")
        try:
            amounts.append(Decimal(number or 0))
        except InvalidOperation:
            return None
        codes |= {code} if code else set()
    if len(codes) > 1:
        return None
    company = difference.company_id
    currencies = difference.env["res.currency"].with_context(active_test=False)
    found = currencies.search([("name", "in", list(codes))])
    if len(found) != len(codes):
        return None
    gap = abs(amounts[0] - amounts[1])
    if not found or found == company.currency_id:
        return gap
    day = difference.object_date or fields.Date.context_today(difference)
    converted = found._convert(float(gap), company.currency_id, company, day)
    return Decimal(str(converted))
