"""The published data: what is committed is what the code says, and each example is an
event that is booked.
"""

import json
import re
from pathlib import Path

import jsonschema

from odoo.tests import BaseCase, tagged

from ...adapters.standard.events import NORMALISERS
from ...canonical.schema import published
from ...canonical.schema.examples import EXAMPLES, TOLD_EXAMPLES
from ...canonical.schema.versions import DRAFT, TOLD, TYPES, get_default

#: What books nothing, whoever tells it: it is checked, and kept.
_KEPT = {"payment.failed"}


def _every(types):
    for event_type, versions in types.items():
        for version in versions:
            yield event_type, version


@tagged("post_install", "-at_install")
class TestStandardSchema(BaseCase):
    def test_files_are_what_the_code_says(self):
        """If this fails, the interface has changed: for a published version, only by
        fields that may be left out. Write the files anew with
        ``python -m canonical.schema.published``.
        """
        written = set()
        for event_type, version in (*_every(TYPES), *_every(TOLD)):
            path = published.get_path(event_type, version)
            self.assertEqual(path.read_text(), published.write(event_type, version))
            written.add(path)
        self.assertEqual(set(Path(published.FOLDER).rglob("*.json")), written)
        self.assertIsNone(published.get_path("invoice.issued", "../../secret"))
        self.assertIsNone(published.get_path("no.type", "1"))

    def test_examples(self):
        """Each is valid to somebody else's validator, to the model and its reader."""
        self.assertEqual(set(EXAMPLES), set(_every(TYPES)))
        for (event_type, version), data in EXAMPLES.items():
            schema = json.loads(published.get_path(event_type, version).read_text())
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
            TYPES[event_type][version].model.model_validate(data)
            if event_type not in _KEPT:
                self.assertIn((event_type, version), NORMALISERS)

    def test_examples_of_what_is_told(self):
        """Each is valid to somebody else's validator and to the model. Nobody sends
        it: it is none of the types that are taken.
        """
        self.assertEqual(set(TOLD_EXAMPLES), set(_every(TOLD)))
        self.assertFalse(TOLD.keys() & TYPES.keys())
        for (event_type, version), data in TOLD_EXAMPLES.items():
            schema = json.loads(published.get_path(event_type, version).read_text())
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
            TOLD[event_type][version].model.model_validate(data)

    def test_both_refuse_the_same(self):
        """What the schema refuses, the model refuses too: a text for a number, a
        number for a text, what is missing.
        """
        wrong = ({"amount": "11900"}, {"amount": 1.5}, {"id": ""}, {"currency": "usd"})
        wrong += ({"id": None}, {"invoices": {}}, {"amount": 0}, {"customer": 5})
        schema = json.loads(published.get_path("payment.succeeded", "1").read_text())
        validator = jsonschema.Draft202012Validator(schema)
        model = TYPES["payment.succeeded"]["1"].model
        data = EXAMPLES["payment.succeeded", "1"]
        for changes in wrong:
            self.assertFalse(validator.is_valid({**data, **changes}), changes)
            with self.assertRaises(ValueError):
                model.model_validate({**data, **changes})

    def test_unknown_fields(self):
        """A sender may be ahead of us."""
        for (event_type, version), data in EXAMPLES.items():
            ahead = {**data, "is_new": {"a": [1]}}
            schema = json.loads(published.get_path(event_type, version).read_text())
            jsonschema.validate(ahead, schema)
            model = TYPES[event_type][version].model
            self.assertEqual(model.model_validate(ahead), model.model_validate(data))

    def test_default(self):
        """It is the first that does not change any more, also when newer ones come."""
        for event_type, versions in TYPES.items():
            stable = [name for name in versions if name != DRAFT]
            self.assertEqual(get_default(event_type), (stable or [DRAFT])[0])

    def test_page(self):
        """The page for who writes a sender names every type, in its newest version."""
        page = (Path(__file__).parents[2] / "docs" / "standard.rst").read_text()
        for event_type, versions in TYPES.items():
            row = rf"``{re.escape(event_type)}``(\s+{[*versions][-1]}\s| and|\.|\n)"
            self.assertRegex(page, row)
