"""GoCardless' own library. Imported only where it is needed, because not
every Odoo has it.
https://github.com/gocardless/gocardless-pro-python
"""

import requests
from gocardless_pro import Client, errors
from gocardless_pro.api_client import ApiClient
from gocardless_pro.rate_limit import update_rate_limit

#: The time-out of a single request, in seconds; the library repeats it by itself.
TIMEOUT = 30

#: Errors of the network.
UNREACHED = requests.RequestException
#: Errors that pass by themselves: the network, a limit of requests, or trouble at
#: GoCardless or before it.
PASSING = (
    UNREACHED,
    errors.GoCardlessInternalError,
    errors.MalformedResponseError,
    errors.RateLimitError,
)
#: An error that says that an object was created by an earlier call with the same key.
CREATED = errors.IdempotentCreationConflictError
#: An error that says that nothing was done, because of too many calls.
RATE_LIMITED = errors.RateLimitError
#: Errors that nothing but another token, or another right of it, can mend.
REFUSING = (errors.AuthenticationError, errors.PermissionsError)
ERROR = errors.GoCardlessProError


class _PatientClient(ApiClient):
    """Calls by a session of ours: with a time-out, which the library's own requests
    don't have, and within the budget of calls.
    """

    def __init__(self, base_url, token, session):
        super().__init__(base_url, token)
        self._session = session

    @update_rate_limit
    def get(self, path, params=None, headers=None):
        """Return the response to a GET request."""
        response = self._session.get(
            self._url_for(path),
            params=params,
            headers=self._headers(headers),
            timeout=TIMEOUT,
        )
        self._handle_errors(response)
        return response

    @update_rate_limit
    def post(self, path, body, headers=None):
        """Return the response to a POST request of JSON."""
        response = self._session.post(
            self._url_for(path),
            json=body,
            headers=self._headers(headers),
            timeout=TIMEOUT,
        )
        self._handle_errors(response)
        return response


def is_unclear(error):
    """Return whether something may have been done in spite of an error: the answer did
    not come, is no answer of GoCardless', or tells of trouble there.
    """
    if not isinstance(error, errors.ApiError):
        return True
    is_internal = isinstance(error, errors.GoCardlessInternalError)
    return is_internal or int(error.code or 0) >= 500


def make(token, livemode, address, session):
    """Return a client of the official library.

    :param session: of ``requests``.
    :param address: of the API, if it is not GoCardless' own.
    """
    environment = "live" if livemode else "sandbox"
    # What was created by the first of two equal calls is fetched by ourselves.
    client = Client(token, environment, address, raise_on_idempotency_conflict=True)
    client._api_client = _PatientClient(client._api_client.base_url, token, session)
    return client
