"""Contracts of OCA's addon ``contract``, in a database that has it and not ours: with
as many lines, products and taxes as the tenants have that Odoo bills by our own.
"""

from dev.machine import python_env, template

from .. import database
from .shell import Shell

BEGIN = "2025-01-01"
_PRICES = {"Base": (30.0, 1.0), "Seats": (10.0, 4.0)}


def prepare(count):
    """Make a database with so many contracts; return its name and the folder of the
    addon.
    """
    folder = python_env.prepare_opponents()
    name = database.copy("contract", template.base())
    with Shell(name, folder) as shell:
        shell.call("stage.contracts.install")
    with Shell(name, folder) as shell:
        shell.call("stage.contracts.create", count=count)
    return name, folder


def install(env):
    """Install the addon. Runs inside the shell."""
    modules = env["ir.module.module"]
    modules.update_list()
    env.cr.commit()
    modules.search([("name", "=", "contract")]).button_immediate_install()


def create(env, count):
    """Create contracts, with a chart of accounts. Runs inside the shell."""
    env = env(context={**env.context, "chart_template_load": True})
    company = env.company
    env["account.chart.template"].try_loading("generic_coa", company)
    tax = env["account.tax"].search(
        [("type_tax_use", "=", "sale"), ("company_id", "=", company.id)], limit=1
    )
    tax.amount = 19
    products = env["product.product"].create(
        [
            {"name": name, "type": "service", "taxes_id": [(6, 0, tax.ids)]}
            for name in _PRICES
        ]
    )
    country = env.ref("base.de")
    partners = env["res.partner"].create(
        [
            {"name": f"Customer {number}", "country_id": country.id}
            for number in range(count)
        ]
    )
    env["contract.contract"].create(
        [_prepare_contract(partner, products) for partner in partners]
    )
    env.cr.commit()


def _prepare_contract(partner, products):
    rhythm = {
        "recurring_rule_type": "monthly",
        "recurring_interval": 1,
        "recurring_invoicing_type": "pre-paid",
        "date_start": BEGIN,
        "recurring_next_date": BEGIN,
    }
    lines = [
        {
            **rhythm,
            "product_id": product.id,
            "name": f"{product.name}, #START# to #END#",
            "quantity": _PRICES[product.name][1],
            "price_unit": _PRICES[product.name][0],
        }
        for product in products
    ]
    return {
        "name": f"Contract of {partner.name}",
        "partner_id": partner.id,
        "line_recurrence": True,
        "contract_line_ids": [(0, 0, line) for line in lines],
    }
