"""Writes down what the demonstration's database says. Give it to an Odoo shell:

make shell DB=saas_demo < dev/demo/read_db.py
"""

from odoo.addons.saas_billing_sync.dev.demo import files
from odoo.addons.saas_billing_sync.dev.demo.books import reader

files.write(files.BOOKS, reader.read(env))  # noqa: F821
