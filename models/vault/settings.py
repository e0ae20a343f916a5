"""What the machine tells the vault, from outside the database: the environment, or the
section ``[saas_billing_sync]`` of Odoo's configuration file.
"""

import os
from configparser import ConfigParser
from functools import cache

from odoo.tools import config

SECTION = "saas_billing_sync"
KEY, KEY_VARIABLE = "key", "SAAS_BILLING_SYNC_KEY"
FOLDER, FOLDER_VARIABLE = "secrets_dir", "SAAS_BILLING_SYNC_SECRETS_DIR"

#: What makes a key, for those who have none.
MAKE_KEY = (
    'python3 -c "from cryptography.fernet import Fernet; '
    'print(Fernet.generate_key().decode())"'
)


def get_keys():
    """Return the keys that seal secrets as one text, newest first, separated by
    commas; empty if there are none.
    """
    return _get(KEY_VARIABLE, KEY)


def get_folder():
    """Return the path of the folder with the files that a secret may be in, or ""."""
    return _get(FOLDER_VARIABLE, FOLDER)


def _get(variable, option):
    return os.environ.get(variable) or _read_section(config["config"]).get(option, "")


@cache
def _read_section(path):
    """Return our section of a configuration file. Like Odoo's own options it is read
    once: a change needs a restart.
    """
    parser = ConfigParser(interpolation=None)
    parser.read(path or [])
    return dict(parser[SECTION]) if parser.has_section(SECTION) else {}
