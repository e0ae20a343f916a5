"""Prepares the demonstration's database. Give it to an Odoo shell:

make shell DB=saas_demo < dev/demo/setup_db.py
"""

from odoo.addons.saas_billing_sync.dev.demo import company_setup, files
from odoo.addons.saas_billing_sync.dev.demo.billed import company as billed
from odoo.addons.saas_billing_sync.dev.demo.hub import company as hub

access = company_setup.prepare(env)  # noqa: F821
access["billed"] = billed.prepare(env)  # noqa: F821
access["hub"] = hub.prepare(env)  # noqa: F821
files.write(files.ACCESS, access)
env.cr.commit()  # noqa: F821
