"""Lets a machine in that shows a token, and says why not where it can't."""

from odoo import SUPERUSER_ID, http
from odoo.http import request

from .border import is_private

_PLAIN = "Plain http is refused: ask by https."


def find_token(scope):
    """Return the token that the current request shows, and None; or None and the answer
    that refuses it: 403 over plain http, 401 for a token that is none, and 403 for one
    that reads something else.
    """
    if not is_private(request.httprequest):
        return None, refuse(403, _PLAIN)
    env = request.env(user=SUPERUSER_ID, context={})
    token = env["saas.metrics.token"]._find(_get_bearer(request.httprequest.headers))
    if not token:
        return None, refuse(401, "not authentic", "Bearer")
    if token.scope != scope:
        return None, refuse(
            403, "This token reads something else.", 'Bearer error="insufficient_scope"'
        )
    return token, None


def refuse(status, text, challenge=None):
    """Return an answer in plain text that nobody keeps.

    :param challenge: what ``WWW-Authenticate`` says, as RFC 6750 has it.
    """
    headers = [("Cache-Control", "no-store")]
    if challenge:
        headers.append(("WWW-Authenticate", challenge))
    return http.Response(
        text, status=status, content_type="text/plain", headers=headers
    )


def _get_bearer(headers):
    """Return the token of a request; empty if it has none."""
    scheme, _space, token = headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
