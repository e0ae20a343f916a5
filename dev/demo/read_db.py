"""Writes down what the demonstration's database says. Give it to an Odoo shell:

make shell DB=saas_demo < dev/demo/read_db.py
"""

from odoo.addons.saas_billing_sync.dev.demo import books, files

files.write(files.BOOKS, books.read(env))  # noqa: F821
