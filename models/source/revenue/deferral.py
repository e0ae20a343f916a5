from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...revenue_methods import METHODS


class SaasSource(models.Model):
    """Says whether, from which day and how the revenue of a source's documents is
    deferred, where that is not as its company says.
    """

    _inherit = "saas.source"

    deferral = fields.Selection(
        [
            ("company", "As the company says"),
            ("own", "From a day of its own"),
            ("never", "Never"),
        ],
        string="Defer Revenue",
        required=True,
        default="company",
        help="Whether lines whose service goes beyond the document's month are booked "
        "as deferred revenue.",
    )
    deferred_from = fields.Date(help="Documents of this day and later ones.")
    deferred_method = fields.Selection(
        METHODS,
        string="Share Out Revenue",
        help="How it is shared out to months, unless the tenant, the product or the "
        "deferred account says it. Empty: as the company says. Documents that are "
        "booked already stay as they are.",
    )

    revenue_reason_ids = fields.One2many(
        "saas.revenue.reason",
        "source_id",
        string="Reasons of Credit Notes",
        help="What credit notes of this source are for, by the word that it gives for "
        "the reason. Any other one is for what the company says.",
    )

    @api.constrains("deferral", "deferred_from")
    def _check_deferral(self):
        for source in self:
            if source.deferral != "own":
                continue
            if not source.deferred_from:
                raise ValidationError(
                    self.env._(
                        "Choose the day from which revenue of %s is deferred.",
                        source.name,
                    )
                )
            source.company_id._check_revenue_account()

    def _get_deferral_start(self):
        """Return the day from which documents of this source are deferred, or None."""
        self.ensure_one()
        if self.deferral == "never":
            return None
        own = self.deferral == "own"
        return self.deferred_from if own else self.company_id.revenue_deferred_from
