"""Where Stripe's dashboard shows an object.
https://docs.stripe.com/dashboard/basics
"""

from urllib.parse import quote

from odoo import models

_DASHBOARD = "https://dashboard.stripe.com"
#: The dashboard's folders by how the ids begin; what isn't here is searched for.
_FOLDERS = {
    "ch": "payments",
    "cus": "customers",
    "evt": "events",
    "in": "invoices",
    "pi": "payments",
    "po": "payouts",
    "price": "prices",
    "prod": "products",
    "py": "payments",
    "sub": "subscriptions",
    "txr": "tax-rates",
}


class SaasAdapterStripe(models.AbstractModel):
    """Leads people to an object in Stripe's dashboard, of the account and mode that a
    source is.
    """

    _inherit = "saas.adapter.stripe"

    def _get_page(self, source, kind, external_id):
        prefix, separator, rest = external_id.partition("_")
        if not separator or not rest:
            return None
        parts = [_DASHBOARD]
        if (source.account_ref or "").startswith("acct_"):
            parts.append(quote(source.account_ref, safe=""))
        if not source.livemode:
            parts.append("test")
        if folder := _FOLDERS.get(prefix):
            parts += [folder, quote(external_id, safe="")]
        else:
            parts.append(f"search?query={quote(external_id, safe='')}")
        return "/".join(parts)
