from odoo import api, models
from odoo.tools import SQL

#: What is at stake with open cases, by source: of each document or payment the largest
#: amount that events tell of it, once. What nobody could read is one of its own.
_TOTALS = """
    WITH opened AS (
        SELECT source_id, company_id FROM saas_exception cause WHERE %(opened)s
    ), waiting AS (
        SELECT DISTINCT id, source_id, object_kind, object_ref, stake_company,
               is_stake_known
          FROM (%(waiting)s) told
    ), stakes AS (
        SELECT source_id, COALESCE(sum(amount), 0) AS amount,
               bool_and(is_known) AS is_known
          FROM (
            SELECT source_id, max(stake_company) AS amount,
                   bool_and(COALESCE(is_stake_known, false)) AS is_known
              FROM waiting
          GROUP BY source_id, object_kind, object_ref,
                   CASE WHEN object_ref IS NULL THEN id END
          ) stake
      GROUP BY source_id
    )
    SELECT opened.source_id, opened.company_id, count(*),
           COALESCE(stakes.amount, 0), COALESCE(stakes.is_known, true)
      FROM opened
      LEFT JOIN stakes ON stakes.source_id = opened.source_id
  GROUP BY opened.source_id, opened.company_id, stakes.amount,
           stakes.is_known
  ORDER BY opened.source_id
"""


class SaasException(models.Model):
    """Adds up what is at stake with all open cases together. A document that waits for
    three causes is in three cases, and counts once.
    """

    _inherit = "saas.exception"

    @api.model
    def _read_totals(self, companies):
        """Return a tuple for each source of some companies with open cases: its id, its
        company's id, how many cases are open, what is at stake in the company's
        currency (a float, as Odoo hands out amounts), and whether that is known to be
        all.
        """
        self.env["saas.subscription.event"].flush_model()
        self.env["saas.risk"].flush_model()
        self.flush_model()
        self.env["saas.exception.event"].flush_model()
        opened = SQL(
            "cause.state = 'open' AND cause.company_id = ANY(%s)", companies.ids
        )
        return self.env.execute_query(
            SQL(_TOTALS, opened=opened, waiting=self._get_waiting(opened))
        )
