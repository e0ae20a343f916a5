from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models


class SaasSource(models.Model):
    """Says how many days of a source are compared with the books each night."""

    _inherit = "saas.source"

    reconcile_days = fields.Integer(
        string="Compare the Last (Days)",
        default=7,
        help="Each night, the objects that the source made in so many days are "
        "compared with those in Odoo. 0 means only when somebody asks for it. "
        "This needs an API key.",
    )

    _reconcile_days_positive = models.Constraint(
        "CHECK (reconcile_days BETWEEN 0 AND 366)",
        "Enter between 0 and 366 days to compare each night.",
    )

    def _get_moments(self, date_from, date_to):
        """Return when a period of days begins and ends here, as aware moments in
        UTC: the first one is in it, the second one no longer.
        """
        self.ensure_one()
        zone = pytz.timezone(self.tz)
        return tuple(
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc)
            for day in (date_from, date_to + timedelta(days=1))
        )
