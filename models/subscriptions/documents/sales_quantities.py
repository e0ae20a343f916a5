from functools import wraps

from odoo import models


class SaasSalesOrders(models.AbstractModel):
    """Sees to it that Sales doesn't invoice what billing runs do, and counts as
    invoiced what they have billed.

    Sales may not be installed, so its models can't be extended in the usual way: once
    the registry is there, two methods of its lines get a wrapper, as automation rules
    do it. What a wrapper finds to be no line of a contract goes the normal way.
    """

    _inherit = "saas.sales.orders"

    def _register_hook(self):
        super()._register_hook()
        lines = self.env.registry.models.get("sale.order.line")
        if lines is not None:
            _wrap(lines, "_compute_qty_to_invoice", _leave_to_runs)
            _wrap(lines, "_prepare_qty_invoiced", _count_by_amount)

    def _filter_billed(self, lines):
        """Return those of the lines of sales orders that billing runs bill."""
        bindings = self.env["saas.binding"].sudo()
        bound = bindings.search(
            [
                ("res_model", "=", "sale.order.line"),
                ("res_id", "in", lines._origin.ids),
            ]
        )
        ids = set(bound.mapped("res_id"))
        return lines.filtered(lambda line: line._origin.id in ids)

    def _count_periods(self, line):
        """Return for how many periods an order's line is invoiced: by the amounts, as
        an invoice may be for a part of a period, or give some of one back.
        """
        invoiced = line.invoice_lines.filtered(
            lambda each: each.move_id.state != "cancel"
        )
        amount = sum(
            -each.move_id.direction_sign * each.price_subtotal for each in invoiced
        )
        return amount / line.price_unit


def _leave_to_runs(origin, lines):
    """Leave nothing of a contract's line for Sales to invoice."""
    billed = lines.env["saas.sales.orders"]._filter_billed(lines)
    origin(lines - billed)
    billed.qty_to_invoice = 0


def _count_by_amount(origin, lines):
    """Count a contract's line as invoiced by what was billed of it."""
    quantities = origin(lines)
    orders = lines.env["saas.sales.orders"]
    for line in orders._filter_billed(lines).filtered("price_unit"):
        quantities[line] = orders._count_periods(line)
    return quantities


def _wrap(model, name, instead):
    """Have a method of a registry's class go through a function, once."""
    origin = getattr(model, name)
    if getattr(origin, "_is_wrapped_by_saas", False):
        return

    @wraps(origin)
    def wrapper(self):
        return instead(origin, self)

    wrapper._is_wrapped_by_saas = True
    setattr(model, name, wrapper)
