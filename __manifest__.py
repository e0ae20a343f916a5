{
    "name": "SaaS Billing Sync",
    "summary": "Books subscription events of billing systems exactly once",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "The saas_billing_sync founders, Odoo Community Association (OCA)",
    "website": "https://github.com/OCA/account-invoicing",
    "license": "LGPL-3",
    "application": True,
    "depends": ["account", "queue_job"],
    "external_dependencies": {
        "python": ["phonenumbers", "pydantic", "stripe"],
    },
    "data": [],
    "demo": [],
    "uninstall_hook": "uninstall_hook",
}
