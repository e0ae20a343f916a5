"""What breaks in real life, done on purpose while events flow over HTTP, and while
tenants are billed.

    postgres        a PostgreSQL of its own, to stop and to start
    nodes           Odoo nodes on a database of their own
    processes       finds the processes that do a job, or that run the job runner
    stage           nodes, a sender, and what came of the events that it sent
    sender          sends as Stripe does: again and again, until it is answered 200
    round, rounds   what is broken in each round
    read_db         writes down what the database says (in an Odoo shell)
    verdict, table  held against an undisturbed run of the same events
    billing         a billing run that is killed, on two nodes

The events are the demonstration's month, and its ledger is asked as well.
"""
