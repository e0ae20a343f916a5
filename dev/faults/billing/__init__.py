"""A billing run that is killed again and again, on two nodes, and begun by everybody.

company      tenants that Odoo bills, one of them with what can't be billed
setup_db     prepares the database (in an Odoo shell)
stage        two Odoo nodes, and those who begin runs
rounds       what is broken in each round
verdict      what the database says, held against a run that nobody disturbed
"""
