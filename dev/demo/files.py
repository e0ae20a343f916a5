"""What the client and the scripts in the Odoo shell tell each other: two files in the
work folder that nobody else may read, for one of them holds keys.
"""

import json
import os
from pathlib import Path

from .. import settings

HERE = Path(__file__).parent
# Another use of the story than the demonstration's names files of its own.
_WHOSE = settings.text("STORY_FILES", "demo")
ACCESS = settings.RUN / f"{_WHOSE}-access.json"
BOOKS = settings.RUN / f"{_WHOSE}-books.json"


def write(path, content):
    """Write JSON to a file that is its owner's alone."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)


def read(path):
    """Return the JSON of a file."""
    return json.loads(path.read_text())
