from odoo import api, fields, models

from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from ...canonical.reference import Reference
from ...canonical.review.severity import FLOORS


class SaasException(models.Model):
    """Opens a case for each risk that is open, and closes it with the risk. No event
    waits for it; those that told of the risk are shown with it.
    """

    _inherit = "saas.exception"

    risk_id = fields.Many2one(
        "saas.risk", readonly=True, ondelete="restrict", index="btree_not_null"
    )

    @api.model
    def _follow_risks(self, risks, events=None):
        """Bring the cases of risks to what is known of the risks.

        :param risks: ``saas.risk``, as superuser.
        :param events: the events that have just told of them, by risk.
        """
        cases = self.sudo().search(
            [("risk_id", "in", risks.ids), ("state", "=", "open")]
        )
        opened = risks.filtered(lambda risk: risk.state == "open") - cases.risk_id
        cases |= self._open_risks(opened)
        for case in cases.filtered(lambda c: c.tenant_id != c.risk_id.tenant_id):
            case.tenant_id = case.risk_id.tenant_id
        cases._link_events(events or {})
        if cases:
            cases._refresh()

    def _open_risks(self, risks):
        """Open a case for each of these risks; one that was closed before is named."""
        known = dict(
            self.sudo()._read_group(
                [("risk_id", "in", risks.ids)], ["risk_id"], ["id:max"]
            )
        )
        cases = self.sudo().with_context(mail_create_nolog=True, tracking_disable=True)
        return cases.create(
            [
                {
                    "source_id": risk.source_id.id,
                    "reason": Reason.AT_RISK.value,
                    "cause_key": str(Reference(Kind.RISK, risk.external_id))[:200],
                    "cause_label": risk._describe(),
                    "tenant_id": risk.tenant_id.id,
                    "severity": FLOORS[Reason.AT_RISK],
                    "risk_id": risk.id,
                    "previous_id": known.get(risk, False),
                }
                for risk in risks
            ]
        )

    def _link_events(self, events):
        """Show with these cases the events that told of their risks, while those are
        open.
        """
        links = self.env["saas.exception.event"].sudo()
        pairs = [
            (case, event)
            for case in self
            for event in events.get(case.risk_id, ())
            if case.risk_id.state == "open"
        ]
        known = links.search([("case_id", "in", self.ids)])
        known_pairs = {(link.case_id, link.event_id): link for link in known}
        over = known.filtered(lambda link: link.case_id.risk_id.state != "open")
        over.is_open = False
        shown = [known_pairs[pair] for pair in pairs if pair in known_pairs]
        links.union(*shown).is_open = True
        links.create(
            [
                {
                    "case_id": case.id,
                    "event_id": event.id,
                    "company_id": case.company_id.id,
                    "is_open": True,
                    "seen_at": fields.Datetime.now(),
                }
                for case, event in dict.fromkeys(pairs)
                if (case, event) not in known_pairs
            ]
        )
        # The cases are closed by SQL.
        links.flush_model()

    def action_open_risk(self):
        """Open the risk that this case is about."""
        self.ensure_one()
        return self._action_open(self.risk_id)
