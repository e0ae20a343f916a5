"""Set-up for a developer or a newcomer: what `make` runs.

Nothing here is part of the addon. A test that needs a real server or a database of
its own imports `dev.server` and `dev.database`, with the checkout on `sys.path`.
"""
