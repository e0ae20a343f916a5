"""Set-up for a developer or a newcomer: what `make` runs.

Nothing here is part of the addon. A test that needs a real server or a database of
its own imports `dev.machine.server` and `dev.machine.database`, with the checkout on
`sys.path`.

    __main__, commands     the table of `make` targets, and a module for each
    settings, console      what a person may choose, and what is said to a person
    workspace, machine     what every command needs first, and how it is made here
    make_believe           billing systems as they answer on this machine
    demo, faults           a company's month over real HTTP, whole and disturbed
    pytest_plugin, durations   how the tests are chosen and shared out
"""
