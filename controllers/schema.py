from datetime import UTC, datetime

from odoo import http
from odoo.http import request

from ..canonical.schema.published import get_path
from ..canonical.schema.versions import TYPES, get_taken

#: https://json-schema.org/draft/2020-12/json-schema-core#name-media-type
_CONTENT_TYPE = "application/schema+json"


class SaasSchema(http.Controller):
    """Serves the published data of the standard interface to who writes a sender: what
    is there, and the JSON Schema of each type and version with an example. It says
    nothing about this database, so anybody may read it.
    """

    @http.route(
        "/saas/schema",
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def index(self):
        """Answer with the types, and the versions of each that are taken today."""
        day = datetime.now(UTC).date()
        return request.make_json_response(
            {
                event_type: {
                    version: f"/saas/schema/{event_type}/{version}"
                    for version in get_taken(event_type, day)
                }
                for event_type in TYPES
            }
        )

    @http.route(
        "/saas/schema/<string:event_type>/<string:version>",
        type="http",
        auth="none",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def schema(self, event_type, version):
        """Answer with the JSON Schema of one type's data, or 404 with what there is."""
        path = get_path(event_type, version)
        if path is None:
            known = ", ".join(TYPES.get(event_type) or TYPES)
            return request.make_response(f"There is: {known}.", status=404)
        return request.make_response(
            path.read_bytes(),
            [("Content-Type", _CONTENT_TYPE), ("Cache-Control", "max-age=3600")],
        )
