"""Makes sure that a block calls nobody. PostgreSQL is called by its own library, which
knows no sockets of Python's.
"""

import socket
from contextlib import contextmanager
from unittest.mock import patch


class Called(BaseException):
    """Somebody was called. No code takes it for an error that it may handle."""


@contextmanager
def no_network():
    """Fail if anything in the block looks up a name, or opens a connection."""

    def refuse(*arguments, **_named):
        raise Called(f"a drain must call nobody, but {arguments[-1:]} was called")

    with (
        patch.object(socket.socket, "connect", refuse),
        patch.object(socket.socket, "connect_ex", refuse),
        patch.object(socket, "getaddrinfo", refuse),
    ):
        yield
