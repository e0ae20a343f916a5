from odoo import fields, models
from odoo.exceptions import AccessError

#: All that a person may change: who looks after it.
_PERSONAL = frozenset(("user_id", "activity_ids"))


class SaasAssignableMixin(models.AbstractModel):
    """A mirror of something at a source that a person may be asked to look into.
    Code writes it; people say who takes it.
    """

    _name = "saas.assignable.mixin"
    _description = "SaaS assignable record"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    user_id = fields.Many2one("res.users", string="Assigned to", index="btree_not_null")

    def write(self, vals):
        if not self.env.su and not _PERSONAL.issuperset(vals):
            raise AccessError(
                self.env._("Only its assignment can be changed: the source states it.")
            )
        return super().write(vals)

    def action_assign_to_me(self):
        self.write({"user_id": self.env.uid})

    def action_view_saas_events(self):
        """Open the events that wrote or touched this record."""
        self.ensure_one()
        logs = self.env["saas.sync.log"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        return self.env["saas.subscription.event"]._action_open(logs.event_id)
