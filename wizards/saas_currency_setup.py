from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..canonical.actions import Action
from ..canonical.money import write_plainly, write_step
from ..canonical.reasons import Cause
from ..canonical.review.duties import Decision

#: No two currencies are further apart than that: whatever is, is a slip of the hand.
_MOST_RATE = 10_000_000


class SaasCurrencySetup(models.TransientModel):
    """Lets a reviewer set up the currency that an event can't be booked in: make it
    active, enter the rate of the day for the source's company, or give it the decimals
    that the source states amounts with.

    In Accounting that takes an administrator, and the company that is current there.
    Here it is for the event's company and day alone.
    """

    _name = "saas.currency.setup"
    _description = "Set Up Currency"
    _inherit = ["saas.decision.mixin", "saas.previewed.mixin", "saas.guarded.mixin"]
    _decision = Decision.CURRENCY

    event_ids = fields.Many2many("saas.subscription.event", required=True)
    company_id = fields.Many2one(related="event_ids.company_id")
    code = fields.Char(string="Currency", compute="_compute_currency")
    day = fields.Date(compute="_compute_currency")
    is_rate_needed = fields.Boolean(compute="_compute_currency")
    what = fields.Text(string="What Will Be Changed", compute="_compute_currency")
    rate = fields.Float(
        digits=0,
        help="Units of this currency for one unit of the company's currency, on that "
        "day: 0.8 if 1 USD is 0.80 EUR and the company keeps its books in USD.",
    )
    both_ways = fields.Char(
        compute="_compute_both_ways",
        help="The rate in both directions, so that one which is the wrong way round is "
        "seen.",
    )

    @api.depends("event_ids")
    def _compute_currency(self):
        for wizard in self:
            event = wizard.event_ids._origin[:1]
            event._check_may_decide()
            kind, code, value = Cause.parse(event.sudo().cause)
            dated = kind in (Cause.CURRENCY, Cause.RATE)
            wizard.code = code
            wizard.day = dated and fields.Date.to_date(value)
            wizard.is_rate_needed = dated and not self._has_rate(event, code, value)
            wizard.what = self._describe(event, kind, code, value)

    @api.depends("rate", "code", "company_id")
    def _compute_both_ways(self):
        for wizard in self:
            own = wizard.company_id.currency_id.name
            wizard.both_ways = wizard._is_rate_likely() and self.env._(
                "1 %(own)s is %(rate)s %(code)s, and 1 %(code)s is %(back)s %(own)s.",
                own=own,
                code=wizard.code,
                rate=_show(wizard.rate),
                back=_show(1 / wizard.rate),
            )

    def _is_rate_likely(self):
        """Return whether the rate can be one at all."""
        return 1 / _MOST_RATE <= self.rate <= _MOST_RATE

    def _has_rate(self, event, code, day):
        """Return whether the company can convert a currency on a day."""
        company = event.company_id
        if code == company.currency_id.name:
            return True
        domain = [
            ("currency_id", "=", self._get_currency(code).id),
            ("company_id", "in", (False, company.root_id.id)),
            ("name", "<=", day),
        ]
        return bool(self.env["res.currency.rate"].sudo().search_count(domain, limit=1))

    def _get_currency(self, code):
        currencies = self.env["res.currency"].sudo().with_context(active_test=False)
        return currencies.search([("name", "=", code)], limit=1)

    def _describe(self, event, kind, code, value):
        """Return in sentences what the wizard will change, and for whom."""
        told = []
        if kind == Cause.CURRENCY:
            told.append(self.env._("%s is made active, for all companies.", code))
        if kind in (Cause.CURRENCY, Cause.RATE):
            told.append(
                self.env._(
                    "%(company)s gets its rate of %(day)s, unless it has one.",
                    company=event.company_id.name,
                    day=value,
                )
            )
        if kind == Cause.DECIMALS:
            told.append(
                self.env._(
                    "The Rounding Factor of %(code)s becomes %(factor)s, for all "
                    "companies. Odoo does not let it grow again once it is used.",
                    code=code,
                    factor=write_step(int(value)),
                )
            )
        return " ".join(told)

    def _check_decision(self):
        """Raise unless the user may decide, the event waits for a currency, and a rate
        is entered where one is needed.
        """
        event = self.event_ids
        event._check_may_decide()
        if len(event) != 1 or not self.what:
            raise UserError(
                self.env._(
                    "This event does not wait for a currency, so there is nothing to "
                    "set up. Do what its next step says."
                )
            )
        if self.is_rate_needed and not self._is_rate_likely():
            raise UserError(
                self.env._(
                    "Enter how many %(currency)s one %(own)s was on %(day)s, as a "
                    "number between 0.0000001 and 10,000,000.",
                    currency=self.code,
                    own=self.company_id.currency_id.name,
                    day=self.day,
                )
            )

    def _decide(self):
        """Set the currency up, and retry the events that wait for it."""
        event = self.event_ids
        # As superuser, since a role of this app has no rights on currencies; the log
        # names the user.
        self._set_up(event.sudo())
        return event._get_like()._retry_and_tell()

    def _set_up(self, event):
        kind, code, value = Cause.parse(event.cause)
        currency = self._get_currency(code)
        if not currency:
            raise UserError(
                self.env._(
                    "Odoo does not know the currency %s. Ask an administrator to "
                    "create it in Accounting.",
                    code,
                )
            )
        if kind == Cause.DECIMALS:
            currency.rounding = 10.0 ** -int(value)
        else:
            currency.active = True
        if self.is_rate_needed:
            company = event.company_id
            self.env["res.currency.rate"].sudo().with_company(company).create(
                {
                    "currency_id": currency.id,
                    "company_id": company.root_id.id,
                    "name": value,
                    "company_rate": self.rate,
                }
            )
        self.env["saas.sync.log"].sudo()._append(
            [
                {
                    "source_id": event.source_id.id,
                    "event_id": event.id,
                    "action": Action.CURRENCY_SET_UP.value,
                    "res_model": currency._name,
                    "res_id": currency.id,
                    "detail": " ".join(filter(None, (self.what, self.both_ways))),
                }
            ]
        )


def _show(rate):
    """Return a rate as people read it: six digits that count, no exponent."""
    return write_plainly(Decimal(f"{rate:.6g}"))
