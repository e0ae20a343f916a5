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
        if target._store_events([(envelope, event._get_body())]):
            target._enqueue_drain()
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
