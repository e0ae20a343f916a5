"""The signed assertion by which a program asks for an access token (RFC 7523)."""

import base64
import json

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key


class BadPrivateKey(Exception):
    """A text that should be a private key is none that can sign here."""


def sign(private_key, claims):
    """Return claims (plain JSON) as a JSON Web Token, signed with RS256 (RFC 7518).

    :param str private_key: an RSA key as PEM, without a password.
    :raises BadPrivateKey: if it is none.
    """
    key = read_private_key(private_key)
    head = {"alg": "RS256", "typ": "JWT"}
    text = ".".join(_encode(json.dumps(part).encode()) for part in (head, claims))
    signature = key.sign(text.encode(), padding.PKCS1v15(), SHA256())
    return f"{text}.{_encode(signature)}"


def read_private_key(text):
    """Return the key that a text holds, or raise :class:`BadPrivateKey`."""
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (TypeError, ValueError):
        raise BadPrivateKey from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise BadPrivateKey
    return key


def _encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
