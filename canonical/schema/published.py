"""Writes the JSON Schema of each type and version, as it is committed and served.

``python -m canonical.schema.published`` writes the files anew, from the repository's
root.
"""

import json
from pathlib import Path

from .examples import EXAMPLES, TOLD_EXAMPLES
from .versions import TOLD, TYPES

FOLDER = Path(__file__).parent / "published"
#: All types that have a schema, whichever way they go.
_ALL = {**TYPES, **TOLD}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def get_path(event_type, version):
    """Return the file of a schema, or None if there is no such type or version."""
    if version not in _ALL.get(event_type, {}):
        return None
    return FOLDER / event_type / f"{version}.json"


def write(event_type, version):
    """Return the schema of a type's data as the text of its file."""
    model = _ALL[event_type][version].model
    schema = _tidy(model.model_json_schema())
    schema.pop("title")
    schema = {
        "$schema": DIALECT,
        "$id": f"/saas/schema/{event_type}/{version}",
        "title": f"{event_type}, version {version}",
        **schema,
        "examples": [(EXAMPLES | TOLD_EXAMPLES)[event_type, version]],
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _tidy(value):
    """Return a schema with its descriptions as plain sentences in one line."""
    if isinstance(value, list):
        return [_tidy(part) for part in value]
    if not isinstance(value, dict):
        return value
    tidy = {key: _tidy(part) for key, part in value.items()}
    if isinstance(text := tidy.get("description"), str):
        tidy["description"] = " ".join(text.replace("``", "`").split())
    return tidy


def write_all():
    """Write all files."""
    for event_type, versions in _ALL.items():
        for version in versions:
            path = get_path(event_type, version)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(write(event_type, version))


if __name__ == "__main__":
    write_all()
