{
    "name": "SaaS faults: billing runs in small chunks",
    "version": "19.0.1.0.0",
    "author": "The saas_billing_sync founders",
    "license": "LGPL-3",
    "depends": ["saas_billing_sync"],
    "installable": False,
}
