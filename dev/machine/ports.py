"""TCP ports on loopback: a free one, or the one that was asked for."""

import http.client
import socket

from ..console import Trouble

LOOPBACK = "127.0.0.1"


def free():
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def require(port, name):
    """Return `port`, or raise `Trouble` when it is taken.

    In: the port, and the variable that chooses another.
    """
    with socket.socket() as probe:
        # As the servers do it: a port that was just closed counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except (OSError, OverflowError) as error:
            raise Trouble(
                f"Port {port} cannot be used: {error.args[-1]}.",
                f"Stop what listens there, or choose another: {name}={free()}",
            ) from None
    return port


def answers(port, path):
    """Return whether a server on this machine answers a path, with 200."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
