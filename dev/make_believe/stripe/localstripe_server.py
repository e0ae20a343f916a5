"""Runs localstripe on loopback: its own command listens on every interface.

Started as a program: ``python localstripe_server.py PORT``.
"""

import logging
import sys

from aiohttp import web
from localstripe.resources import Store
from localstripe.server import app

# It would keep its state in one file in /tmp, for everybody on this machine.
Store.dump_to_disk = lambda self: None

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
