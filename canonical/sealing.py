"""How a secret is kept: sealed with a key, as a reference to where it is, or as it is.

A kept secret is a text that begins with how it is kept. Keys are those of Fernet
(AES-128-CBC with HMAC-SHA256): https://github.com/fernet/spec/blob/master/Spec.md
"""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

#: Sealed; named by reference; plain, which only an upgrade without a key leaves.
SEALED, REFERENCE, PLAIN = "f:", "r:", "p:"

#: What a reference begins with: a variable of the environment, or a file.
REFERENCES = ("env:", "file:")

#: More than any system's secret, in bytes.
LONGEST = 4096

#: A shorter secret would be given away by its end.
_LONG_ENOUGH = 13


class BadKey(Exception):
    """A text that should be a key is none. Its number is the only argument, from 1."""


class CannotUnseal(Exception):
    """The secret was sealed with a key that is not among those given."""


@lru_cache(maxsize=8)
def read_keys(text):
    """Return what seals and unseals, or None if there is no key.

    :param text: keys as ``Fernet.generate_key()`` makes them, separated by commas.
        The first seals; all of them unseal.
    :raise BadKey: one of them is no key.
    """
    keys = []
    for number, key in enumerate(filter(None, map(str.strip, text.split(","))), 1):
        try:
            keys.append(Fernet(key))
        except ValueError:
            raise BadKey(number) from None
    return MultiFernet(keys) if keys else None


def seal(keys, secret):
    """Return a secret as it is kept, sealed with the newest of ``keys``."""
    return SEALED + keys.encrypt(secret.encode()).decode()


def unseal(keys, kept):
    """Return the secret that is kept plain or sealed.

    :param keys: what :func:`read_keys` returns; None opens only what is plain.
    :raise CannotUnseal: none of the keys opens it.
    """
    if kept.startswith(PLAIN):
        return kept.removeprefix(PLAIN)
    if keys is None:
        raise CannotUnseal
    try:
        return keys.decrypt(kept.removeprefix(SEALED).encode()).decode()
    except InvalidToken:
        raise CannotUnseal from None


def is_reference(secret):
    """Return whether a text that a person gives names where the secret is."""
    return secret.startswith(REFERENCES)


def hint(secret):
    """Return what may be shown: a reference, or how the secret ends. Four characters
    tell two secrets apart and open nothing.
    """
    if is_reference(secret):
        return secret
    return f"…{secret[-4:]}" if len(secret) >= _LONG_ENOUGH else "…"
