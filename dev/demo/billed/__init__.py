"""The company whose invoices Odoo issues: its product tells what happens and meters
what is used, and Stripe and GoCardless take the money: a quarter, month by month.

    plans             what is sold, in versions
    customers         who buys it, and what they do
    usage             what they use, and what of it is told late or wrong
    telling           both as events of the published interface
    company           the company in Odoo, set up as a person would; in an Odoo shell
    stripe_gateway, gocardless_gateway, gocardless_side, money
                      what happens at both, when Odoo has them collect
    act               tells it, has it billed and paid, month by month
    closing           what finance does at its end, and the proofs of revenue
    price_time        what it all ought to cost, counted by the day in fractions
    reading, check    what Odoo says, held against that
"""
