import json

from odoo import http
from odoo.http import request

from ..canonical.reader import storable
from .bearer import find_token, refuse
from .border import WebhookDispatcher

#: No reference of a tenant is longer, in characters.
_LONGEST = 255
_UNKNOWN = "unknown tenant"


class SaasApi(http.Controller):
    """Tells machines what was asked of one tenant. Others are told of each change by
    messages; who has missed one asks here.
    """

    @http.route(
        "/saas/api/v1/entitlements/<path:tenant>",
        type=WebhookDispatcher.routing_type,
        auth="none",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def tell_entitlement(self, tenant):
        """Answer with what a tenant may use, as JSON with its number as the ETag: 304
        to who has that number. Else it is 401 for a token that is none, 403 over plain
        http and for a token that reads something else, 404 for a tenant that the
        token's company doesn't have, and 409 for a name that several tenants have.

        The query's ``source`` says that the name is a customer's id there.
        """
        token, refusal = find_token("entitlements")
        if refusal:
            return refusal
        source = request.httprequest.args.get("source", "")
        if max(len(tenant), len(source)) > _LONGEST or not storable(tenant + source):
            return refuse(404, _UNKNOWN)
        tenants = token.env["saas.tenant"]
        found = tenants._find_for_machines(token.company_id, tenant, source)
        if len(found) > 1:
            return refuse(409, "several tenants are called so: name a source")
        if not found:
            return refuse(404, _UNKNOWN)
        return _answer(token.env["saas.entitlement"]._read_for_machines(found))


def _answer(told):
    """Return what is told; without a body to who has it already."""
    answer = http.Response(
        json.dumps(told, sort_keys=True),
        content_type="application/json",
        # It may be kept, and each time it is asked whether it is so still.
        headers=[("Cache-Control", "private, no-cache")],
    )
    answer.set_etag(str(told["number"]))
    return answer.make_conditional(request.httprequest)
