"""Gives Stripe's counterpart what the month has made of the accounts, and Odoo the keys
to read it with.
"""

import secrets

import requests

from ..console import Trouble

ADDRESS_PARAMETER = "saas_billing_sync.stripe_api_address"
TIMEOUT = 30


class StripeAccounts:
    """The counterpart of Stripe's API, as somebody who fills it sees it."""

    def __init__(self, url):
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def fill(self, accounts):
        """Put all objects of the accounts there; return a key for each account."""
        keys = {}
        for account in accounts:
            name = account.entity.key
            # A restricted key, of the live mode, as its beginning says.
            keys[name] = f"rk_live_{secrets.token_hex(12)}_{name}"
            self._post("/_objects", account.list_objects(), name)
        self._post("/_keys", dict.fromkeys(keys.values()))
        return keys

    def _post(self, path, content, account=""):
        answer = self._session.post(
            self.url + path,
            json=content,
            headers={"Stripe-Account": account},
            timeout=TIMEOUT,
        )
        if answer.status_code != 200:
            raise Trouble(f"Stripe's counterpart refused {path}: {answer.text[:200]}")


def connect(api, url, keys):
    """Tell Odoo where Stripe's API is, and each source its key; return the sources'
    ids by entity.
    """
    api.call("ir.config_parameter", "set_param", key=ADDRESS_PARAMETER, value=url)
    sources = {}
    for name, key in keys.items():
        domain = [["name", "=", f"Stripe {name.upper()}"]]
        [sources[name]] = api.call("saas.source", "search", domain=domain)
        api.call("saas.source", "write", ids=[sources[name]], vals={"new_api_key": key})
    return sources
