"""The measured comparisons: `make bench`, or `make bench QUICK=1` in five minutes.

Each figure holds two things against each other that were measured in turn, round by
round, in the same run on the same server; what counts is the median of the rounds.

    __main__         what runs, in which order
    sizes, figure    how much of each, and what is aimed at
    figures          one module for each figure: batch, ingest, latency, post_rpc,
                     post_orm, pay, growth, memory; and by_hand, the code that they
                     compare with. Below it usage (how it is taken in, counted and
                     rated) and billing (runs, amendments, OCA's addon `contract`, and
                     what is deferred and recognised)
    stage            what they are measured on: databases, tenants, a server, what is
                     metered, whom Odoo bills
    database         the bench's databases, and short ways to read and write them
    compare, side, checkout
                     today's figures beside another commit's: `make bench BASE=aa8d31c`
    report, chart    the table, the JSON and the picture
    profile          where the time of a drain goes: `make bench ARGS=--profile`
"""
