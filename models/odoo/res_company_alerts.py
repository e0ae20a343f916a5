from odoo import api, fields, models

from ...canonical.review.severity import AMOUNTS, CLOSING_DAY, HIGH, MEDIUM
from ..big_integer import BigInteger


class ResCompany(models.Model):
    """Says from which amounts on an exception is grave, and who is told of what goes
    wrong.
    """

    _inherit = "res.company"

    exception_medium_amount = BigInteger(
        string="Medium From",
        required=True,
        default=AMOUNTS[MEDIUM],
        help="An exception is of medium severity at least when so much is at stake, "
        "in whole units of the company's currency.",
    )
    exception_high_amount = BigInteger(
        string="High From",
        required=True,
        default=AMOUNTS[HIGH],
        help="An exception is of high severity when so much is at stake with it, or "
        "when nobody knows how much, in whole units of the company's currency.",
    )
    exception_closing_day = fields.Integer(
        string="Months Close On",
        required=True,
        default=CLOSING_DAY,
        help="On which day of the next month the books of a month are closed. From "
        "three days before until a week after that, exceptions with documents or money "
        "of a month that is not locked yet are of high severity. 0: no month is "
        "closed.",
    )
    _exception_closing_day_check = models.Constraint(
        "CHECK (exception_closing_day BETWEEN 0 AND 31)",
        "The day on which months close is from 1 to 31, or 0 for none.",
    )
    _exception_amounts_in_order = models.Constraint(
        "CHECK (exception_medium_amount > 0"
        " AND exception_high_amount >= exception_medium_amount)",
        "High severity can't begin below medium severity, and both begin above zero.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["saas.alert.rule"]._ensure(companies)
        return companies
