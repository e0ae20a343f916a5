from odoo import api, models

from . import reach


class SaasCodeOnlyMixin(models.AbstractModel):
    """A record of Odoo's own that has fields of this app.

    Only own code writes these, as superuser: what a field's ``readonly`` says holds for
    screens alone. Odoo checks field access on every way to write: create, defaults from
    the context, write, commands, imports.
    """

    _name = "saas.code.only.mixin"
    _description = "SaaS fields written by code"

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and is_ours(field.name):
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def default_get(self, fields):
        """Refuse a default that links to what the caller may not reach."""
        defaults = super().default_get(fields)
        self._check_our_links(defaults)
        return defaults

    def onchange(self, values, field_names, fields_spec):
        """Refuse links the caller may not reach: the answer has the targets' names."""
        self.check_access("write" if self else "create")
        self._check_our_links(values)
        return super().onchange(values, field_names, fields_spec)

    def _check_our_links(self, vals):
        if not self.env.su:
            ours = {name: value for name, value in vals.items() if is_ours(name)}
            reach.check_given(self, reach.get_moved(self, ours))


def is_ours(name):
    """Return whether a field of Odoo's own model is one of this app."""
    return name.startswith("saas_")
