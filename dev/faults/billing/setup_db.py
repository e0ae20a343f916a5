"""Prepares the database of tenants that Odoo bills. For an Odoo shell."""

from odoo.addons.saas_billing_sync.dev.demo import files
from odoo.addons.saas_billing_sync.dev.faults.billing import company

files.write(files.ACCESS, company.prepare(env))  # noqa: F821
env.cr.commit()  # noqa: F821
