"""pytest: put Odoo's test server on the port that `make test` chose."""

import os

import pytest_odoo


def pytest_configure(config):
    """Replace pytest-odoo's choice of a random port."""
    port = os.environ.get("SAAS_TEST_PORT")
    if port:
        pytest_odoo._get_available_random_port = lambda: int(port)
