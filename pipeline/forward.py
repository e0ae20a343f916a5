from odoo import models

from ..canonical.actions import Action


class SaasSource(models.Model):
    """One endpoint gets the events of many accounts; each goes to its own source."""

    _inherit = "saas.source"

    def _forward(self, event, envelope):
        """Store an event that is about another account in that account's inbox, in
        its own company, to be booked there.

        :return: whether there is a source for that account.
        """
        self.ensure_one()
        target = self._find_connected(envelope.account)
        if not target:
            return False
        # Its jobs must not begin with our company.
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
                    "source_id": self.id,
                    "action": Action.EVENT_FORWARDED.value,
                    "res_model": target._name,
                    "res_id": target.id,
                    "detail": envelope.account,
                }
            ]
        )
        return True

    def _find_event(self, external_id):
        """Return the event of this source that has an id; it may have come before."""
        self.ensure_one()
        return self.env["saas.subscription.event"].search(
            [("source_id", "=", self.id), ("external_id", "=", external_id)]
        )
