from odoo import api, fields, models


class SaasSyncLog(models.Model):
    """Says in words who acted. The row keeps the login, which its hash covers."""

    _inherit = "saas.sync.log"

    actor_name = fields.Char(
        string="Who",
        compute="_compute_actor_name",
        compute_sudo=True,
        help="The user, or the add-on itself where it processed an event.",
    )

    @api.depends("actor")
    def _compute_actor_name(self):
        users = self.env["res.users"].with_context(active_test=False)
        names = {
            user.login: user.name
            for user in users.search([("login", "in", self.mapped("actor"))])
        }
        for row in self:
            own = row.actor in ("pipeline", "__system__")
            row.actor_name = (
                self.env._("By itself") if own else names.get(row.actor, row.actor)
            )
