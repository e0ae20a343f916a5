"""The demonstration: one SaaS company's month, sent over real HTTP, and the books
that came of it, held against books that were kept apart.

    catalogue        what the set-up and the story both know
    setup_db         prepares the database (in an Odoo shell), with company_setup, and
                     by_hand: what people had entered there before
    story            the month itself: accounts and customers whose deeds become events
    delivery, send   late, twice, out of order, forged; signed and sent
    counterpart      Stripe's API on this machine; filling gives it its objects
    reconcile        has Odoo read the balance, and compare both sides
    read_db          writes down what Odoo says (in an Odoo shell)
    books            what ought to be booked, the comparison, and its report
    people           two users, who resolve what waits for them when KEEP=0
    billed           the company whose invoices Odoo issues
    hub              the company whose own platform issues what GoCardless collects
    api, files       Odoo's external API; what client and shell tell each other
"""
