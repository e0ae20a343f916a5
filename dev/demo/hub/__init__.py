"""The month of a company with two systems: its own platform issues the invoices and
tells them in the published interface, GoCardless takes the money, and one tenant is
both's customer.

    story        what happens, at both, and what the books must come to
    company      the company in Odoo, set up as a person would; in an Odoo shell
    counterpart  GoCardless' API with this month in it, as a program; and with the
                 account of the company that bills in Odoo
    act          sends it all, waits, reads the books, and says whether they tie out
"""
