from decimal import Decimal

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

from ....canonical.errors import Ignore
from ....canonical.money import to_decimal
from ....canonical.reasons import Reason
from ....canonical.review.causes import Told
from ....canonical.review.stakes import find_stake
from ...big_integer import BigInteger


class SaasSubscriptionEvent(models.Model):
    """Notes how much money waits with an event, and of which object, so that the amount
    at stake of a case is one query, and an object that several events tell of counts
    once. Tells what a case goes by.
    """

    _inherit = "saas.subscription.event"

    object_kind = fields.Char(readonly=True, groups=NO_ACCESS)
    object_ref = fields.Char(readonly=True, groups=NO_ACCESS)
    stake = BigInteger(
        readonly=True,
        groups=NO_ACCESS,
        help="The amount of the object, in minor units of its currency.",
    )
    stake_currency_id = fields.Many2one(
        "res.currency", readonly=True, groups=NO_ACCESS, ondelete="restrict"
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    stake_company = fields.Monetary(
        string="At Stake",
        currency_field="company_currency_id",
        readonly=True,
        help="The amount in the company's currency, at the rate of its day. It is zero "
        "where that is not known.",
    )
    stake_day = fields.Date(
        readonly=True,
        groups=NO_ACCESS,
        help="The day of the object, in the source's time zone.",
    )
    is_stake_known = fields.Boolean(
        readonly=True, help="The event could be read, and its amount be converted."
    )
    case_link_ids = fields.One2many("saas.exception.event", "event_id", readonly=True)

    @api.model
    def _note_all_told(self, told, tenants, failed):
        """Note what events tell.

        :param told: their items, by event, with what became of them.
        :param tenants: whose they are, by event; None where that is not known.
        :param failed: the errors of those that could not be read, by event.
        """
        stakes = {}
        for event, items in told.items():
            event._note_told(items, tenants[event])
            waiting = [i for i in items if i.error and not isinstance(i.error, Ignore)]
            if waiting:
                stakes[event] = find_stake([item.fact for item in waiting])
        self._note_stakes(stakes)
        for event, error in failed.items():
            if getattr(error, "reason", None) == Reason.WRONG_MODE:
                # Nobody owes or has money of a test.
                event.is_stake_known = event.mode == "test"

    @api.model
    def _note_stakes(self, stakes):
        """Note how much money waits with events of one source, in a constant number of
        queries.

        :param stakes: by event, an
            :class:`~....canonical.review.stakes.AtStake` or None.
        """
        found = self._convert_stakes(stakes)
        for event, stake in stakes.items():
            if not stake:
                event.write(_NOTHING)
                continue
            currency, day, amount = found[event]
            event.write(
                {
                    "object_kind": stake.kind,
                    "object_ref": stake.ref,
                    "stake": stake.minor,
                    "stake_currency_id": currency.id,
                    "stake_company": amount or 0,
                    "stake_day": day,
                    "is_stake_known": amount is not None,
                }
            )

    @api.model
    def _convert_stakes(self, stakes):
        """Return of the events that have a stake its currency, its day, and its amount
        in the company's currency: None where that is not known.

        :param stakes: as :meth:`_note_stakes` takes them.
        """
        found = {event: stake for event, stake in stakes.items() if stake}
        currencies = self._find_currencies({s.currency for s in found.values()})
        days = {event: event._get_stake_day(stake) for event, stake in found.items()}
        rates = self.env["saas.ledger.rates"]._find(
            {
                (event.company_id, currencies[stake.currency], days[event])
                for event, stake in found.items()
                if stake.currency in currencies
            }
        )
        converted = {}
        for event, stake in found.items():
            currency = currencies.get(stake.currency, self.env["res.currency"])
            rate = rates.get((event.company_id, currency, days[event]))
            amount = event._convert_stake(stake, rate) if rate else None
            converted[event] = currency, days[event], amount
        return converted

    def _find_currencies(self, codes):
        """Return the currencies by code, also those that are not active."""
        if not codes:
            return {}
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search([("name", "in", sorted(codes))])
        return {currency.name: currency for currency in found}

    def _get_stake_day(self, stake):
        """Return the day whose rate converts a stake: its own, or that of the event."""
        moment = stake.moment
        if moment is None:
            moment = self.occurred_at or self.received_at
        if moment.tzinfo is None:
            return moment.date()
        return self.source_id._localize_date(moment)

    def _convert_stake(self, stake, rate):
        """Return a stake in the company's currency, as a Decimal."""
        places = self.company_id.currency_id.decimal_places
        amount = to_decimal(stake.minor, stake.exponent) / rate
        return amount.quantize(Decimal(1).scaleb(-places))

    def _tell_stop(self, stop=None, fact=None, waiting_for=None):
        """Return what is known of what stops this event, a
        :class:`~....canonical.review.causes.Told`.

        :param stop: a :class:`~....canonical.errors.Stop`; None: what is stored tells.
        :param fact: the fact that it stops, where it could be read.
        """
        self.ensure_one()
        event = self.sudo()
        if fact:
            subject = f"{fact.kind}:{fact.external_id}"
        else:
            subject = next(iter(event.object_refs or ()), f"event:{event.external_id}")
        waits = event.waiting_for if waiting_for is None else waiting_for
        return Told(
            reason=stop.reason if stop else event.reason,
            about=stop.about or "" if stop else "",
            cause=(stop.cause if stop else event.cause) or "",
            waiting_for=waits or "",
            detail=(stop.detail if stop else event.detail) or "",
            subject=subject,
            customer=(fact and fact.customer) or event.customer_ref or "",
            event_type=event.event_type,
            api_version=event.api_version or "",
            mode=event.mode or "",
            account=event.account_ref or "",
        )


#: What is written of an event that could be read and holds no money.
_NOTHING = {
    "object_kind": False,
    "object_ref": False,
    "stake": False,
    "stake_currency_id": False,
    "stake_company": 0,
    "stake_day": False,
    "is_stake_known": True,
}
