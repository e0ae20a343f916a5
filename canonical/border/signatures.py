"""The ways in which systems prove that a request is theirs. Each takes what an attacker
may have written, and says yes or no: it raises nothing.
"""

import base64
import binascii
import hmac

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

#: Keys below this are broken in practice (NIST SP 800-131A).
_SHORTEST_KEY = 2048


def is_equal(expected, given):
    """Return whether two texts are equal, in a time that tells nothing of where they
    differ.
    """
    return hmac.compare_digest(
        expected.encode(errors="surrogatepass"), given.encode(errors="surrogatepass")
    )


def is_hmac(secret, message, signature, digest="sha256", encoding="hex"):
    """Return whether ``signature`` is the HMAC of ``message`` (RFC 2104).

    :param str secret: as it was shared.
    :param bytes message: what was signed.
    :param str signature: as it stands in the request.
    :param str encoding: ``hex`` or ``base64``.
    """
    mac = hmac.new(secret.encode(), message, digest)
    expected = (
        base64.b64encode(mac.digest()).decode()
        if encoding == "base64"
        else mac.hexdigest()
    )
    return is_equal(expected, signature)


def is_basic(secret, authorization):
    """Return whether an Authorization header holds a secret (RFC 7617).

    :param str secret: ``user:password``.
    :param str authorization: the header.
    """
    scheme, _space, token = authorization.partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        given = base64.b64decode(token.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return False
    return is_equal(secret, given)


def is_rs256(public_key, message, signature):
    """Return whether ``signature`` is an RSA signature of ``message`` by SHA-256
    (RSASSA-PKCS1-v1_5, RFC 8017; RS256 in RFC 7518).

    :param str public_key: the sender's key, pinned here, as PEM.
    :param bytes message: what was signed.
    :param bytes signature: as it was sent, decoded.
    """
    try:
        key = load_pem_public_key(public_key.encode())
        if not isinstance(key, RSAPublicKey) or key.key_size < _SHORTEST_KEY:
            return False
        key.verify(signature, message, PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
