"""Odoo's Sales is none of this addon's dependencies. With it, contracts are sales
orders; without it, nothing is missing. Covers models/subscriptions/documents/ordered,
models/subscriptions/documents/sales_lines, models/subscriptions/documents/sales_order
and models/subscriptions/documents/sales_quantities.
"""

import os
import subprocess

from odoo.tests import BaseCase, tagged

from ..support.live import create_database, dev


@tagged("post_install", "-at_install")
class TestSalesOrders(BaseCase):
    """A database of its own gets Sales, and the tests of sales_orders."""

    def test_with_sales(self):
        settings, odoo_command = dev("settings"), dev("machine.odoo_command")
        name = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        options = ("-i", "sale", "--without-demo", "--stop-after-init", "--no-http")
        odoo_command.run(name, *options, log=f"{name}-install")
        tests = f"{settings.ADDON}/tests/subscriptions/sales_orders.py"
        command = [settings.PYTHON, "-m", "pytest", "-p", "dev.pytest_plugin", tests]
        command += [f"--odoo-database={name}", f"--odoo-config={settings.CONF}"]
        log = settings.LOG / f"{name}-tests.log"
        with log.open("wb") as output:
            done = subprocess.run(
                list(map(str, command)),
                cwd=settings.ADDONS,
                env=odoo_command.environment(PYTHONPATH=str(settings.ROOT)),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.assertEqual(done.returncode, 0, log.read_text()[-8000:])
