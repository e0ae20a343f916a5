"""Two companies in one database: each with a record of every model of this app, and of
all that these link to.
"""

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..models.hub_records import prepare_billing, prepare_hub, prepare_hub_vals
from .common import SaasCommon

#: Stands in the name of every record of the other company, and nowhere else.
FOREIGN = "Geheim"

#: What links lead to that belongs to no company. The chatter's records are guarded by
#: the record they are about, which Odoo checks.
SHARED = frozenset(
    """
    res.currency res.country res.country.state
    mail.activity mail.activity.type mail.followers mail.message mail.template
    ir.attachment rating.rating
    """.split()
)

_IGNORED = {"kind": "invoice", "choice": "nothing"}
_OLD = {"event_type": "invoice.issued", "version": "1"}


class NeighboursCommon(SaasCommon):
    """A person of company A who has every role of this app, and the records of both
    companies by model: ``own`` and ``foreign``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        data = AccountTestInvoicingCommon.setup_other_company.__func__(
            cls, name=f"{FOREIGN} Holding"
        )
        cls.other_company = data["company"]
        cls.own = cls._populate(cls.company_data, "Eigen", cls.source)
        cls.foreign = cls._populate(data, FOREIGN)
        cls.person = new_test_user(
            cls.env,
            "neighbour",
            groups=",".join(
                f"saas_billing_sync.group_saas_{role}"
                for role in ("operator", "manager", "reviewer", "approver")
            ),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _populate(cls, data, word, source=None):
        """Return a record of each model in one company, by model, named by ``word``."""
        company = data["company"]
        make = cls.env(context={"allowed_company_ids": company.ids}).__getitem__
        records = {"res.company": company}
        cls._populate_odoo(records, data, word, make)
        source = source or make("saas.source").create(
            {
                "name": f"{word} source",
                "company_id": company.id,
                "tz": "UTC",
                "sale_journal_id": data["default_journal_sale"].id,
                "clearing_journal_id": records["account.journal"].id,
            }
        )
        records["saas.source"] = source
        for model, vals in cls._prepare_mirrors(records, word):
            records[model] = make(model).create(vals)
        cls._populate_runs(records, word, make)
        make("saas.sync.log")._append(
            [{"source_id": source.id, "action": "tenant_created", "detail": word}]
        )
        cls.env.flush_all()
        for model in ("saas.sync.log", "saas.sync.log.chain", "saas.clearing.balance"):
            records[model] = make(model).search(
                [("source_id", "=", source.id)], limit=1
            )
        cls._populate_wizards(records, word, make)
        return records

    @classmethod
    def _populate_odoo(cls, records, data, word, make):
        company = data["company"]
        for model, vals in (
            ("res.partner", {"name": word, "company_id": company.id}),
            ("product.product", {"name": word, "company_id": company.id}),
            (
                "account.journal",
                {
                    "name": f"{word} bank",
                    "code": word[:3].upper(),
                    "type": "bank",
                    "company_id": company.id,
                },
            ),
            (
                "account.account",
                {
                    "name": f"{word} account",
                    "code": f"SAAS.{word[:3].upper()}",
                    "account_type": "expense",
                    "company_ids": company.ids,
                },
            ),
        ):
            records[model] = make(model).create(vals)
        records["res.users"] = new_test_user(
            cls.env,
            f"user_{word.lower()}",
            name=f"{word} user",
            groups="base.group_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        records["account.tax"] = make("account.tax").create(
            {
                "name": f"{word} tax",
                "amount": 7,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
                "company_id": company.id,
            }
        )
        cls._populate_bookings(records, data, word, make)

    @classmethod
    def _populate_bookings(cls, records, data, word, make):
        journal = records["account.journal"].id
        records["account.move"] = make("account.move").create(
            {"ref": word, "journal_id": data["default_journal_misc"].id}
        )
        records["account.payment"] = make("account.payment").create(
            {"amount": 1, "memo": word, "journal_id": journal}
        )
        records["account.bank.statement.line"] = make(
            "account.bank.statement.line"
        ).create({"journal_id": journal, "payment_ref": word, "amount": 1})

    @classmethod
    def _prepare_mirrors(cls, records, word):
        """Yield the values of what a source brings, and of what a person sets up."""
        source = {"source_id": records["saas.source"].id}
        named = {**source, "external_id": word}
        money = {"currency_id": records["res.company"].currency_id.id}
        tax = {"tax_id": records["account.tax"].id}
        product = {"product_id": records["product.product"].id}
        yield "saas.source.secret", {**source, "new_value": f"whsec_{word}_lantern"}
        yield "saas.product.mapping", {**named, **product}
        yield "saas.tax.mapping", {**named, **tax}
        yield "saas.tax.rule", {**source, **tax, "tax_type": word}
        yield "saas.tax.rate", {**named, "name": word}
        yield "saas.product", {**named, "name": word, "item_type": "price"}
        yield "saas.pull.run", {**source, "kind": "recovery", "cursor": word}
        yield "saas.sender", {**source, "name": word, "sequence": 1}
        yield "saas.sender.version", {**source, "sender": word, **_OLD}
        partner = {"partner_id": records["res.partner"].id}
        company = {"company_id": records["res.company"].id}
        yield "saas.tenant", {"name": word, **company, **partner}
        tenant = {"tenant_id": records["saas.tenant"].id}
        bound = {"res_model": "saas.tenant", "res_id": records["saas.tenant"].id}
        yield "saas.binding", {**named, **bound, "kind": "customer"}
        pair = {"debit_kind": "invoice", "debit_ref": word}
        pair |= {"credit_kind": "payment", "credit_ref": word}
        yield "saas.settlement", {**source, **pair}
        yield "saas.subscription", {**named, **tenant, "state": "active"}
        line = {"subscription_id": records["saas.subscription"].id, "external_id": word}
        yield "saas.subscription.line", line
        kind = {"tax_id_type": "eu_vat", "value": word, "created_at": "2026-01-01"}
        yield "saas.tax.id", {**named, **tenant, **kind}
        told = {"event_type": "customer.created", "body": b"{}", **tenant}
        yield "saas.subscription.event", {**named, **told}
        came = {**company, "received_at": "2026-01-01", "body_hash": word}
        yield "saas.delivery", {**source, **came}
        yield "saas.resolution", {**named, **tenant, **_IGNORED}
        yield "saas.dispute", {**named, **money, **tenant, "state": "lost"}
        yield "saas.payout", {**named, **money, "state": "paid"}
        yield "saas.balance.transaction", {**named, **money, "category": "charge"}
        yield from prepare_hub(records, word)
        yield from prepare_billing(records, word)

    @classmethod
    def _populate_runs(cls, records, word, make):
        source, tenant = records["saas.source"], records["saas.tenant"]
        run = records["saas.reconciliation"] = make("saas.reconciliation").create(
            {
                "source_id": source.id,
                "date_from": "2026-01-01",
                "date_to": "2026-01-31",
            }
        )
        line = records["saas.reconciliation.line"] = make(
            "saas.reconciliation.line"
        ).create({"reconciliation_id": run.id, "kind": "invoice", "cursor": word})
        seen = {"reconciliation_id": run.id, "kind": "invoice", "external_id": word}
        records["saas.reconciliation.item"] = make("saas.reconciliation.item").create(
            {
                **seen,
                "line_id": line.id,
                "company_id": records["res.company"].id,
                "result": "matched",
            }
        )
        records["saas.difference"] = make("saas.difference").create(
            {
                **seen,
                "source_id": source.id,
                "tenant_id": tenant.id,
                "result": "different",
                "field": "total",
            }
        )

    @classmethod
    def _populate_wizards(cls, records, word, make):
        source = {"source_id": records["saas.source"].id}
        events = {"event_ids": [Command.set(records["saas.subscription.event"].ids)]}
        differences = {"difference_ids": [Command.set(records["saas.difference"].ids)]}
        for model, vals in (
            ("saas.pull.start", {**source, "kind": "recovery"}),
            ("saas.reconciliation.start", source),
            ("saas.event.ignore", {**events, "note": word}),
            ("saas.object.bind", events),
            ("saas.object.reopen", {**events, "note": word}),
            ("saas.difference.accept", {**differences, "note": word}),
            ("saas.customer.choose", {**events, "choice": "new"}),
            ("saas.currency.setup", events),
            (
                "saas.movement.account",
                {
                    "transaction_ids": records["saas.balance.transaction"].ids,
                    "account_id": records["account.account"].id,
                },
            ),
        ):
            records[model] = make(model).create(vals)

    # -- what there is to try ----------------------------------------------------

    @classmethod
    def own_models(cls):
        """Return the names of all models with records that link to companies'."""
        return sorted(
            name
            for name, model in cls.env.registry.items()
            if name.startswith("saas.")
            and not model._abstract
            and any(cls._link_fields(name))
        )

    @classmethod
    def _link_fields(cls, model):
        """Yield the fields of a model that link to records of a company."""
        for field in cls.env[model]._fields.values():
            if field.comodel_name and field.comodel_name not in SHARED:
                if field.name not in ("create_uid", "write_uid"):
                    yield field

    def links(self):
        """Yield model, field and a record of the other company that it could link to,
        for every relation of every model of this app.
        """
        for name in self.own_models():
            for field in self._link_fields(name):
                yield name, field, self.foreign[field.comodel_name]

    def valid_vals(self, model):
        """Return values with which the person could create a record of a model."""
        source = {"source_id": self.source.id}
        new = {**source, "external_id": "new"}
        events = {"event_ids": [Command.set(self.own["saas.subscription.event"].ids)]}
        differences = {"difference_ids": [Command.set(self.own["saas.difference"].ids)]}
        return {
            **prepare_hub_vals(self.source),
            "saas.source": {"name": "new", "company_id": self.company.id, "tz": "UTC"},
            "saas.source.secret": {**source, "new_value": "whsec_velvet_lantern"},
            "saas.product.mapping": {**new, "product_id": self.product_a.id},
            "saas.tax.mapping": {**new, "tax_id": self.vat_19.id},
            "saas.tax.rule": {**source, "tax_id": self.vat_19.id},
            "saas.pull.start": {**source, "kind": "recovery"},
            "saas.reconciliation.start": source,
            "saas.event.ignore": {**events, "note": "new"},
            "saas.object.bind": events,
            "saas.object.reopen": {**events, "note": "new"},
            "saas.difference.accept": {**differences, "note": "new"},
            "saas.customer.choose": {**events, "choice": "new"},
            "saas.currency.setup": events,
            "saas.movement.account": {
                "transaction_ids": [
                    Command.set(self.own["saas.balance.transaction"].ids)
                ],
                "account_id": self.own["account.account"].id,
            },
        }.get(model, {})
