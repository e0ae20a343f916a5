from odoo import fields, models


class SaasAssignableMixin(models.AbstractModel):
    """A mirror of an object at a source that a person may be asked to look into. Only
    code writes it, except for the user it is assigned to: ``saas.guarded.mixin``
    refuses every other change by a person.
    """

    _name = "saas.assignable.mixin"
    _description = "SaaS assignable record"
    _inherit = ["saas.guarded.mixin", "mail.thread", "mail.activity.mixin"]

    user_id = fields.Many2one("res.users", string="Assigned to", index="btree_not_null")

    def action_assign_to_me(self):
        """Assign these records to the user who presses the button."""
        self.write({"user_id": self.env.uid})

    def action_view_saas_events(self):
        """Open the events that wrote or touched this record."""
        self.ensure_one()
        logs = self.env["saas.sync.log"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        return self.env["saas.subscription.event"]._action_open(logs.event_id)
