import re
import time
import uuid
from contextlib import suppress
from datetime import timedelta

import requests
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields, models

from ...canonical.border.assertion import BadPrivateKey, sign
from ...canonical.errors import Quarantine, Transient
from ...canonical.reasons import Cause, Reason
from ...models.vault.credential import (
    ACCESS_TOKEN,
    PRIVATE_KEY,
    REFRESH_TOKEN,
    SECRET,
)

#: A token that ends so soon is renewed before it is used, in seconds.
_MARGIN = 60
#: How long a signed assertion is good for, in seconds: enough for two clocks.
_ASSERTION = 180
#: How often another worker's renewal is waited for.
_TRIES = 5
_KINDS = ("oauth2_client", "oauth2_refresh", "oauth2_jwt")


class SaasReadingToken(models.AbstractModel):
    """Asks for the access tokens of a credential, one worker at a time.

    It does so in a transaction of its own, under a lock on the credential's row: a job
    that fails later must not forget the refresh token that the system has just given
    instead of the one before. Whoever comes meanwhile waits, and uses the new token.
    """

    _name = "saas.reading.token"
    _description = "SaaS access tokens"

    def _has_token(self, source):
        """Return whether a source is called with access tokens."""
        return source.credential_ids.kind in _KINDS

    def _get(self, source, refused=None):
        """Return an access token for a source.

        :param refused: a token that the system has refused, or None.
        :raises Quarantine: if the system gives none.
        :raises Transient: if it can't be asked now.
        """
        credential = source.credential_ids
        # This transaction's snapshot does not show what it has had renewed itself.
        known = self.env.cr.cache.setdefault(self._name, {})
        token = known.get(credential.id)
        if not token or token == refused:
            token = self._find(credential, refused) or self._renew(credential, refused)
            known[credential.id] = token
        return token

    def _find(self, credential, refused):
        """Return the token that is kept, unless it is no good any more."""
        token = self.env["saas.vault"]._get(credential, ACCESS_TOKEN).get(credential.id)
        soon = fields.Datetime.now() + timedelta(seconds=_MARGIN)
        ends = credential.token_expires_at
        return token if token != refused and not (ends and ends < soon) else None

    def _renew(self, credential, refused):
        for _try in range(_TRIES):
            # One that another worker has renewed meanwhile can only be seen by a new
            # transaction.
            with suppress(SerializationFailure), self.env.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                cr.execute(
                    """SELECT id FROM saas_source_credential WHERE id = %s
                       FOR NO KEY UPDATE""",
                    [credential.id],
                    log_exceptions=False,
                )
                if not cr.rowcount:
                    break
                own = env[credential._name].browse(credential.id)
                tokens = env[self._name]
                return tokens._find(own, refused) or tokens._ask(own)
        raise Transient(
            self.env._("Another job renews the access token. It is used in a moment.")
        )

    def _ask(self, credential):
        """Return a new token, and keep it."""
        source = credential.source_id
        adapter = source._get_adapter()
        address = adapter._get_token_address(source, source._get_call_address())
        answer = self._post(source, address, self._prepare_request(credential, address))
        token = answer.get("access_token")
        if not token or not isinstance(token, str):
            raise Quarantine(
                Reason.SOURCE_REFUSED,
                self.env._("The system answered without an access token."),
            )
        vault = self.env["saas.vault"]
        vault._put(credential, token, ACCESS_TOKEN)
        seconds = answer.get("expires_in")
        # One that does not say when it ends is used until it is refused.
        credential.token_expires_at = (
            fields.Datetime.now() + timedelta(seconds=int(seconds))
            if str(seconds or "").isdigit()
            else False
        )
        renewed = answer.get("refresh_token")
        if renewed and credential.kind == "oauth2_refresh":
            vault._put(credential, renewed, REFRESH_TOKEN)
        return token

    def _prepare_request(self, credential, address):
        """Return what ``requests`` posts for a token.
        https://www.rfc-editor.org/rfc/rfc6749#section-4.4 and section-6
        """
        source, kind = credential.source_id, credential.kind
        data = source._get_adapter()._get_token_fields(source)
        if kind == "oauth2_jwt":
            # https://www.rfc-editor.org/rfc/rfc7523#section-2.1
            grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
            assertion = self._sign(credential, address)
            return {"data": {**data, "grant_type": grant, "assertion": assertion}}
        if kind == "oauth2_refresh":
            refresh = self._open(credential, REFRESH_TOKEN)
            data = {**data, "grant_type": "refresh_token", "refresh_token": refresh}
        else:
            data = {**data, "grant_type": "client_credentials"}
        secret = self.env["saas.vault"]._get(credential, SECRET).get(credential.id)
        if secret:
            return {"data": data, "auth": (credential.client_id or "", secret)}
        return {"data": {**data, "client_id": credential.client_id or ""}}

    def _sign(self, credential, address):
        now = int(time.time())
        claims = {
            "iss": credential.client_id or "",
            "sub": credential.subject or credential.client_id or "",
            "aud": address,
            "iat": now,
            "exp": now + _ASSERTION,
            "jti": uuid.uuid4().hex,
        }
        source = credential.source_id
        claims |= source._get_adapter()._get_token_claims(source)
        try:
            return sign(self._open(credential, PRIVATE_KEY), claims)
        except BadPrivateKey:
            raise Quarantine(
                Reason.INCOMPLETE_SETUP,
                self.env._(
                    "The private key of the credential can't be used. Paste it again "
                    "under Connection."
                ),
            ) from None

    def _open(self, credential, part):
        secret = self.env["saas.vault"]._get(credential, part).get(credential.id)
        if not secret:
            raise Quarantine(
                Reason.INCOMPLETE_SETUP,
                self.env._(
                    "A secret of the credential is missing, or can't be opened. Paste "
                    "it again under Connection."
                ),
            )
        return secret

    def _post(self, source, address, request):
        """Return what a system answers who is asked for a token, as a dict."""
        call = self.env["saas.reading.call"]
        try:
            with call._open_session(source, with_credential=False) as session:
                response = session.post(address, **request)
            answer = response.json()
        except requests.RequestException as error:
            raise Transient(
                self.env._(
                    "The system could not be asked for an access token (%s). It is "
                    "asked again later.",
                    type(error).__name__,
                )
            ) from error
        answer = answer if isinstance(answer, dict) else {}
        if response.status_code in (400, 401, 403):
            raise Quarantine(
                Reason.SOURCE_REFUSED,
                self.env._(
                    "The system gives no access token for this credential (%s). Check "
                    "the client ID and the secret under Connection.",
                    _read_error(answer) or response.status_code,
                ),
                cause=Cause.KEY_REFUSED.of(),
            )
        call._check(response, self.env._("the access token"))
        return answer


def _read_error(answer):
    """Return the error's code, and nothing that could hold a secret."""
    found = re.fullmatch(r"[a-z_]{1,40}", str(answer.get("error") or ""), re.ASCII)
    return found and found[0]
