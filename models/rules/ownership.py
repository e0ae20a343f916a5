from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...canonical.border.inbound import Capability
from ...canonical.border.ownership import (
    DOCUMENTS,
    MONEY,
    OWNED_KINDS,
    Ownership,
    Part,
    Rule,
)
from ...canonical.kinds import Kind
from ..source.documents.own import TELLING

#: The best of these that a source can do says how well it knows customers.
_KNOWING = (
    Capability.WINS_DEALS,
    Capability.ISSUES_DOCUMENTS,
    Capability.HOLDS_MONEY,
)


class SaasOwnership(models.Model):
    """Says which system is the source of truth for a kind of fact, or for a part of a
    customer, in one company.

    What nobody says goes by what systems do: gateways own money, billing platforms own
    documents, and the CRM owns customers until a platform knows them. A company with
    one source needs no rule. The rows with ``is_default`` show that on the page; they
    are no rules until a person changes them.
    """

    _name = "saas.ownership"
    _description = "SaaS ownership"
    _inherit = ["saas.guarded.mixin", "saas.ruled.mixin"]
    _check_company_auto = True
    _order = "company_id, sequence, field, source_id, id"
    _rec_name = "kind"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            (Kind.CUSTOMER.value, "Customers"),
            (Kind.CONTRACT.value, "Contracts"),
            (Kind.SUBSCRIPTION.value, "Subscriptions"),
            (Kind.PRODUCT.value, "Products and prices"),
            (Kind.MANDATE.value, "Mandates"),
            (Kind.TAX_CHECK.value, "Checks of tax numbers"),
            (Kind.USAGE.value, "Usage"),
            (Kind.INVOICE.value, "Invoices"),
            (Kind.CREDIT_NOTE.value, "Credit notes"),
            (Kind.CREDIT_ADJUSTMENT.value, "Changes of customers' credit"),
            (Kind.PAYMENT.value, "Payments"),
            (Kind.REFUND.value, "Refunds"),
            (Kind.DISPUTE.value, "Disputes"),
            (Kind.PAYOUT.value, "Payouts"),
            (Kind.MOVEMENT.value, "Movements of the balance"),
        ],
        string="What",
        required=True,
    )
    field = fields.Selection(
        [
            (Part.NAME.value, "Name"),
            (Part.EMAIL.value, "E-mail"),
            (Part.PHONE.value, "Phone"),
            (Part.ADDRESS.value, "Address"),
            (Part.TAX_NUMBER.value, "Tax numbers"),
            (Part.REGISTRATION_NUMBER.value, "Registration number"),
            (Part.EXEMPTION.value, "Tax exemption"),
            (Part.E_INVOICE_ADDRESS.value, "E-invoice address"),
            (Part.LANGUAGE.value, "Language"),
            (Part.RESIDENCY_REGION.value, "Data residency"),
            (Part.CURRENCY.value, "Currency"),
        ],
        string="Part",
        help="A part of customers that has an owner of its own. Leave it empty for all "
        "that no other row names.",
    )
    source_id = fields.Many2one(
        "saas.source",
        ondelete="cascade",
        check_company=True,
        index="btree_not_null",
        domain="[('company_id', '=', company_id), ('is_own', '=', False)]",
        help="The system that the rule is about. Leave it empty for Odoo itself.",
    )
    rule = fields.Selection(
        [
            (Rule.OWNER.value, "Owns it"),
            (Rule.FILL.value, "May fill it when empty"),
            (Rule.IGNORED.value, "Is not heeded"),
        ],
        required=True,
        default=Rule.OWNER.value,
        help="The owner's later value counts. Of a kind of event, only the owner "
        "causes bookings.",
    )
    sequence = fields.Integer(compute="_compute_sequence", store=True)
    is_default = fields.Boolean(
        string="Default",
        readonly=True,
        help="Nobody has said so: it goes by what the company's systems do. Change the "
        "row to make it a rule.",
    )
    effect = fields.Char(
        string="What Counts",
        compute="_compute_effect",
        help="Which systems are the source of truth now.",
    )

    _matter_unique = models.UniqueIndex(
        "(company_id, kind, COALESCE(field, ''), COALESCE(source_id, 0))",
        "There is a rule for this and that system already. Change that one instead.",
    )

    @api.constrains("kind", "field")
    def _check_field(self):
        for rule in self:
            if rule.field and rule.kind != Kind.CUSTOMER:
                raise ValidationError(
                    self.env._(
                        "Only customers have parts with owners of their own. Leave the "
                        "part empty."
                    )
                )

    @api.constrains("rule", "source_id")
    def _check_odoo(self):
        for rule in self:
            if not rule.source_id and rule.rule != Rule.OWNER:
                raise ValidationError(
                    self.env._("Choose the system that the rule is about.")
                )

    @api.depends("kind")
    def _compute_sequence(self):
        order = [value for value, _label in self._fields["kind"].selection]
        for rule in self:
            rule.sequence = order.index(rule.kind) if rule.kind else 0

    @api.depends("company_id", "kind", "field", "source_id", "rule", "is_default")
    def _compute_effect(self):
        for company, rules in self.grouped("company_id").items():
            ownership = self._read_rules(company)
            for rule in rules:
                rule.effect = self._describe_owners(company, ownership, rule)

    def _describe_owners(self, company, ownership, rule):
        """Return who owns what a row is about, as words."""
        verdict = ownership.find(0, rule.kind, rule.field or "")
        names = self._name_owners(verdict)
        if not verdict.owners:
            return self.env._("Every system owns what it tells")
        if verdict.is_stated:
            return names
        return self.env._("%s, by default", names)

    @api.model
    def _name_owners(self, verdict):
        """Return the names of the owners that a verdict names."""
        sources = self.env["saas.source"].sudo().browse(filter(None, verdict.owners))
        names = sources.mapped("name")
        if None in verdict.owners:
            names.append(self.env._("Odoo"))
        return ", ".join(names)

    def _get_log_source(self):
        """Return the source in whose log a change of this rule is noted: the one that
        it is about, or the first one of its company.
        """
        return self.source_id or self._get_log_of_company()

    # -- the rules ----------------------------------------------------------------

    @api.model
    def _read_rules(self, company):
        """Return a company's :class:`~...canonical.border.ownership.Ownership`."""
        is_plain, bills = self._look(company)
        if is_plain:
            return Ownership(bills=bills)
        stated = {}
        for rule in self.sudo().search(
            [("company_id", "=", company.id), ("is_default", "=", False)], order="id"
        ):
            place = stated.setdefault((rule.kind, rule.field or ""), {})
            place[rule.source_id.id or None] = rule.rule
        sources = (
            self.env["saas.source"]
            .sudo()
            .search([("company_id", "=", company.id), *TELLING], order="id")
        )
        return Ownership(stated, self._get_defaults(sources), bills)

    def _look(self, company):
        """Return whether one source tells and no rule is stated in a company, and
        whether Odoo itself issues invoices there. Each drain asks, so it is one
        statement.
        """
        self.flush_model(["company_id", "is_default"])
        self.env["saas.source"].flush_model(["company_id", "is_own"])
        [(has_rules, sources, own)] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM saas_ownership
                                   WHERE company_id = %(company)s
                                     AND is_default IS NOT TRUE),
                          count(*) FILTER (WHERE is_own IS NOT TRUE),
                          count(*) FILTER (WHERE is_own)
                     FROM saas_source WHERE company_id = %(company)s""",
                company=company.id,
            )
        )
        return not has_rules and sources < 2, bool(own)

    def _get_defaults(self, sources):
        """Return the ids of the sources that own kinds where nobody said, by kind: only
        where not all of them do.
        """
        able = {source: source._get_adapter()._capabilities for source in sources}
        # Who was set up to hold money does so, whatever its system usually does.
        holders = [
            s
            for s in sources
            if Capability.HOLDS_MONEY in able[s] or s.clearing_journal_id
        ]
        issuers = [s for s in sources if Capability.ISSUES_DOCUMENTS in able[s]]
        sellers = [s for s in sources if Capability.WINS_DEALS in able[s]]
        knowing = next(
            (
                found
                for skill in _KNOWING
                if (found := [s for s in sources if skill in able[s]])
            ),
            [],
        )
        owners = {
            **dict.fromkeys(MONEY, holders),
            **dict.fromkeys(DOCUMENTS, issuers),
            Kind.CONTRACT: sellers,
            Kind.CUSTOMER: knowing,
        }
        return {
            kind: [source.id for source in found]
            for kind, found in owners.items()
            if 0 < len(found) < len(sources)
        }

    # -- the page -----------------------------------------------------------------

    @api.model
    def action_open_page(self):
        """Open the page of the rules, with a row for each default."""
        self.check_access("read")
        self.sudo()._ensure_defaults(self.env.companies)
        return self._in_company(
            self.env["ir.actions.act_window"]._for_xml_id(
                "saas_billing_sync.saas_ownership_action"
            )
        )

    def _ensure_defaults(self, companies):
        """See to it that each kind has a row, and only kinds without a rule of their
        own have one that is a default.
        """
        companies = companies.filtered(
            lambda company: self.env["saas.source"].search_count(
                [("company_id", "=", company.id), *TELLING], limit=1
            )
        )
        rows = self.search([("company_id", "in", companies.ids)])
        stated = {
            (rule.company_id, rule.kind)
            for rule in rows
            if not rule.is_default and not rule.field
        }
        shown = {(rule.company_id, rule.kind) for rule in rows if not rule.field}
        rows.filtered(
            lambda rule: rule.is_default and (rule.company_id, rule.kind) in stated
        ).unlink()
        self.create(
            [
                {"company_id": company.id, "kind": kind, "is_default": True}
                for company in companies
                for kind in OWNED_KINDS
                if (company, kind) not in shown
            ]
        )

    def write(self, vals):
        """A default that a person changes is a rule."""
        result = super().write(vals)
        if not self.env.su and (shown := self.filtered("is_default")):
            shown.sudo().is_default = False
        return result
