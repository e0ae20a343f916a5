from odoo import models
from odoo.http import request

from ...canonical.reader import storable


class IrHttp(models.AbstractModel):
    """Answers 404 for addresses that no record can have."""

    _inherit = "ir.http"

    @classmethod
    def _serve_fallback(cls):
        # Odoo looks for an attachment of that address. The database can't even be
        # asked for one with a NUL in it: that would be an error, and it is a 404.
        if not storable(request.httprequest.path):
            return None
        return super()._serve_fallback()
