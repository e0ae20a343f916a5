"""What an administrator says about this addon where the server is: section
``[saas_billing_sync]`` of ``odoo.conf``, as queue_job has one of its own. Odoo warns of
options in ``[options]`` that it doesn't know.
"""

import functools
import os
from configparser import ConfigParser

from odoo.tools import config

_SECTION = "saas_billing_sync"


def read(option):
    """Return an option's value as a text, or "" where it is not set.

    An environment variable, such as ``SAAS_BILLING_SYNC_ENVIRONMENT`` for
    ``environment``, comes before the file.
    """
    named = os.environ.get(f"{_SECTION}_{option}".upper())
    return (named or _read_file().get(option) or "").strip()


@functools.cache
def _read_file():
    """Return the section's options. Odoo reads its file once, at its start, too."""
    parser = ConfigParser(interpolation=None)
    parser.read(config["config"] or [])
    return dict(parser[_SECTION]) if parser.has_section(_SECTION) else {}
