import base64
import binascii

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...canonical.revenue.old_books import OldBooksError, read
from ...models.roles import FINANCE


class SaasRevenueOpening(models.TransientModel):
    """Brings in, from a list, what is still to be recognised of documents that old
    books have. It shows first how the list adds up beside the books; as long as it does
    not come to what the deferred accounts hold, nothing is brought in.
    """

    _name = "saas.revenue.opening"
    _description = "Deferred Revenue of Old Books"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    day = fields.Date(
        string="Recognised Until",
        required=True,
        default=lambda self: self._get_default_day(),
        help="The last day that the old books have recognised revenue of. What is left "
        "is recognised from the next one on.",
    )
    file = fields.Binary(string="List (CSV)", attachment=False)
    file_name = fields.Char()
    state = fields.Selection(
        [("empty", "Choose a list"), ("different", "Different"), ("equal", "Equal")],
        readonly=True,
        default="empty",
    )
    message = fields.Text(string="What Is Found", readonly=True)
    total_ids = fields.One2many(
        "saas.revenue.opening.total", "opening_id", string="Totals", readonly=True
    )

    @api.model
    def _get_default_day(self):
        start = self.env.company.revenue_deferred_from
        day = start or fields.Date.context_today(self).replace(day=1)
        return fields.Date.subtract(day, days=1)

    def action_look(self):
        """Show how the list adds up beside the books. Nothing is brought in by it."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        self._check_links()
        looked = self._look()
        is_equal = self._is_equal(looked)
        # Nobody writes totals by hand.
        self.sudo().write(
            {
                "state": "equal" if is_equal else "different",
                "message": self._tell(looked, is_equal),
                "total_ids": [
                    Command.clear(),
                    *map(Command.create, self._prepare_totals(looked)),
                ],
            }
        )
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Deferred Revenue of Old Books"),
                "res_model": self._name,
                "view_mode": "form",
                "target": "new",
                "res_id": self.id,
            }
        )

    def action_apply(self):
        """Bring in what is new in the list, and open it.

        :raises UserError: if the list does not come to what the books hold.
        """
        self.ensure_one()
        self._check_may_act(*FINANCE)
        self._check_links()
        company = self.company_id
        company._hold_saas()
        looked = self._look()
        if not self._is_equal(looked):
            raise UserError(self._tell(looked, is_equal=False))
        schedules = self.env["saas.revenue.old_books"]._bring_in(company, looked)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_revenue_schedule_action"
        )
        return self._in_company(
            {**action, "domain": [("id", "in", schedules.ids)], "context": {}}
        )

    def _look(self):
        """Return what would come of the list.

        :raises UserError: if it can't be read.
        """
        if not self.file:
            raise UserError(self.env._("Choose a list first."))
        try:
            lines = read(base64.b64decode(self.file).decode("utf-8-sig"))
        except (binascii.Error, UnicodeDecodeError):
            raise UserError(
                self.env._("The list is no CSV in UTF-8. Export it again.")
            ) from None
        except OldBooksError as error:
            raise UserError(
                self.env._(
                    "Row %(row)s of the list: the column %(column)s has no usable "
                    "value%(value)s.",
                    row=error.number,
                    column=error.column,
                    value=f" ({error.value})" if error.value else "",
                )
            ) from None
        return self.env["saas.revenue.old_books"]._look(
            self.company_id, self.day, lines
        )

    def _is_equal(self, looked):
        return not looked.problems and not any(
            difference
            for total in looked.totals.values()
            for difference in total.differences
        )

    def _tell(self, looked, is_equal):
        """Return in sentences what was found."""
        told = [
            self.env._(
                "%(new)s new lines, %(known)s that were brought in before.",
                new=len(looked.rows),
                known=looked.known,
            )
        ]
        if not is_equal and not looked.problems:
            told.append(
                self.env._(
                    "The list does not come to what the deferred accounts hold on that "
                    "day. Nothing is brought in until it does."
                )
            )
        return "\n".join([*told, *looked.problems[:20]])

    def _prepare_totals(self, looked):
        return [
            {
                "account_id": account.id,
                "currency_id": currency.id,
                "booked": total.booked,
                "known": total.known,
                "listed": total.listed,
                "difference": total.differences[0],
                "company_difference": total.differences[1],
            }
            for (account, currency), total in looked.totals.items()
        ]


class SaasRevenueOpeningTotal(models.TransientModel):
    """What a list of old books adds to a deferred account in a currency, beside what
    the account holds.
    """

    _name = "saas.revenue.opening.total"
    _description = "Total of Deferred Revenue of Old Books"
    _inherit = ["saas.guarded.mixin"]

    opening_id = fields.Many2one(
        "saas.revenue.opening", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="opening_id.company_id")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )
    account_id = fields.Many2one("account.account", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    booked = fields.Monetary(string="In the Books", readonly=True)
    known = fields.Monetary(string="Known Already", readonly=True)
    listed = fields.Monetary(string="New in the List", readonly=True)
    difference = fields.Monetary(readonly=True)
    company_difference = fields.Monetary(
        string="Difference, Company's Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
