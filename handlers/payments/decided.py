from odoo import models

from ...canonical.kinds import Kind


class SaasPaymentsDecided(models.AbstractModel):
    """Handles payments of which a person said which record they are. Nothing is booked
    for them, whatever amount is told: new ids are bound to that record, and it closes
    what the source says it pays.
    """

    _name = "saas.payments.decided"
    _description = "SaaS decided payments"

    def _apply(self, source, items):
        """Bind and reconcile the payments that ``items`` tell of."""
        self._bind_ids(source, items)
        self.env["saas.handler.payment_failure"]._apply_payments(source, items)
        self.env["saas.handler.cash_balance_change"]._apply_payments(source, items)
        self.env["saas.payments.allocation"]._settle(source, items)

    def _bind_ids(self, source, items):
        """Bind the ids that are new to the record that a person named."""
        claims = {
            (kind, ref): item
            for item in items
            for kind, ref in (
                *((Kind.PAYMENT, ref) for ref in item.fact.ids),
                (Kind.INVOICE_PAYMENT, item.fact.allocation),
            )
            if ref
        }
        bindings = self.env["saas.binding"]
        known = bindings.search(
            [
                ("source_id", "=", source.id),
                ("kind", "in", (Kind.PAYMENT, Kind.INVOICE_PAYMENT)),
                ("external_id", "in", [ref for _kind, ref in claims]),
            ]
        )
        taken = {(binding.kind, binding.external_id) for binding in known}
        bindings.create(
            [
                bindings._prepare_vals(
                    source,
                    kind,
                    ref,
                    self.env[item.decision.res_model].browse(item.decision.res_id),
                    parent_ref=item.fact.external_id,
                    amount=item.fact.amount,
                    by_person=True,
                )
                for (kind, ref), item in claims.items()
                if (kind, ref) not in taken
            ]
        )
