from odoo import models


class SaasUsageDistinct(models.AbstractModel):
    """Keeps which different values a meter has seen on a day, each as a hash, for
    meters that count different values: those of a period are not the sum of its days.

    It is a table of its own that nobody reads through the ORM.
    """

    _name = "saas.usage.distinct"
    _description = "SaaS different values"

    def init(self):
        """Create the table."""
        self.env.cr.execute(
            """CREATE TABLE IF NOT EXISTS saas_usage_distinct (
                   subscription_id integer NOT NULL,
                   meter_id integer NOT NULL,
                   day date NOT NULL,
                   value_hash uuid NOT NULL,
                   PRIMARY KEY (subscription_id, meter_id, day, value_hash)
               )"""
        )
