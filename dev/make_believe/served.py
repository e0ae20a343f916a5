"""What all counterparts of systems have in common: they serve HTTP on loopback."""

import threading
from http.server import ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Takes as many connections at once as several workers open."""

    daemon_threads = True
    request_queue_size = 64


class Served:
    """An API that a handler answers for, in a thread of its own or as a program."""

    def open(self, handler, port=0):
        """Have a port; ``handler`` finds this API as ``self.server.api``."""
        self._server = Server(("127.0.0.1", port), handler)
        self._server.api = self

    @property
    def url(self):
        """The address, without a path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self):
        """Serve in a thread of its own; return self."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        """Serve no more, and give the port back."""
        self._server.shutdown()
        self._server.server_close()

    def serve_forever(self):
        """Serve until the program ends."""
        self._server.serve_forever()
