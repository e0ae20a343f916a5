"""The measured comparisons: `make bench`, or `make bench QUICK=1` in five minutes.

Each figure holds two things against each other that were measured in turn, round by
round, in the same run on the same server; what counts is the median of the rounds.

    __main__         what runs, in which order
    sizes, figure    how much of each, and what is aimed at
    world, inbox     tenants and their events, put into the inbox by SQL
    clone            many tenants and invoices out of a few, by SQL
    database, shell  the bench's databases, and work inside an Odoo of its own
    setup            the companies, and what is in their books before
    client           many requests at once, from processes of their own
    by_hand          invoices and payments as hand-written code makes them
    ingest, latency, post_rpc, post_orm, pay, growth, memory
                     one figure each
    compare, side, checkout
                     today's figures beside another commit's: `make bench BASE=aa8d31c`
    report, chart    the table, the JSON and the picture
    profile          where the time of a drain goes: `make bench ARGS=--profile`
"""
