"""Verifies requests that are signed as Standard Webhooks says, with symmetric keys.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

The library computes the signature. Its own check has a window of five minutes, which is
the source's to say here, and stumbles over odd headers; so we compare.
"""

import base64
import binascii
import hmac
import re
import secrets as random
import time
from datetime import UTC, datetime

from standardwebhooks import Webhook

from ...canonical.errors import Unauthentic

ID_HEADER = "Webhook-Id"
TIME_HEADER = "Webhook-Timestamp"
SIGNATURE_HEADER = "Webhook-Signature"

PREFIX = "whsec_"
#: What some copy along: the name of the signature's version, before the secret.
_VERSION_PREFIX = "v1,"
#: How many bytes a key may have, by the specification.
_FEWEST, _MOST = 24, 64
_NEW_KEY = 32


def make_secret():
    """Return a new secret in the form that people and libraries know."""
    key = base64.b64encode(random.token_bytes(_NEW_KEY)).decode()
    return f"{PREFIX}{key}"


def read_key(secret):
    """Return the bytes of a key, or None if a text is no secret.

    ``whsec_`` before the base64 may be missing, and ``v1,`` may be too much.
    """
    text = secret.strip().removeprefix(_VERSION_PREFIX).removeprefix(PREFIX)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None
    return key if _FEWEST <= len(key) <= _MOST else None


def read_stamp(stamp):
    """Return the moment that a header's number of seconds stands for, aware, in UTC."""
    return datetime.fromtimestamp(int(stamp), UTC)


def read_time(inbound):
    """Return when a request was sent, as its sender has signed it."""
    return read_stamp(inbound.header(TIME_HEADER))


def verify(secrets, inbound, tolerance):
    """Return only if a request was signed with one of ``secrets`` in the last
    ``tolerance`` seconds, or that much early.

    :param secrets: texts, as they were pasted. One that is no secret counts for none.
    :raises Unauthentic: otherwise, whatever is wrong with the headers or the body.
    """
    message_id = inbound.header(ID_HEADER)
    stamp = inbound.header(TIME_HEADER)
    given = inbound.header(SIGNATURE_HEADER)
    if not (message_id and stamp and given):
        raise Unauthentic("A header of Standard Webhooks is missing.")
    if not re.fullmatch(r"[0-9]{1,11}", stamp):
        raise Unauthentic("The timestamp is no number of seconds.")
    moment = read_stamp(stamp)
    if abs(time.time() - moment.timestamp()) > tolerance:
        raise Unauthentic("The timestamp is too old, or in the future.")
    try:
        body = inbound.body.decode("utf-8")
        signatures = [part.encode("ascii") for part in given.split(" ")]
        message_id.encode("utf-8")
    except UnicodeError as error:
        raise Unauthentic("The request is not in UTF-8.") from error
    for key in filter(None, map(read_key, secrets)):
        wanted = Webhook(key).sign(message_id, moment, body).encode("ascii")
        # All are looked at, so that the time taken tells nothing.
        if sum(hmac.compare_digest(wanted, found) for found in signatures):
            return
    raise Unauthentic("The request has no valid signature.")
