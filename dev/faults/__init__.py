"""What breaks in real life, done on purpose while events flow over HTTP.

    postgres        a PostgreSQL of its own, to stop and to start
    stage           Odoo nodes on a database, a sender, and what came of it
    sender          sends as Stripe does: again and again, until it is answered 200
    processes       finds the process that drains, or that runs the job runner
    rounds          what is broken in each round
    read_db         writes down what the database says (in an Odoo shell)
    verdict, table  held against an undisturbed run of the same events

The events are the demonstration's month, and its ledger is asked as well.
"""
