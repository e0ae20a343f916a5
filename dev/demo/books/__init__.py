"""What ought to be booked, what Odoo says is booked, and both held side by side.

ledger*          what ought to be booked, added up in Decimal beside the events
reader           what Odoo says (in an Odoo shell)
check*, report   the comparison, and how it is printed
screens          the report's counts beside those of the menus
"""
