from odoo import models

from ..canonical.actions import Action


class SaasForward(models.AbstractModel):
    """Forwards events that one endpoint got for many accounts, each to the account's
    own source.
    """

    _name = "saas.forward"
    _description = "SaaS forwarding of events"

    def _forward(self, source, event):
        """Store an event that is about another account in that account's inbox, in
        its own company, to be booked there.

        :return: whether there is a source for that account.
        """
        envelope = event._get_envelope()
        target = source._find_connected(envelope.account)
        if not target:
            return False
        # The other source's jobs must not begin with our company.
        target = target.with_context(allowed_company_ids=target.company_id.ids)
        stored = target._store_events([(envelope, event._get_body())])
        if stored:
            stored.forwarded_from_id = event
            target._enqueue_drain()
        event.forwarded_to_id = stored or target._find_event(envelope.external_id)
        self.env["saas.sync.log"]._append(
            [
                {
                    "event_id": event.id,
                    "source_id": source.id,
                    "action": Action.EVENT_FORWARDED.value,
                    "res_model": target._name,
                    "res_id": target.id,
                    "detail": envelope.account,
                }
            ]
        )
        return True
