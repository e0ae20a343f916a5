"""Which month earns what of a service: pure rules, without Odoo."""
