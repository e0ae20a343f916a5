from odoo import fields, models


class SaasAssignableMixin(models.AbstractModel):
    """A mirror of an object at a source that a person may be asked to look into. Only
    code writes it, except for the user it is assigned to: ``saas.guarded.mixin``
    refuses every other change by a person.
    """

    _name = "saas.assignable.mixin"
    _description = "SaaS assignable record"
    _inherit = ["saas.guarded.mixin", "mail.thread", "mail.activity.mixin"]

    #: What the mirrored objects are called, for models whose objects have a page.
    _page_kind = None

    source_page = fields.Char(
        string="At the Source",
        compute="_compute_source_page",
        help="The page on which the billing system itself shows it.",
    )
    user_id = fields.Many2one("res.users", string="Assigned to", index="btree_not_null")

    def _compute_source_page(self):
        for record in self:
            record.source_page = record.source_id._get_page(
                self._page_kind, record.external_id
            )

    def action_assign_to_me(self):
        """Assign these records to the user who presses the button."""
        self.write({"user_id": self.env.uid})

    def action_view_saas_events(self):
        """Open the events that wrote or touched this record."""
        self.ensure_one()
        logs = self.env["saas.sync.log"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        events = self.env["saas.subscription.event"]
        return self._in_company(events._action_open(logs.event_id))
