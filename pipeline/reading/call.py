import functools

import requests

from odoo import models

from ...canonical.errors import Later, Quarantine, Transient, read_retry_after
from ...canonical.marks import OFFLINE, URGENT
from ...canonical.reasons import Cause, Reason
from .session import Session

#: How long nobody calls a system that wants fewer calls and does not say for how long.
_PAUSE = 30


class SaasReadingCall(models.AbstractModel):
    """Calls a source's system with its credential. Only jobs do, and people who set a
    source up; a drain never does.
    """

    _name = "saas.reading.call"
    _description = "SaaS calls"

    def _open_session(self, source, with_credential=True):
        """Return a :class:`~.session.Session` for a source: an adapter calls by it, or
        gives it to its system's own library.

        :param with_credential: whether the session adds what lets us in; a library may
            do that itself.
        :raises Transient: if this database may be a copy of the real one.
        """
        if OFFLINE.is_in(self.env):
            raise RuntimeError("a drain must not call other systems")
        self.env["saas.environment"]._hold_call()
        payer = source.sudo()._get_payer()
        limits = payer._get_call_limits()
        budget = self.env["saas.reading.budget"]
        take, give_back, hold = _count_nothing, _count_nothing, _count_nothing
        if any(limits) or payer.credential_ids:
            is_urgent = URGENT.is_in(self.env)
            take = functools.partial(budget._take, payer, limits, is_urgent)
            give_back = functools.partial(budget._give_back, payer)
            hold = functools.partial(budget._hold, payer)
        authorise = None
        if with_credential:
            authorise = functools.partial(self._authorise, payer)
        return Session(
            payer._get_call_address(),
            take,
            give_back,
            hold,
            functools.partial(self.env["saas.call.time"]._note, source),
            authorise=authorise,
        )

    def _authorise(self, source, refused):
        """Return the headers that let us in.

        :param refused: the headers that did not, or None.
        """
        tokens = self.env["saas.reading.token"]
        if tokens._has_token(source):
            known = refused and refused["Authorization"].removeprefix("Bearer ")
            return {"Authorization": f"Bearer {tokens._get(source, known)}"}
        return refused or source._get_adapter()._authorise(
            source, *source._get_call_secret()
        )

    def _request(self, source, method, path, **kwargs):
        """Call a source's system, and return the ``requests.Response``, which tells of
        success.

        :param path: below the credential's address.
        :param kwargs: as ``requests`` takes them: ``params``, ``json``, ``headers`` …
        :raises Later: if the system may not be called now.
        :raises Transient: if it can't be reached, or has trouble of its own.
        :raises Quarantine: if it refuses.
        """
        if not source._has_api_key():
            raise Quarantine(
                Reason.INCOMPLETE_SETUP,
                self.env._(
                    "The source has no credential to read with. Enter one under "
                    "Connection."
                ),
                about="new_api_key",
            )
        with self._open_session(source) as session:
            try:
                response = session.request(method, path, **kwargs)
            except requests.RequestException as error:
                raise source._make_passing(error, requests.RequestException) from error
        self._check(response, path)
        return response

    def _check(self, response, path):
        """Raise unless a response tells of success."""
        status = response.status_code
        if status < 300:
            return
        if status == 429 or (status == 503 and read_retry_after(response.headers)):
            raise Later(
                self.env._("The system asks for fewer calls, so this goes on later."),
                read_retry_after(response.headers) or _PAUSE,
            )
        if status >= 500:
            raise Transient(
                self.env._(
                    "The system has trouble of its own (HTTP %s). It is called again "
                    "later.",
                    status,
                )
            )
        if status in (401, 403):
            raise Quarantine(
                Reason.SOURCE_REFUSED,
                self.env._(
                    "The system refuses the credential (HTTP %(status)s for %(path)s). "
                    "Check it under Connection, and what it may read at the system.",
                    status=status,
                    path=path,
                ),
                cause=Cause.KEY_REFUSED.of(),
            )
        raise Quarantine(
            Reason.SOURCE_REFUSED,
            self.env._(
                "The system refuses the request (HTTP %(status)s for %(path)s).",
                status=status,
                path=path,
            ),
        )


def _count_nothing(*_arguments):
    return None
