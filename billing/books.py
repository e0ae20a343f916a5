"""What the books of a company have for what is billed: accounts, taxes, days."""

from ..canonical.errors import Quarantine
from ..canonical.moments import naive
from ..canonical.reasons import Cause, Reason

#: What charges of one period have in common.
_PERIOD = ["subscription_id", "component_id", "period_start", "period_end"]


class Books:
    """Looks up what documents of one company and day need, each thing once for a batch.

    :param source: the company's own source, in the environment of the batch.
    :param date: the day of the documents.
    """

    def __init__(self, source, date):
        self.env = source.env
        self.source = source
        self.date = date
        self.positions, self.accounts, self.currencies = {}, {}, {}
        self.credited = {}
        self.is_checked = False

    def check(self):
        """Make sure that documents of this day can be booked at all.

        :raises Quarantine: as ``incomplete_setup`` or ``period_locked``.
        """
        if not self.is_checked:
            self._check()
            self.is_checked = True

    def _check(self):
        journal = self.source.sale_journal_id
        if not journal:
            raise Quarantine(
                Reason.INCOMPLETE_SETUP,
                self.env._(
                    "%s has no invoice journal. Choose one on the source, under "
                    "Accounting.",
                    self.source.name,
                ),
                about="sale_journal_id",
            )
        period = self.env["saas.ledger.period"]
        if error := period._get_error(self.source, self.date, journal, has_tax=True):
            raise error

    def look_up_credited(self, lines):
        """Find in one query the journal items that lines give back from: of each, the
        newest one that its period was charged by. Where nothing is deferred, none.
        """
        given_back = [line for line in lines if line.is_credit]
        schedules = self.env["saas.revenue.schedule"].sudo()
        company = [("company_id", "=", self.source.company_id.id)]
        if not given_back or not schedules.search_count(company, limit=1):
            return
        charges = self.env["saas.charge"].search_fetch(
            [
                (
                    "subscription_id",
                    "in",
                    [line.subscription.id for line in given_back],
                ),
                ("component_id", "in", [line.component.id for line in given_back]),
                (
                    "period_start",
                    "in",
                    [naive(line.period_start) for line in given_back],
                ),
                ("kind", "=", "charge"),
            ],
            [*_PERIOD, "move_line_id"],
            order="id",
        )
        self.credited = {
            tuple(charge[name] for name in _PERIOD): charge.move_line_id.id
            for charge in charges
        }

    def get_credited(self, line):
        """Return the id of the journal item that a line gives back from, as far as
        :meth:`look_up_credited` has found it.
        """
        period = naive(line.period_start), naive(line.period_end)
        return self.credited.get((line.subscription, line.component, *period), False)

    def get_currency(self, code):
        """Return the currency of a code.

        :raises Quarantine: as ``currency_mismatch``, if it can't be booked in.
        """
        if code not in self.currencies:
            currency = self.env["res.currency"].search([("name", "=", code)])
            if not currency:
                raise Quarantine(
                    Reason.CURRENCY_MISMATCH,
                    self.env._("The currency %s is not active in Odoo.", code),
                    cause=Cause.CURRENCY.of(code),
                )
            company = self.source.company_id
            known = self.env["saas.ledger.rates"]._find(
                {(company, currency, self.date)}
            )
            if not known:
                raise Quarantine(
                    Reason.CURRENCY_MISMATCH,
                    self.env._(
                        "There is no rate of %(currency)s for %(date)s.",
                        currency=code,
                        date=self.date,
                    ),
                    cause=Cause.RATE.of(code, self.date),
                )
            self.currencies[code] = currency
        return self.currencies[code]

    def get_due(self, tenant, partner):
        """Return the day on which a document is due, and its payment terms: the
        tenant's own, or those of the contact that owes it.
        """
        company = self.source.company_id
        owing = partner.with_company(company)
        terms = tenant.payment_term_id or owing.property_payment_term_id
        lines = terms.line_ids
        if not lines:
            return self.date, terms
        return max(line._get_due_date(self.date) for line in lines), terms

    def find_product(self, component, partner):
        """Return the product, income account and taxes of a component for a customer,
        by their fiscal position.

        :raises Quarantine: as ``unmapped_product`` or ``unmapped_tax``.
        """
        position = self._find_position(partner)
        key = component.product_id, position
        if key not in self.accounts:
            self.accounts[key] = self._find_product(component, position)
        return self.accounts[key]

    def _find_position(self, partner):
        if partner not in self.positions:
            positions = self.env["account.fiscal.position"]
            self.positions[partner] = positions._get_fiscal_position(partner)
        return self.positions[partner]

    def _find_product(self, component, position):
        company = self.source.company_id
        product = component.product_id.with_company(company)
        account = product._get_product_accounts()["income"]
        account = position.map_account(account or self.source.default_income_account_id)
        if not account:
            raise Quarantine(
                Reason.UNMAPPED_PRODUCT,
                self.env._(
                    "The product %s has no income account. Set one on the product or "
                    "its category.",
                    product.display_name,
                ),
            )
        taxes = position.map_tax(product.taxes_id._filter_taxes_by_company(company))
        if included := taxes.filtered("price_include"):
            raise Quarantine(
                Reason.UNMAPPED_TAX,
                self.env._(
                    "The tax %(tax)s of %(product)s is included in the price, but "
                    "prices of plans are without tax. Choose another tax for the "
                    "product.",
                    tax=included[0].display_name,
                    product=product.display_name,
                ),
            )
        return product, account, taxes
