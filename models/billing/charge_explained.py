from fractions import Fraction

from markupsafe import Markup

from odoo import api, fields, models

from ...canonical.catalogue.decimals import write_decimal
from ...canonical.money import to_decimal
from ...canonical.subscriptions.held import Rate
from ...canonical.usage.rating import Part, explain, rate, round_minor


class SaasCharge(models.Model):
    """Says how the amount of a charge came about, as a person would work it out, and
    which records of usage it counted.
    """

    _inherit = "saas.charge"

    explanation = fields.Html(compute="_compute_explanation", sanitize=False)

    @api.depends("rate", "quantity", "amount")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for charge in self:
            rows = charge._explain() if charge.rate else []
            cells = Markup("").join(
                Markup("<tr><td>%s</td><td class='text-end'>%s %s</td></tr>")
                % (text, amount, charge.currency_id.name)
                for text, amount in rows
            )
            charge.explanation = rows and Markup(
                "<table class='table table-sm w-auto'>%s</table>"
            ) % (cells)

    def _explain(self):
        """Return what the amount is made of: sentences, each with an amount in major
        units. What was billed before, or the part of the period, makes the last row.
        """
        self.ensure_one()
        held = Rate.from_json(self.rate)
        quantity = abs(Fraction(self.quantity)) if self.is_usage else held.quantity
        rows = [
            (self._describe_row(row), self._show(round_minor(row.amount)))
            for row in explain(held.price, quantity)
        ]
        whole = rate(held.price, quantity)
        if held.discount:
            percent = write_decimal(held.discount * 100)
            rows.append(
                (
                    self.env._("Discount of %s %%", percent),
                    self._show(-round_minor(whole * held.discount)),
                )
            )
        full = round_minor(whole * (1 - held.discount))
        if full != self.amount:
            text = (
                self.env._("What was billed before, taken off")
                if self.is_usage
                else self.env._("Of it for these days")
            )
            rows.append((text, self._show(self.amount)))
        return rows

    def _describe_row(self, row):
        """Return a row of a price as a sentence."""
        values = {
            "quantity": write_decimal(row.quantity),
            "unit": write_decimal(row.unit),
            "flat": write_decimal(row.flat),
        }
        if row.part == Part.INCLUDED:
            return self.env._("%(quantity)s are included", **values)
        if row.part == Part.MINIMUM:
            return self.env._("Up to the least that a period costs")
        if row.part == Part.MAXIMUM:
            return self.env._("Down to the most that a period costs")
        if row.part == Part.PACKAGES:
            return self.env._("%(quantity)s packages at %(unit)s", **values)
        if row.flat:
            return self.env._("%(quantity)s at %(unit)s, and %(flat)s", **values)
        return self.env._("%(quantity)s at %(unit)s", **values)

    def _show(self, minor):
        return f"{to_decimal(minor, self.exponent):f}"

    def action_view_usage(self):
        """Open the records of usage that this charge has counted."""
        self.ensure_one()
        meter = self.component_id.meter_id
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Usage of %s", meter.name),
                "res_model": "saas.usage.record",
                "view_mode": "list,kanban,form",
                "domain": [
                    ("subscription_id", "=", self.subscription_id.id),
                    ("meter_id", "=", meter.id),
                    ("occurred_at", ">=", self.service_from),
                    ("occurred_at", "<", self.service_to),
                    ("id", "<=", self.usage_version),
                ],
            }
        )
