"""From 19.0.2: events are found by what they tell, they have their tenant, and those
that wait say what they move. Bodies are read for the events that wait alone, which are
few.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    cr.execute(
        """
        UPDATE saas_subscription_event event
           SET search_terms = left(concat_ws(' ', event.external_id,
                   event.customer_ref, known.numbers, known.refs), 1000)
          FROM (SELECT waiting.id,
                       string_agg(DISTINCT concat_ws(' ', move.name,
                           move.amount_total::text), ' ') AS numbers,
                       string_agg(DISTINCT binding.external_id, ' ') AS refs
                  FROM saas_subscription_event waiting
             LEFT JOIN saas_sync_log log
                    ON log.event_id = waiting.id
                   AND log.res_model IN ('account.move', 'account.payment')
             LEFT JOIN account_move move
                    ON log.res_model = 'account.move' AND move.id = log.res_id
             LEFT JOIN saas_binding binding
                    ON binding.res_model = log.res_model
                   AND binding.res_id = log.res_id
                 WHERE waiting.search_terms IS NULL
              GROUP BY waiting.id) known
         WHERE known.id = event.id
        """
    )
    cr.execute(
        """
        UPDATE saas_subscription_event event
           SET tenant_id = binding.res_id
          FROM saas_binding binding
         WHERE event.tenant_id IS NULL
           AND binding.source_id = event.source_id
           AND binding.kind = 'customer'
           AND binding.external_id = event.customer_ref
           AND binding.res_model = 'saas.tenant'
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    for event in env["saas.subscription.event"].search(
        [("state", "in", ("parked", "quarantined", "dead"))]
    ):
        if facts := event._read_facts():
            event.write(event._prepare_told(facts, facts))
