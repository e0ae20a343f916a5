"""What the figures are measured on.

stage            the main database, its tenants, the server on it
setup            the companies, and what is in their books before
world, inbox     tenants and their events, put into the inbox by SQL
month            a month of events to look at, and what waits, by SQL
clone            many tenants and invoices out of a few, by SQL
shell            work inside an Odoo of its own
client           many requests at once, from processes of their own
"""
