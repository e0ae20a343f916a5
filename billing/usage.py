from fractions import Fraction

from odoo import models

from ..canonical.subscriptions.held import Rate
from ..canonical.usage.difference import Window, differ_usage
from ..canonical.usage.rating import rate, round_minor
from ..canonical.usage.window import prorate
from .line import ChargeLine

#: Decimals of a quantity that is billed.
_PLACES = 10**9


class SaasBillingUsage(models.AbstractModel):
    """Finds what is to be billed of what was used: all that was counted in a period, at
    its price, less what is booked of it.
    """

    _name = "saas.billing.usage"
    _description = "SaaS billing of usage"

    def _find_lines(self, parts, cutoff):
        """Return what is to be billed, as :class:`~.line.ChargeLine`.

        :param parts: the :class:`~.target.Part` that are billed by what was used.
        :param cutoff: an aware instant. A period is billed once its meter has waited
            for what comes late.
        """
        wanted = [(part, part.find_due(cutoff)) for part in parts]
        counts = self.env["saas.usage.rating"]._read(
            {
                self._get_key(part, hold)
                for part, due in wanted
                for target, _rows in due.values()
                for hold in (target.holds if target else ())
            }
        )
        return [
            line for part, due in wanted for line in self._differ(part, due, counts)
        ]

    def _get_key(self, part, hold):
        """Return what names a window of usage."""
        meter = part.component.meter_id
        return part.subscription.id, meter.id, hold.start, hold.end

    def _differ(self, part, due, counts):
        """Yield the lines of one component, period by period.

        :param counts: the quantity and the newest record by window.
        """
        for period, (target, rows) in due.items():
            windows, version = [], 0
            for hold in target.holds if target else ():
                quantity, newest = counts[self._get_key(part, hold)]
                version = max(version, newest)
                windows.append(self._make_window(target, hold, quantity))
            lines = differ_usage(windows, [row.as_window() for row in rows])
            for line in self._heed_policy(part.component.meter_id, rows, lines):
                yield ChargeLine(
                    part.subscription,
                    part.component,
                    *period,
                    line.window.start,
                    line.window.end,
                    line.window.rate,
                    line.quantity,
                    line.amount,
                    line.amount < 0,
                    is_correction=line.is_correction,
                    usage_version=version,
                )

    def _make_window(self, target, hold, quantity):
        """Return what was used while a component was held, and what it costs."""
        ruler = target.ruler
        # An average over time may have no end as a decimal.
        quantity = Fraction(round_minor(quantity * _PLACES), _PLACES)
        part = Fraction(1)
        if ruler.proration != "none":
            units = ruler.position(hold.end) - ruler.position(hold.start)
            part = Fraction(units, ruler.length)
        price = prorate(hold.rate.price, part)
        used = Rate(price, Fraction(0), hold.rate.discount)
        amount = round_minor(rate(price, quantity) * (1 - used.discount))
        return Window(used, hold.start, hold.end, quantity, amount)

    def _heed_policy(self, meter, rows, lines):
        """Return the lines that a meter lets be billed of what came late: all of them,
        what is in the customer's favour, or none.
        """
        if not rows or meter.late_policy == "next_invoice":
            return lines
        if meter.late_policy == "credit_only":
            return lines if sum(line.amount for line in lines) < 0 else []
        return []
