"""A database that knows its environment, and what makes it a copy."""

import os
from unittest.mock import patch

from ..support.pulling import PullCommon

_VARIABLE = "SAAS_BILLING_SYNC_ENVIRONMENT"


class EnvironmentCommon(PullCommon):
    """A database that was set up as production, and how it becomes a copy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.environment = cls.env["saas.environment"]
        cls.startClassPatcher(patch.dict(os.environ, {_VARIABLE: "production"}))
        cls.environment.search([]).unlink()
        cls.environment.flush_model()

    def record(self):
        """Let the database be used for the first time; return what it recorded."""
        self.assertTrue(self.environment._is_confirmed())
        return self.environment.search([]).ensure_one()

    def change(self, **values):
        """Let what was recorded differ from what is there."""
        self.record().write(values)
        self.environment.flush_model()

    def move_to(self, name):
        """Let the database run under another name."""
        self.enterContext(patch.dict(os.environ, {_VARIABLE: name}))
