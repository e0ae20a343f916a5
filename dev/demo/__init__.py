"""The demonstration: one SaaS company's month, sent over real HTTP, and the books
that came of it, held against books that were kept apart.

    catalogue        what the set-up and the story both know
    setup_db         prepares the database (in an Odoo shell)
    things, shape*   Stripe's objects, in the shape before basil and the one since
    account, tenant* a Stripe account and its customers: what they do becomes events
    balance          the money Stripe holds for the account, disputed and paid out
    ledger*          what ought to be booked, added up in Decimal beside the events
    story*           the month itself
    counterpart      Stripe's API on this machine; stripe_account fills it
    delivery, send   late, twice, out of order, forged; signed and sent
    reconcile        has Odoo read the balance, and compare both sides
    books, check*    what Odoo says (in an Odoo shell), and the comparison
    report           prints it
"""
