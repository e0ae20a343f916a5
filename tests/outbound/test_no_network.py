"""Covers pipeline/drain and models/odoo/res_partner_vies: no drain waits for others.

All tests drain by ``SaasCommon.drain``, which lets nobody be called: so each of the
golden books, and every history that is told in any order, shows it as well.
"""

import json
import os
from unittest.mock import patch

import requests

from odoo.tests import BaseCase, tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon
from ..support.live import create_database, dev, find_trouble, run_script
from .no_network import Called

#: In a database with ``base_vat``, and a company that has VAT numbers checked. The
#: service's address leads nowhere here, so who asks it is seen, and nobody is asked.
_SCRIPT = """
import json, socket
from unittest.mock import patch
from odoo import Command
from odoo.addons.queue_job.job import Job

asked = []

def refuse(*arguments, **_named):
    asked.append(arguments[0])
    raise OSError("nobody is there")

env["res.company"].search([]).vat_check_vies = True
source = env["saas.source"].create({{
    "name": "Stripe", "tz": "UTC", "adapter": "stripe",
    "sale_journal_id": env["account.journal"].search([("type", "=", "sale")])[0].id,
}})
env["saas.environment"]._is_confirmed()

def tell(number, **changes):
    event = json.loads({customer!r})
    event["id"] += str(number)
    event["created"] += number
    event["data"]["object"].update(changes)
    source._store_event(
        source._get_adapter()._identify(event), json.dumps(event).encode()
    )

def tell_tax_id(number, value):
    event = json.loads({tax_id!r})
    event["id"] += str(number)
    event["created"] += number
    event["data"]["object"].update(
        id="txi_%s" % number, value=value, created=event["created"]
    )
    source._store_event(
        source._get_adapter()._identify(event), json.dumps(event).encode()
    )

def drain():
    env.flush_all()
    source.with_user(1)._job_drain()
    env.flush_all()
    env.invalidate_all()

def jobs():
    return env["queue.job"].search(
        [("method_name", "=", "_job_saas_check_vies"), ("state", "=", "pending")]
    )

with (
    patch.object(socket, "getaddrinfo", refuse),
    patch.object(socket.socket, "connect", refuse),
):
    tell(0)
    tell_tax_id(0, {number!r})
    drain()
    partner = env["saas.tenant"].search([]).partner_id
    assert partner.vat == {number!r}, partner.vat
    assert asked == [], asked
    assert not partner.vies_valid
    [job] = jobs()

    # The same number once more is no change, and another one is.
    tell(1, name="Another name")
    drain()
    assert asked == [] and len(jobs()) == 1
    Job.load(env, job.uuid).perform()
    env.flush_all()
    job.state = "done"
    assert "ec.europa.eu" in asked, asked
    asked.clear()
    assert "could not be validated" in str(partner.message_ids.mapped("body"))

    # Outside of a drain core checks at once, as it always did.
    partner.with_user(1).write({{"vat": "DE136695976"}})
    env.flush_all()
    assert asked, "core has not asked"
    asked.clear()
env.cr.rollback()
print("all checked")
"""


@tagged("post_install", "-at_install")
class TestNoNetwork(SaasCommon):
    """A drain that calls anybody fails the test that drains."""

    def test_a_call_is_noticed(self):
        def call(*_arguments):
            requests.get("http://127.0.0.1:9", timeout=1)

        events = self.store(stripe_fixtures.load("basil", "customer.created"))
        handler = self.env.registry["saas.handler.customer"]
        with patch.object(handler, "_apply", call), self.assertRaises(Called):
            self.drain()
        self.assertState(events, "received")


@tagged("post_install", "-at_install")
class TestVies(BaseCase):
    """With ``base_vat`` and VIES checking on, a number is stored in the drain, and
    checked in a job.
    """

    def test_checked_in_a_job(self):
        database = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        dev("machine.odoo_command").run(
            database, "--no-http", "-i", "base_vat", "--stop-after-init", log=database
        )
        names = ("customer.created", "customer.tax_id.created")
        customer, tax_id = (json.dumps(stripe_fixtures.load("basil", n)) for n in names)
        script = _SCRIPT.format(customer=customer, tax_id=tax_id, number="DE811907980")
        log = run_script(database, script)
        self.assertIn("all checked", log)
        trouble = [line for line in find_trouble(log) if "failed VIES" not in line]
        self.assertEqual(trouble, [])
