"""Reads what the server's administrator sets for this addon: the section
``[saas_billing_sync]`` of ``odoo.conf``. It is a section of its own, as queue_job has
one, because Odoo warns about options in ``[options]`` that it doesn't know.
"""

import os
from configparser import ConfigParser
from functools import cache

from odoo.tools import config

SECTION = "saas_billing_sync"


def name_variable(option):
    """Return the environment variable that stands before an option of the file, such
    as ``SAAS_BILLING_SYNC_ENVIRONMENT`` before ``environment``.
    """
    return f"{SECTION}_{option}".upper()


def read(option):
    """Return an option's value as a text, or "" where it is not set."""
    named = os.environ.get(name_variable(option))
    return (named or _read_file(config["config"]).get(option) or "").strip()


@cache
def _read_file(path):
    """Return our section of a configuration file. Odoo reads its own options once, at
    its start, too: a change needs a restart.
    """
    parser = ConfigParser(interpolation=None)
    parser.read(path or [])
    return dict(parser[SECTION]) if parser.has_section(SECTION) else {}
