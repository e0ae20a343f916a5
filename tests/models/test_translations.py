import os
from pathlib import Path

import polib

from odoo.tests import BaseCase, tagged

from ..support.live import create_database, dev

_TEMPLATE = Path(__file__).parents[2] / "i18n" / "saas_billing_sync.pot"


@tagged("post_install", "-at_install")
class TestTranslations(BaseCase):
    """Translators find every term of the addon, and none that is gone."""

    def test_template_is_up_to_date(self):
        name = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        with dev("machine.staging").staged() as addon:
            fresh = addon.parent / "fresh.pot"
            dev("commands.package").export_terms(name, addon, fresh)
            expected = _read_terms(fresh)
        self.assertEqual(
            _read_terms(_TEMPLATE) ^ expected, set(), "run `make i18n` and look at it"
        )


def _read_terms(path):
    return {entry.msgid for entry in polib.pofile(str(path))}
