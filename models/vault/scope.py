import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: A type of events, or all that begin alike: ``invoice.*``.
_TYPE = re.compile(r"[A-Za-z0-9_.:/-]+(\.\*)?")


class SaasSourceSecret(models.Model):
    """Says how far a secret reaches: which types of events its holder may tell, and of
    which customers. Without either, it is all of the source's.
    """

    _inherit = "saas.source.secret"

    scope_types = fields.Char(
        string="May Tell",
        help="Types of events, with a space between them, such as customer.upserted "
        "invoice.*. What is told beyond is kept, and booked only when a person says "
        "so. If it is empty, all types may be told.",
    )
    scope_tenant_ids = fields.Many2many(
        "saas.tenant",
        string="Of These Customers",
        help="What is told of any other customer is kept, and booked only when a "
        "person says so. If it is empty, all customers may be told of.",
    )

    @api.constrains("scope_types")
    def _check_scope_types(self):
        for secret in self:
            for name in (secret.scope_types or "").split():
                if not _TYPE.fullmatch(name):
                    raise ValidationError(
                        self.env._(
                            "%s is no type of events. Write types as in invoice.issued "
                            "or invoice.*, with a space between them.",
                            name,
                        )
                    )

    @api.constrains("scope_tenant_ids", "source_id")
    def _check_scope_tenants(self):
        for secret in self:
            if secret.scope_tenant_ids.company_id - secret.source_id.company_id:
                raise ValidationError(
                    self.env._(
                        "A secret can only be limited to customers of its source's "
                        "company."
                    )
                )

    def _get_scope(self):
        """Return how far a secret reaches, as plain JSON; None if nothing limits it."""
        self.ensure_one()
        types, tenants = (self.scope_types or "").split(), self.scope_tenant_ids.ids
        if not types and not tenants:
            return None
        return {"secret": self.id, "types": types, "tenants": tenants}
