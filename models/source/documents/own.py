from odoo import api, fields, models

from ...roles import find_people

#: The sources that tell anything: Odoo itself is none of them.
TELLING = [("is_own", "=", False)]


class SaasSource(models.Model):
    """Odoo itself as the issuer of a company's invoices: one source for each invoice
    journal. Nothing is sent to it or read from it, so whatever watches, reads or
    compares sources leaves it out.
    """

    _inherit = "saas.source"

    is_own = fields.Boolean(
        string="Odoo Itself",
        compute="_compute_is_own",
        store=True,
        help="The company issues the invoices of this source in Odoo.",
    )

    _own_unique = models.UniqueIndex(
        "(company_id, COALESCE(sale_journal_id, 0)) WHERE is_own",
        "The company has a source for its own invoices in this journal already. Use "
        "that one, or choose another journal.",
    )

    @api.depends("adapter")
    def _compute_is_own(self):
        for source in self:
            source.is_own = bool(source.adapter) and source._get_adapter()._is_own

    @api.model
    def _find_own(self, company):
        """Return the source of a company's own invoices, as superuser: the one with its
        default invoice journal, or else its first one; empty if it has none.
        """
        sources = self.sudo().search(
            [("is_own", "=", True), ("company_id", "=", company.id)], order="id"
        )
        if len(sources) < 2:
            return sources
        journal = self._get_default_journal(company)
        return (
            sources.filtered(lambda s: s.sale_journal_id == journal)[:1] or sources[:1]
        )

    @api.model
    def _ensure_own(self, company):
        """Return the source of a company's own invoices as :meth:`_find_own` does. If
        the company has none, it is created with the default invoice journal.
        """
        if own := self._find_own(company):
            return own
        # Of two transactions that create it at once, the later one fails as any
        # concurrent update does, and finds the source when it is tried again.
        company._hold_saas()
        sources = self.sudo().with_company(company)
        return sources.create(sources._prepare_own_vals(company))

    def _get_responsible(self):
        """Return the user whom activities ask: the source's own, or, where that is
        nobody, as the clock or an event has created it, whom the company has chosen for
        billing, or a finance reviewer of it. Empty if it has none.
        """
        user = self.responsible_id
        if not self.is_own or (user.active and not user._is_superuser()):
            return user
        company = self.company_id.sudo()
        chosen = company.billing_responsible_id.filtered("active")
        return chosen or find_people(self.env, "reviewer", company).sorted("id")[:1]

    @api.model
    def _get_default_journal(self, company):
        """Return the journal in which Odoo proposes to invoice in a company; empty if
        it has none.
        """
        journals = self.env["account.journal"].sudo()
        domain = [*journals._check_company_domain(company), ("type", "=", "sale")]
        return journals.search(domain, limit=1)

    @api.model
    def _prepare_own_vals(self, company):
        return {
            "name": self.env._("Own invoices of %s", company.name),
            "adapter": "odoo",
            "company_id": company.id,
            "livemode": True,
            "sale_journal_id": self._get_default_journal(company).id,
            "tz": company.partner_id.tz or self.env.user.tz or "UTC",
        }
