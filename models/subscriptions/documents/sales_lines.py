from collections import defaultdict
from fractions import Fraction

from odoo import models
from odoo.tools import float_compare

from ....canonical.catalogue.decimals import write_decimal
from ....canonical.kinds import Kind
from ....canonical.money import to_decimal


class SaasSalesOrders(models.AbstractModel):
    """Writes the lines of the sales orders that contracts are, and says which of them a
    line of a document is billed for.
    """

    _inherit = "saas.sales.orders"

    def _write_lines(self, orders, ordered):
        """Add the lines that orders lack, and bring the others to what is agreed. Those
        of earlier terms stay.

        :param orders: by contract.
        :param ordered: what is agreed, by contract.
        """
        bindings = self.env["saas.binding"].sudo()
        known = self._find_lines(self.env["saas.contract"].concat(*orders))
        self._set_all_periods(known, ordered)
        new = [
            (contract, line, periods)
            for contract, own in ordered.items()
            for line, periods in own.items()
            if line.key not in known[contract]
        ]
        lines = self.env["sale.order.line"].create(
            [
                self._prepare_line_vals(orders[contract], line, periods)
                for contract, line, periods in new
            ]
        )
        bindings.create(
            [
                bindings._prepare_vals(
                    contract.source_id,
                    Kind.SALES_ORDER_LINE,
                    f"{contract.external_id} {line.key}",
                    record,
                    parent_ref=contract.external_id,
                    version=line.term or False,
                )
                for (contract, line, _periods), record in zip(new, lines, strict=True)
            ]
        )
        # Only now it is known that Sales doesn't invoice them.
        lines._compute_qty_to_invoice()

    def _set_all_periods(self, known, ordered):
        """Have the lines of orders say for how many periods they are, in the terms that
        something is agreed in.

        :param known: as :meth:`_find_lines` returns it.
        """
        wanted = {}
        for contract, own in ordered.items():
            periods = {line.key: count for line, count in own.items()}
            terms = {line.term for line in own}
            for key, binding in known[contract].items():
                if (binding.version or "") in terms:
                    wanted[binding.res_id] = periods.get(key, 0)
        for record in self.env["sale.order.line"].browse(wanted).exists():
            self._set_periods(record, wanted[record.id])

    def _prepare_line_vals(self, order, line, periods):
        """Return the values of an order's line: so many periods, each at its price."""
        tenant_lang = order.partner_id.lang or self.env.lang
        env = self.with_context(lang=tenant_lang).env
        component = line.component.with_env(env)
        rhythms = dict(component._fields["cadence"]._description_selection(env))
        values = {"component": component.name, "rhythm": rhythms[component.cadence]}
        if not line.held:
            name = env._("%(component)s, by what is used", **values)
        elif line.held == 1:
            name = env._("%(component)s, %(rhythm)s", **values)
        else:
            held = f"{float(line.held):g}"
            name = env._("%(held)s × %(component)s, %(rhythm)s", held=held, **values)
        return {
            "order_id": order.id,
            "product_id": component.product_id.id,
            "name": name,
            "product_uom_qty": self._round(periods),
            "price_unit": float(to_decimal(line.full, line.exponent)),
        }

    def _set_periods(self, record, periods):
        """Have an order's line say for how many periods it is, if it says another
        number.
        """
        places = self.env["decimal.precision"].precision_get("Product Unit")
        new = self._round(periods)
        old = record.product_uom_qty
        if float_compare(old, new, precision_digits=places):
            # Sales would look for a price of its own, for another quantity.
            record.write({"product_uom_qty": new, "price_unit": record.price_unit})

    def _round(self, periods):
        places = self.env["decimal.precision"].precision_get("Product Unit")
        return float(round(periods, places))

    # -- what is invoiced --------------------------------------------------------------

    def _find_order_lines(self, subscriptions, lines):
        """Return by line that is billed the id of the order's line that it is for.

        :param lines: as ``billing`` makes them: each has a subscription, a component, a
            rate, ``full`` and ``start``.
        """
        if "sale.order" not in self.env:
            return {}
        domain = [("subscription_id", "in", subscriptions.ids)]
        contracts = self.env["saas.contract"].sudo().search(domain, order="won_at, id")
        known, found = self._find_lines(contracts), defaultdict(list)
        ids = [each.res_id for own in known.values() for each in own.values()]
        left = set(self.env["sale.order.line"].browse(ids).exists().ids)
        for contract in contracts:
            for key, binding in known[contract].items():
                component = int(key.partition("-")[0])
                if binding.res_id in left:
                    place = contract.subscription_id.id, component
                    found[place].append((key, binding))
        chosen = {
            line: _choose(found[line.subscription.id, line.component.id], line)
            for line in lines
        }
        return {line: record for line, record in chosen.items() if record}

    def _find_lines(self, contracts):
        """Return by contract the bindings of the lines of its order by their keys,
        those of earlier terms first.
        """
        bindings = (
            self.env["saas.binding"]
            .sudo()
            .search(
                [
                    ("source_id", "in", contracts.source_id.ids),
                    ("kind", "=", Kind.SALES_ORDER_LINE),
                    ("parent_ref", "in", contracts.mapped("external_id")),
                ],
                order="version NULLS FIRST, id",
            )
        )
        found = {(each.source_id, each.external_id): {} for each in contracts}
        for each in bindings:
            prefix = f"{each.parent_ref} "
            own = found.get((each.source_id, each.parent_ref), {})
            own[each.external_id.removeprefix(prefix)] = each
        return {c: found[c.source_id, c.external_id] for c in contracts}


def _choose(candidates, line):
    """Return the id of the order's line that a line is billed for: what was held then,
    in the newest term that had begun; None where there is none.
    """
    day = f"{line.start:%Y%m%d}"
    begun = [
        (key, binding) for key, binding in candidates if (binding.version or "") <= day
    ]
    held = line.rate.quantity if line.full is not None else Fraction(0)
    name = f"{line.component.id}-{write_decimal(held)}-{line.full or 0}-"
    alike = [pair for pair in begun if pair[0].startswith(name)]
    chosen = (alike or begun)[-1:]
    return chosen[0][1].res_id if chosen else None
