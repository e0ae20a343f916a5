"""Prepares the demonstration's database. Give it to an Odoo shell:

make shell DB=saas_demo < dev/demo/setup_db.py
"""

from odoo.addons.saas_billing_sync.dev.demo import company_setup, files

files.write(files.ACCESS, company_setup.prepare(env))  # noqa: F821
env.cr.commit()  # noqa: F821
