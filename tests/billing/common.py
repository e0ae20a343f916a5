"""Tenants that Odoo bills, with plans and subscriptions of their own."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from odoo import Command, fields

from ...canonical.moments import naive
from ...canonical.money import exact
from ...models.subscriptions.change import count_micros
from ..support.common import SaasCommon


def at(*parts):
    """Return an instant in UTC."""
    return datetime(*parts, tzinfo=UTC)


class BillingCommon(SaasCommon):
    """A company that issues invoices itself. Its plan ``pro`` costs 30.00 a month in
    advance, seats 10.00 each, and has a component a year and one in arrears besides;
    the plan ``max`` costs 60.00. All are taxed at 19 %.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.env["saas.source"]._ensure_own(cls.company)
        cls.own.write(
            {
                "sale_journal_id": cls.company_data["default_journal_sale"].id,
                "tz": "UTC",
            }
        )
        cls.product = cls.product_a
        cls.product.taxes_id = cls.vat_19
        cls.keys = count(1)
        cls.pro = cls.create_plan(
            "pro",
            base={"unit_price": "30"},
            seats={"kind": "seat", "unit_price": "10"},
        )
        cls.max = cls.create_plan("max", base={"unit_price": "60"})

    @classmethod
    def create_plan(cls, code, currencies=("USD", "EUR"), **components):
        """Return a published version of a plan.

        :param components: by code, the values of each; those of its price among them.
        """
        of_price = ("unit_price", "tiers", "package_size", "minimum", "maximum")
        known = {c.name: c for c in cls.env["res.currency"].search([])}
        plan = cls.env["saas.plan"].create(
            {"name": code.title(), "code": code, "company_id": cls.company.id}
        )
        version = cls.env["saas.plan.version"].create(
            {
                "plan_id": plan.id,
                "valid_from": "2020-01-01",
                "component_ids": [
                    Command.create(
                        {
                            "code": name,
                            "name": name.title(),
                            "product_id": cls.product.id,
                            "sequence": number,
                            **{k: v for k, v in vals.items() if k not in of_price},
                            "price_ids": [
                                Command.create(
                                    {
                                        "currency_id": known[currency].id,
                                        **{
                                            k: v
                                            for k, v in vals.items()
                                            if k in of_price
                                        },
                                    }
                                )
                                for currency in currencies
                            ],
                        }
                    )
                    for number, (name, vals) in enumerate(components.items(), 1)
                ],
            }
        )
        version.action_publish()
        return version

    @classmethod
    def create_tenant(cls, name="Ada", **vals):
        """Return a tenant that Odoo bills."""
        partner = cls.env["res.partner"].create({"name": name, "country_id": False})
        return cls.env["saas.tenant"].create(
            {
                "name": name,
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "billing_policy": "odoo",
                **vals,
            }
        )

    @classmethod
    def subscribe(cls, tenant, version, moment, currency="USD", **quantities):
        """Return a subscription that is active from a moment on.

        :param quantities: how many of each component; of what is fixed it is one.
        """
        subscription = cls.env["saas.subscription"].create(
            {
                "external_id": f"sub {next(cls.keys)}",
                "source_id": cls.own.id,
                "tenant_id": tenant.id,
                "state": "none",
            }
        )
        terms = cls.make_terms(version, currency, **quantities)
        cls.change(subscription, "activated", moment, terms=terms)
        return subscription

    @classmethod
    def make_terms(cls, version, currency="USD", **quantities):
        """Return what is kept of terms."""
        held = {
            component.code: str(
                quantities.get(component.code, int(component.kind == "flat"))
            )
            for component in version.component_ids
            if component.kind != "usage"
        }
        return {"version": version.id, "currency": currency, "quantities": held}

    @classmethod
    def change(cls, subscription, kind, moment, known=None, **vals):
        """Tell a change of a subscription; return its row."""
        return cls.env["saas.subscription"]._record_changes(
            [
                {
                    "subscription_id": subscription.id,
                    "source_id": cls.own.id,
                    "kind": kind,
                    "effective_at": naive(moment),
                    "known": count_micros(known or moment),
                    "key": f"key {next(cls.keys)}",
                    **vals,
                }
            ]
        )

    # -- billing ------------------------------------------------------------------

    def bill(self, cutoff, date=None):
        """Bill all that is due by an instant, as jobs do; return the run."""
        run = self.env["saas.billing.run"].create(
            {
                "company_id": self.company.id,
                "cutoff": naive(cutoff),
                "invoice_date": date or cutoff.date(),
            }
        )
        run._begin()
        while run.state == "running":
            run._job_chunk(run.step)
        return run

    def preview(self, cutoff):
        """Return what billing all that is due by an instant would book, as a preview
        tells it, by tenant.
        """
        preview = self.env["saas.billing.preview"].with_context(
            **self.own._get_batch_context()
        )
        tasks = preview._look(self.own.with_env(preview.env), cutoff, cutoff.date())
        return {task.tenant.id: preview._tell(task) for task in tasks}

    def tell_move(self, move):
        """Return of a document what a preview tells of it, line by line."""
        return {
            "type": move.move_type,
            "currency": move.currency_id.name,
            "net": f"{move.amount_untaxed:.2f}",
            "lines": [
                (line.name, f"{line.price_subtotal:.2f}")
                for line in move.invoice_line_ids
            ],
        }

    def assertPreviewed(self, told, moves):
        """Check that documents are what a preview has told, line by line."""
        shown = [
            {
                **{key: document[key] for key in ("type", "currency", "net")},
                "lines": [(line["text"], line["amount"]) for line in document["lines"]],
            }
            for document in told
        ]
        self.assertEqual(shown, [self.tell_move(move) for move in moves])

    def get_moves(self, tenant):
        """Return the documents of a tenant, in the order they were posted."""
        return self.env["account.move"].search(
            [("saas_tenant_id", "=", tenant.id)], order="id"
        )

    def read_entry(self, move):
        """Return the journal items of a document: the account's short name, what it is
        in the document's currency and in the company's, and its taxes.
        """
        places = move.currency_id.decimal_places
        return [
            (
                self.accounts[line.account_id],
                exact(line.amount_currency, places),
                exact(line.balance, 2),
                ", ".join(line.tax_ids.mapped("name")),
            )
            for line in move.line_ids.sorted(lambda line: (line.display_type, line.id))
        ]

    def read_charges(self, tenant):
        """Return what was charged of a tenant: the component's code, the amount in
        minor units, and the days from and to which it is for.
        """
        charges = self.env["saas.charge"].search(
            [("tenant_id", "=", tenant.id)], order="id"
        )
        return [
            (
                charge.component_id.code,
                charge.amount,
                fields.Datetime.to_string(charge.service_from)[:10],
                fields.Datetime.to_string(charge.service_to)[:10],
            )
            for charge in charges
        ]


__all__ = ["BillingCommon", "Decimal", "at"]
