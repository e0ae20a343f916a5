from odoo import fields


class LooseLink(fields.Many2one):
    """A link without a foreign key, for tables that grow by thousands of rows a
    second: foreign keys halve that, and to delete what is linked to would read all
    rows. What is linked to is kept by its own guards.
    """

    def update_db_foreign_key(self, model, column):
        """Make no foreign key."""
