from odoo import api, fields, models
from odoo.exceptions import UserError


class SaasMirroredMixin(models.AbstractModel):
    """An accounting record that mirrors an object of a source."""

    _name = "saas.mirrored.mixin"
    _description = "SaaS mirrored record"
    _inherit = ["saas.code.only.mixin"]

    saas_source_id = fields.Many2one(
        "saas.source",
        string="SaaS Source",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    saas_tenant_id = fields.Many2one(
        "saas.tenant",
        string="Tenant",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    saas_external_id = fields.Char(
        string="ID at Source",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    saas_page = fields.Char(
        string="At the Source",
        compute="_compute_saas_page",
        compute_sudo=True,
        help="The page on which the billing system itself shows it.",
    )

    def _compute_saas_page(self):
        for record in self:
            record.saas_page = record.saas_source_id._get_page(
                record._get_saas_kind(), record.saas_external_id
            )

    def _get_saas_kind(self):
        """Return what the object of this record is called: one of
        :class:`~...canonical.kinds.Kind`.
        """
        raise NotImplementedError  # each model says it

    @api.ondelete(at_uninstall=False)
    def _unlink_except_mirrored(self):
        """Refuse to delete a mirrored record: what the source knows must stay to be
        found.
        """
        if mirrored := self.filtered("saas_external_id"):
            raise UserError(
                self.env._(
                    "%(name)s mirrors %(reference)s of a billing system and can't be "
                    "deleted. Reverse it instead.",
                    name=mirrored[0].display_name,
                    reference=mirrored[0].saas_external_id,
                )
            )

    def action_view_saas_events(self):
        """Open the events that wrote or touched this record."""
        self.ensure_one()
        logs = self.env["saas.sync.log"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        return self.env["saas.subscription.event"]._action_open(logs.event_id)
