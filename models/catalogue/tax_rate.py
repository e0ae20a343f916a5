from odoo import api, fields, models


class SaasTaxRate(models.Model):
    """A tax rate as the source keeps it. Lines may name its id only; rules read here
    what it is.
    """

    _name = "saas.tax.rate"
    _description = "SaaS tax rate"
    _inherit = ["saas.guarded.mixin"]
    _order = "country_code, state_code, percentage, external_id"

    source_id = fields.Many2one("saas.source", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    external_id = fields.Char(string="Tax Rate", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    has_percentage = fields.Boolean(
        readonly=True, help="If this is not set, the rate is a flat amount."
    )
    percentage = fields.Float(digits=(12, 6), readonly=True)
    inclusive = fields.Boolean(readonly=True)
    country_code = fields.Char(string="Country", readonly=True)
    state_code = fields.Char(string="State", readonly=True)
    jurisdiction = fields.Char(readonly=True)
    tax_type = fields.Char(readonly=True)
    active = fields.Boolean(readonly=True, default=True)

    _external_unique = models.UniqueIndex("(source_id, external_id)")

    @api.depends("name", "external_id", "has_percentage", "percentage")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = f"{rate._describe()} ({rate.external_id})"

    @api.model
    def _get_names(self, sources, refs):
        """Return the names of tax rates by (source, id). Ids that nothing is known
        about are missing.
        """
        rates = self.with_context(active_test=False).search(
            [("source_id", "in", sources.ids), ("external_id", "in", list(refs))]
        )
        return {(r.source_id, r.external_id): r._describe() for r in rates}

    def _describe(self):
        """Return the rate's name with its percentage."""
        self.ensure_one()
        percentage = f" {self.percentage:g} %" if self.has_percentage else ""
        return f"{self.name}{percentage}"


class SaasTaxMapping(models.Model):
    """Shows what the source calls a tax rate that is mapped."""

    _inherit = "saas.tax.mapping"

    external_name = fields.Char(
        string="Name at Source",
        compute="_compute_external_name",
        help="The name and percentage that the source gave it, if any.",
    )

    @api.depends("source_id", "external_id")
    def _compute_external_name(self):
        names = self.env["saas.tax.rate"]._get_names(
            self.source_id, set(self.mapped("external_id")) - {False}
        )
        for mapping in self:
            mapping.external_name = names.get((mapping.source_id, mapping.external_id))
