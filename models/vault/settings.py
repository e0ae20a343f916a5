"""Reads the vault's settings, which the machine has outside the database."""

from ..server_section import name_variable, read

KEY, FOLDER = "key", "secrets_dir"
KEY_VARIABLE, FOLDER_VARIABLE = name_variable(KEY), name_variable(FOLDER)

#: The command that makes a key.
MAKE_KEY = (
    'python3 -c "from cryptography.fernet import Fernet; '
    'print(Fernet.generate_key().decode())"'
)


def get_keys():
    """Return the keys that seal secrets as one text, newest first, separated by
    commas; empty if there are none.
    """
    return read(KEY)


def get_folder():
    """Return the path of the folder with the files that a secret may be in, or ""."""
    return read(FOLDER)
