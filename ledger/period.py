from odoo import models

from ..canonical.errors import Quarantine
from ..canonical.reasons import Reason


class SaasLedgerPeriod(models.AbstractModel):
    """Keeps bookings out of locked periods, and on the day that the source states.

    Odoo moves an entry to another day where a lock forbids its own. So the ledger asks
    before it writes, and compares the days after it has posted.
    """

    _name = "saas.ledger.period"
    _description = "SaaS period check"

    def _get_error(self, source, date, journal, has_tax=False):
        """Return what is wrong with booking on ``date``, or None.

        :param has_tax: the entry may carry tax, so a lock of tax returns counts too.
        """
        locks = source.company_id._get_violated_lock_dates(date, has_tax, journal)
        if locks:
            return Quarantine(
                Reason.PERIOD_LOCKED,
                self.env._("%(date)s is in a locked period.", date=date),
                about=f"{locks[0][1]}:{date:%Y-%m}",
            )
        return None

    def _check_kept(self, moves, dates):
        """Make sure that Odoo has kept the days of posted entries.

        :param dates: the days stated, in the order of ``moves``.
        :raises Quarantine: as ``period_locked``, for the first entry that was moved.
        """
        for move, date in zip(moves, dates, strict=True):
            if move.date != date:
                raise Quarantine(
                    Reason.PERIOD_LOCKED,
                    self.env._(
                        "Odoo would book it on %(date)s instead of %(stated)s.",
                        date=move.date,
                        stated=date,
                    ),
                    about=f"moved:{date:%Y-%m}",
                )
