from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.actions import Action
from ...canonical.reasons import Reason
from ...canonical.review.duties import FourEyes

#: The fields of a company that lock its periods.
_LOCKS = frozenset(
    """
    fiscalyear_lock_date hard_lock_date purchase_lock_date sale_lock_date tax_lock_date
    """.split()
)
#: The accounts of a company that events are booked with.
_ACCOUNTS = frozenset(
    """
    expense_currency_exchange_account_id income_currency_exchange_account_id
    transfer_account_id
    """.split()
)
#: What says how grave exceptions are: amounts, and which months are about to close.
_GRADING = _LOCKS | {
    *("exception_medium_amount", "exception_high_amount", "exception_closing_day")
}


class ResCompany(models.Model):
    """Has events that wait for a locked period, or for an account of the company,
    processed when that is there. Says whether a second person signs what one has
    decided.
    """

    _name = "res.company"
    _inherit = ["res.company", "saas.code.only.mixin"]

    saas_four_eyes = fields.Selection(
        selection=lambda self: self._get_saas_four_eyes(),
        string="SaaS Billing: Four Eyes",
        required=True,
        readonly=True,
        default=FourEyes.FROM_AMOUNT.value,
        help="Whether a finance approver signs what others have decided about the "
        "books of SaaS billing.",
    )

    bills_by_clock = fields.Boolean(
        string="SaaS Billing: Bill by the Clock",
        default=True,
        help="Begin a billing run each hour in which a subscription that Odoo bills is "
        "due. Without this, somebody begins it under Billing Runs.",
    )
    sells_by_orders = fields.Boolean(
        string="SaaS Billing: Contracts Are Sales Orders",
        help="A contract that is won is also a confirmed sales order, which follows "
        "its subscription, and whose lines the invoices name. Billing runs invoice it, "
        "Sales doesn't. It needs Sales to be installed.",
    )
    tenant_invoice_template_id = fields.Many2one(
        "mail.template",
        string="SaaS Billing: Invoice Template",
        domain="[('model', '=', 'account.move')]",
        help="The e-mail that tenants get with their invoices, where they have no "
        "template of their own. Empty: Odoo's own template.",
    )

    billing_responsible_id = fields.Many2one(
        "res.users",
        string="SaaS Billing: Responsible for Billing",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="Who is asked about tenants that could not be billed, where the source of "
        "the company's own invoices has no person. Empty: a finance reviewer of the "
        "company.",
    )

    saas_collection_mail_template_id = fields.Many2one(
        "mail.template",
        string="SaaS Billing: Payment Link Mail",
        domain="[('model', '=', 'saas.collection')]",
        ondelete="set null",
        help="What customers are written when they have to pay an invoice by a link. "
        "Empty: the mail that comes with the app.",
    )

    @api.model
    def _get_saas_four_eyes(self):
        return [
            (FourEyes.STRICT.value, self.env._("Every decision")),
            (
                FourEyes.FROM_AMOUNT.value,
                self.env._("From the amounts of the policies on"),
            ),
            (FourEyes.OFF.value, self.env._("Nobody: one person decides alone")),
        ]

    @api.constrains("saas_four_eyes")
    def _check_saas_duties(self):
        strict = self.filtered(lambda c: c.saas_four_eyes == FourEyes.STRICT)
        users = self.env["res.users"].sudo()
        users.search([("company_ids", "in", strict.ids)])._check_saas_duties()

    def _set_saas_four_eyes(self, mode, note):
        """Decide whether others have to sign; each source's log keeps it.

        :param mode: a :class:`~...canonical.review.duties.FourEyes`.
        """
        for company in self.sudo():
            was = company.saas_four_eyes
            company.saas_four_eyes = mode.value
            sources = self.env["saas.source"].sudo()
            self.env["saas.sync.log"].sudo()._append(
                [
                    {
                        "source_id": source.id,
                        "action": Action.FOUR_EYES_SET.value,
                        "res_model": company._name,
                        "res_id": company.id,
                        "detail": ": ".join(
                            filter(None, (f"{was} → {mode.value}", note))
                        ),
                    }
                    for source in sources.search([("company_id", "=", company.id)])
                ]
            )

    def write(self, vals):
        names = _LOCKS & vals.keys()
        before = {c: {name: c[name] for name in names} for c in self}
        result = super().write(vals)
        opened = self.filtered(
            lambda company: any(
                locked and (not company[name] or company[name] < locked)
                for name, locked in before[company].items()
            )
        )
        if opened:
            opened._free_saas_periods()
        if names := _ACCOUNTS & vals.keys():
            self._free_saas_set_up(names)
        if _GRADING & vals.keys():
            # Locks count for branches, too.
            branches = self.sudo().search([("id", "child_of", self.ids)])
            self.env["saas.exception"].sudo()._regrade(branches)
        return result

    def _hold_saas(self):
        """Let this transaction alone do something for a company: of two that try at
        once, the later one fails as any concurrent update does, and sees what the first
        has done when it is tried again.
        """
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE res_company SET write_date = write_date WHERE id = %s",
                self.id,
            ),
            log_exceptions=False,
        )

    def _free_saas_periods(self):
        """Have what waits for locked periods of these companies, and of their branches,
        processed again.
        """
        companies = self.sudo().search([("id", "child_of", self.ids)])
        self.env["saas.exception"].sudo()._free_periods(companies)

    def _free_saas_set_up(self, names):
        """Free what waits for accounts of these companies that are chosen now."""
        filled = {name for name in names if all(company[name] for company in self)}
        cases = self.env["saas.exception"].sudo()
        cases._find_open(
            [("company_id", "in", self.ids)], [Reason.INCOMPLETE_SETUP], filled
        )._settle()


class AccountLockException(models.Model):
    """Has events that wait for a locked period processed when somebody is let in."""

    _inherit = "account.lock_exception"

    @api.model_create_multi
    def create(self, vals_list):
        exceptions = super().create(vals_list)
        # Events are booked by the superuser: an exception of another user lets none in.
        open_to_all = exceptions.filtered(
            lambda exception: (
                exception.user_id.id in (False, self.env.ref("base.user_root").id)
            )
        )
        if open_to_all:
            open_to_all.company_id._free_saas_periods()
        return exceptions
