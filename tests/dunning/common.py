"""Tenants that owe, and what is done about them from day to day."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command

from ...canonical.kinds import Kind
from ..billing.common import BillingCommon
from ..support.pulling import PullCommon

#: On this Monday the first invoice is due.
DUE = date(2026, 3, 2)
#: The steps of the policy of the tests: the days, the name, what is done.
STEPS = (
    (3, "Reminder", "mail"),
    (10, "Second reminder", "mail"),
    (15, "Call", "call"),
    (30, "Restriction", "restrict"),
    (60, "Cancellation", "cancel"),
)


def on(days):
    """Return the day so many days after the first due day."""
    return DUE + timedelta(days=days)


class DunningCommon(BillingCommon, PullCommon):
    """Ada and Bob are tenants of a company that has chosen a policy, which works on all
    days. Days are counted from :data:`DUE`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = cls.own
        cls.policy = cls.create_policy(*STEPS)
        cls.company.dunning_policy_id = cls.policy
        cls.ada = cls.create_debtor("Ada")
        cls.bob = cls.create_debtor("Bob")
        cls.company.billing_responsible_id = cls.responsible

    @classmethod
    def create_policy(cls, *steps, **vals):
        """Return a policy.

        :param steps: tuples of days, a name, what is done, and further values.
        """
        return cls.env["saas.dunning.policy"].create(
            {
                "name": "Usual",
                "company_id": cls.company.id,
                "weekend": "none",
                "step_ids": [
                    Command.create(
                        {
                            "after_days": after,
                            "name": name,
                            "action": action,
                            **(more[0] if more else {}),
                        }
                    )
                    for after, name, action, *more in steps
                ],
                **vals,
            }
        )

    @classmethod
    def create_debtor(cls, name, **vals):
        """Return a tenant with an address, which the company's own source knows."""
        tenant = cls.create_tenant(name, **vals)
        tenant.partner_id.email = f"{name.lower()}@fjord.example"
        bindings = cls.env["saas.binding"]
        bindings.create(bindings._prepare_vals(cls.own, Kind.CUSTOMER, name, tenant))
        return tenant

    def setUp(self):
        super().setUp()
        self.env["queue.job"].search([]).unlink()

    # -- what is owed ------------------------------------------------------------------

    def owe(self, tenant=None, amount=100, days=0, currency=None, **vals):
        """Return a posted invoice of a tenant that is due so many days after the
        first.
        """
        tenant = tenant or self.ada
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": tenant.partner_id.id,
                "invoice_date": on(days - 14),
                "invoice_date_due": on(days),
                "invoice_payment_term_id": False,
                "currency_id": (currency or self.company.currency_id).id,
                "saas_tenant_id": tenant.id,
                "saas_source_id": self.own.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Plan",
                            "price_unit": amount,
                            "tax_ids": False,
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                        }
                    )
                ],
                **vals,
            }
        )
        move.action_post()
        return move

    def pay(self, moves, amount=None):
        """Have a person enter a payment of invoices, in whole unless it is said."""
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        )
        vals = {"amount": amount} if amount else {}
        payments = register.create(vals)._create_payments()
        self.end_transaction()
        return payments

    def end_transaction(self):
        """Do what Odoo does right before it commits."""
        self.env.cr.flush()
        self.env.invalidate_all()

    # -- what is done ------------------------------------------------------------------

    def dun(self, days):
        """Let the clock strike on a day, and the jobs run; return the steps taken, as
        texts.
        """
        known = self.env["saas.dunning.step"].search([])
        with freeze_time(f"{on(days)} 12:00:00"):
            self.env["saas.dunning.run"]._cron_dun()
            self.run_jobs()
        return self.read_steps(self.env["saas.dunning.step"].search([]) - known)

    def read_steps(self, steps):
        """Return of steps whom they are about, and what each is."""
        return sorted(
            f"{step.tenant_id.name}: {step.name}, {step.total:.2f}" for step in steps
        )

    def get_state(self, tenant=None, currency=None):
        """Return where a tenant stands in a currency."""
        currency = currency or self.company.currency_id
        return self.env["saas.dunning.state"].search(
            [
                ("tenant_id", "=", (tenant or self.ada).id),
                ("currency_id", "=", currency.id),
            ]
        )

    def read_state(self, tenant=None, currency=None):
        """Return what a tenant owes since how many days, of how many invoices."""
        state = self.get_state(tenant, currency)
        since = state.oldest_due and (state.oldest_due - DUE).days
        return f"{state.total:.2f}", since, state.invoice_count

    def listen(self):
        """Have a system told what becomes of the books."""
        return self.env["saas.outbound.target"].create(
            {"name": "CRM", "company_id": self.company.id}
        )

    def read_told(self):
        """Return what was told: the type, and the state of the tenant."""
        messages = self.env["saas.outbound.message"].search([], order="sequence")
        return [
            (
                message.type,
                message.payload["object"].get("collection_state")
                or message.payload["object"]["state"]["is_suspended"],
            )
            for message in messages
            if message.type in ("collection_state.changed", "entitlement.changed")
        ]
