"""Reads objects through GoCardless' API, by its own library.
https://developer.gocardless.com/api-reference/
"""

from odoo import models

from ...canonical.errors import Quarantine
from ...canonical.reasons import Cause, Reason

#: The parameter with the API's address if it is not GoCardless' own: in a test, a
#: counterpart on this machine.
ADDRESS_PARAMETER = "saas_billing_sync.gocardless_api_address"


class SaasAdapterGoCardless(models.AbstractModel):
    """Requests to GoCardless' API, with the source's access token."""

    _inherit = "saas.adapter.gocardless"

    def _get_one(self, source, name, ref):
        """Return an object as plain JSON; None if GoCardless shows no such object to
        this token.

        :param name: what GoCardless calls such objects, such as ``payments``.
        :raises Quarantine: if the source has no token, or it may not read this.
        :raises Transient: if GoCardless can't be reached, or asks to come back later.
        """
        try:
            return self._ask(source, name, "get", ref).attributes
        except Quarantine as error:
            if getattr(error.__cause__, "code", None) == 404:
                return None
            raise

    def _get_list(self, source, name, **filters):
        """Return a page of a list, the newest first: the objects as plain JSON, and the
        cursor of the next page or None. It raises what :meth:`_get_one` raises.
        """
        answer = self._ask(source, name, "list", filters)
        return [record.attributes for record in answer.records], answer.after

    def _get_all(self, source, name, **filters):
        """Return all objects of a list. It raises what :meth:`_get_one` raises."""
        objects, after = [], None
        while True:
            more = {"after": after} if after else {}
            page, after = self._get_list(source, name, limit=500, **filters, **more)
            objects += page
            if not after:
                return objects

    def _ask(self, source, name, method, argument):
        client, own = self._open(source)
        try:
            return getattr(getattr(own, name), method)(argument)
        except client.PASSING as error:
            raise source._make_passing(error, client.UNREACHED) from error
        except client.ERROR as error:
            refused = isinstance(error, client.REFUSING)
            cause = Cause.KEY_REFUSED.of() if refused else None
            raise Quarantine(Reason.SOURCE_REFUSED, str(error), cause=cause) from error

    def _open(self, source):
        """Return our module of GoCardless' library, and a client of that for a source.

        :raises Quarantine: if the library isn't installed, or the source has no token.
        """
        try:
            from . import client
        except ImportError as error:
            raise Quarantine(
                Reason.INCOMPLETE_SETUP,
                self.env._(
                    "The Python package gocardless-pro is not installed. Install "
                    "gocardless-pro==3.5.0 beside Odoo, then restart Odoo."
                ),
                about="package gocardless-pro",
            ) from error
        access = self._get_access(source)
        session = source._open_session(with_credential=False)
        return client, client.make(*access, session)

    def _get_access(self, source):
        """Return what the API is asked with: the token, the mode, and its address if it
        is not GoCardless' own.
        """
        token = source._get_api_key()
        if not token:
            raise Quarantine(
                Reason.INCOMPLETE_SETUP,
                self.env._(
                    "The source has no access token to read with. Paste one as the API "
                    "key under Connection."
                ),
                about="new_api_key",
            )
        parameters = self.env["ir.config_parameter"].sudo()
        address = source._get_call_address() or parameters.get_param(ADDRESS_PARAMETER)
        return token, source.livemode, address or None

    def _test_key(self, source):
        self._get_list(source, "creditors", limit=1)
        return []
