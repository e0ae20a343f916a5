from odoo import models
from odoo.exceptions import UserError

from ...canonical.facts import REPORTED_ZERO
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason

#: The fields of facts that name what an object belongs to.
_PARENTS = ("invoice", "payment")


class SaasSubscriptionEvent(models.Model):
    """Opens the screen on which a person fixes what an event waits for."""

    _inherit = "saas.subscription.event"

    def action_open_source(self):
        """Open the set-up page of this event's source."""
        self.ensure_one()
        return self._action_open(self.source_id)

    def action_open_parent(self):
        """Open the event on which a person decided that nothing is booked for what this
        one belongs to.

        :raises UserError: if no such decision is kept.
        """
        self.ensure_one()
        facts = self._get_facts()
        named = {getattr(fact, name, None) for fact in facts for name in _PARENTS}
        decisions = self.env["saas.resolution"].sudo()
        decision = decisions.search(
            [
                ("source_id", "=", self.source_id.id),
                ("external_id", "in", list(filter(None, named))),
                ("choice", "=", "nothing"),
            ],
            limit=1,
        )
        if not decision.event_id:
            raise UserError(
                self.env._(
                    "No event is kept on which that was decided. Retry this one, or "
                    "say which record it is."
                )
            )
        return self._action_open(decision.event_id.sudo(False))

    def action_map_product(self):
        """Ask for the product of the first line whose product isn't mapped yet."""
        known = self.source_id.product_mapping_ids.mapped("external_id")
        missing = (
            line.product or line.price
            for line in self._get_lines()
            if (line.product or line.price)
            and line.price not in known
            and line.product not in known
        )
        return self._action_map(
            "saas.product.mapping", self.env._("Map Product"), next(missing, False)
        )

    def action_map_tax(self):
        """Ask for the tax of the first tax rate that isn't mapped yet; where all
        are, show the mappings, one of which must be wrong. A line without a rate, or
        one that nothing is charged on, is for a rule on the source.
        """
        mappings = self.source_id.tax_mapping_ids
        known = mappings.mapped("external_id")
        taxes = [tax for line in self._get_lines() for tax in line.taxes]
        if self.reason == Reason.UNMAPPED_TAX and any(
            not tax.amount and tax.reason in REPORTED_ZERO for tax in taxes
        ):
            return self._action_add_rule(self._get_reason_default(taxes))
        rates = [tax.rate for tax in taxes if tax.rate]
        missing = next((rate for rate in rates if rate not in known), False)
        nameless = [tax for tax in taxes if tax.amount and not tax.rate]
        if self.reason == Reason.UNMAPPED_TAX and nameless and not missing:
            return self._action_add_rule(self._get_percentage_default(nameless[0]))
        if rates and not missing:
            wrong = mappings.filtered(lambda mapping: mapping.external_id in rates)
            return {**self._action_open(wrong), "target": "new"}
        return self._action_map("saas.tax.mapping", self.env._("Map Tax Rate"), missing)

    def _get_percentage_default(self, tax):
        """Return what a rule for a tax without a rate begins with: its percentage, if
        that is told.
        """
        percentage = tax.details and tax.details.percentage
        if percentage is None:
            return {}
        return {"default_percentage": f"{percentage.normalize():f}"}

    def _get_reason_default(self, taxes):
        """Return what a rule for lines that nothing is charged on begins with: their
        reason. Their rate's own mapping is for lines that something is charged on.
        """
        known = self.source_id.tax_rule_ids.mapped("reason")
        reasons = [
            tax.reason
            for tax in taxes
            if not tax.amount and tax.reason in REPORTED_ZERO
        ]
        missing = (reason for reason in reasons if reason not in known)
        return {"default_reason": next(missing, reasons[0])}

    def _action_add_rule(self, defaults):
        """Ask for the tax of a rule, which begins with ``defaults``."""
        return self._action_dialog(
            "saas.tax.rule",
            self.env._("Add Tax Rule"),
            {"default_source_id": self.source_id.id, **defaults},
        )

    def _get_facts(self):
        """Return the facts this event states, for a user who may read it."""
        self.check_access("read")
        return self._read_facts()

    def _get_lines(self):
        """Return the document lines this event states; none if it can't be read."""
        return [
            line for fact in self._get_facts() for line in getattr(fact, "lines", ())
        ]

    def _get_payment(self):
        """Return the booked payment that a refund or a dispute of this event belongs
        to, or None.
        """
        for fact in self._get_facts():
            if fact.kind not in (Kind.REFUND, Kind.DISPUTE) or not fact.payment:
                continue
            bindings = self.env["saas.binding"]._find(
                self.source_id, Kind.PAYMENT, [fact.payment]
            )
            if binding := bindings.get(fact.payment):
                record = binding._get_record()
                return record if binding.res_model == "account.payment" else None
        return None

    def _action_map(self, model, name, external_id):
        return self._action_dialog(
            model,
            name,
            {
                "default_source_id": self.source_id.id,
                "default_external_id": external_id,
            },
        )
