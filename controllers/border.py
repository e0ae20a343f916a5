"""Checks a request before its content is read: how it came, and what it asks for."""

import ipaddress

from odoo import http


class WebhookDispatcher(http.HttpDispatcher):
    """Hands a request over as it came: its path alone says what is called.

    Odoo makes arguments of a query string's and a form's fields. Machines have none to
    give: one named ``self`` would be an error, and a form's bytes would be gone before
    anybody could check their signature.
    """

    routing_type = "saas_webhook"

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)


def is_private(httprequest):
    """Return whether nobody on the way could read the request: it came over TLS, or
    from this very machine.

    With ``proxy_mode`` Odoo knows both from the proxy's headers. Without it, the peer
    is the proxy, which may tell all the same that the sender spoke plain http.
    """
    if httprequest.scheme == "https":
        return True
    is_proxied = "werkzeug.proxy_fix.orig" in httprequest.environ
    stated = httprequest.headers.get("X-Forwarded-Proto", "")
    if not is_proxied and stated.lower() == "http":
        return False
    return _is_loopback(httprequest.remote_addr)


def _is_loopback(address):
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return (getattr(ip, "ipv4_mapped", None) or ip).is_loopback
