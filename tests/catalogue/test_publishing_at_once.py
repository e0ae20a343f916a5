"""Nobody slips a part into a version while somebody else publishes it."""

import os

from odoo.tests import BaseCase, tagged

from ..support.live import create_database, find_trouble, run_script

#: In a database of its own, so that transactions can really commit.
_SCRIPT = """
from odoo import Command, api
from psycopg2.errors import SerializationFailure

account = env["account.account"].search([("account_type", "=", "income")], limit=1)
product = env["product.product"].create(
    {{"name": "Plan", "property_account_income_id": account.id}}
)
plan = env["saas.plan"].create({{"name": "Team", "code": "team"}})
version = env["saas.plan.version"].create({{"plan_id": plan.id}})
price = {{"currency_id": env.company.currency_id.id, "unit_price": "1"}}
component = env["saas.plan.component"].create({{
    "version_id": version.id,
    "code": "base",
    "name": "Base",
    "product_id": product.id,
    "price_ids": [Command.create(price)],
}})
env.cr.commit()
new = {{"version_id": version.id, "code": "late", "name": "Late"}}
changes = (
    lambda late: late["saas.plan.component"].create(new),
    lambda late: late["saas.price"].browse(component.price_ids.id).write(
        {{"unit_price": "2"}}
    ),
    lambda late: late["saas.plan.component"].browse(component.id).unlink(),
)
for number, change in enumerate(changes):
    with env.registry.cursor() as cr:
        cr.execute("SELECT 1")
        late = api.Environment(cr, 1, {{}})
        assert late["saas.plan.version"].browse(version.id).state == "draft"
        version.action_publish()
        env.cr.commit()
        try:
            change(late)
        except SerializationFailure:
            print("REFUSED", number)
        cr.rollback()
    env.cr.execute("UPDATE saas_plan_version SET state = 'draft'")
    env.cr.commit()
    env.invalidate_all()
"""


@tagged("post_install", "-at_install")
class TestPublishingAtOnce(BaseCase):
    def test_who_comes_late_fails_and_is_tried_again(self):
        name = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        log = run_script(name, _SCRIPT.format())
        self.assertFalse(find_trouble(log))
        for number in range(3):
            self.assertIn(f"REFUSED {number}", log)
