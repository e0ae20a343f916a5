from collections import defaultdict
from fractions import Fraction

from odoo import models
from odoo.tools import float_compare

from ....canonical.catalogue.decimals import write_decimal
from ....canonical.kinds import Kind
from ....canonical.money import to_decimal

#: What the binding of an order says whose contract was withdrawn.
_WITHDRAWN = "withdrawn"


class SaasSalesOrders(models.AbstractModel):
    """Writes the sales orders that won contracts are, where Sales is installed: one for
    each contract, confirmed, and amended as long as it is held. What is invoiced comes
    from billing runs alone.
    """

    _name = "saas.sales.orders"
    _description = "SaaS sales orders"

    def _amend(self, contract, subscription, ordered):
        """Bring the order of a contract to what is agreed. An order that somebody has
        cancelled or deleted in Sales stays as they left it.

        :param ordered: as :meth:`SaasSubscription._find_ordered` returns it.
        """
        source, ref = contract.source_id, contract.external_id
        bindings = self.env["saas.binding"].sudo()
        binding = bindings._find(source, Kind.SALES_ORDER, [ref]).get(ref)
        if binding:
            order = binding._get_record().exists()
            if order and binding.version == _WITHDRAWN:
                order.state = "draft"
                order.action_confirm()
                binding.version = False
            if order.state != "sale":
                return
        else:
            order = self._create_order(contract, subscription)
            bindings.create(
                bindings._prepare_vals(source, Kind.SALES_ORDER, ref, order)
            )
        if is_locked := order.locked:
            order.locked = False
        self._write_lines(order, contract, ordered)
        if binding:
            self._write_changed(order, self._prepare_terms_vals(subscription))
        else:
            order.action_confirm()
            order.date_order = contract.won_at or order.date_order
        if is_locked:
            order.locked = True

    def _create_order(self, contract, subscription):
        """Return a new quotation for a contract, without lines."""
        tenant = subscription.tenant_id
        orders = self.env["sale.order"].with_company(contract.company_id)
        return orders.create(
            {
                "company_id": contract.company_id.id,
                "partner_id": tenant.booking_partner_id.id,
                "partner_shipping_id": tenant.partner_id.id,
                "pricelist_id": self._find_pricelist(contract, subscription).id,
                "user_id": subscription.user_id.id,
                "origin": contract.number or contract.external_id,
                **self._prepare_terms_vals(subscription),
            }
        )

    def _prepare_terms_vals(self, subscription):
        """Return the values of an order that may change while it is fulfilled."""
        tenant = subscription.tenant_id
        terms = (
            tenant.payment_term_id
            or tenant.booking_partner_id.with_company(
                subscription.company_id
            ).property_payment_term_id
        )
        return {
            "client_order_ref": subscription.purchase_order
            or tenant.purchase_order
            or False,
            "payment_term_id": terms.id,
        }

    def _find_pricelist(self, contract, subscription):
        """Return the price list that gives an order its currency, which is made where
        there is none; empty for the company's own currency.
        """
        lists = self.env["product.pricelist"]
        company, currency = contract.company_id, subscription.currency_id
        if not currency and (code := (subscription.held or {}).get("currency")):
            values = self.env["saas.customers.partner_values"]
            currency = values._get_currencies({code}).get(code, currency)
        if not currency or currency == company.currency_id:
            return lists
        found = lists.search(
            [("currency_id", "=", currency.id), ("company_id", "=", company.id)],
            limit=1,
        )
        return found or lists.create(
            {
                "name": self.env._("Contracts in %s", currency.name),
                "currency_id": currency.id,
                "company_id": company.id,
            }
        )

    def _write_lines(self, order, contract, ordered):
        """Add the lines that an order lacks, and bring the others to what is agreed.
        Those of earlier terms stay.
        """
        bindings, source = self.env["saas.binding"].sudo(), contract.source_id
        known = self._find_lines(contract)[contract]
        wanted = {line.key: periods for line, periods in ordered.items()}
        terms = {line.term for line in ordered}
        for key, binding in known.items():
            if (binding.version or "") in terms:
                record = binding._get_record().exists()
                self._set_periods(record, wanted.get(key, 0))
        new = [pair for pair in ordered.items() if pair[0].key not in known]
        lines = self.env["sale.order.line"].create(
            [self._prepare_line_vals(order, *pair) for pair in new]
        )
        bindings.create(
            [
                bindings._prepare_vals(
                    source,
                    Kind.SALES_ORDER_LINE,
                    f"{contract.external_id} {line.key}",
                    record,
                    parent_ref=contract.external_id,
                    version=line.term or False,
                )
                for (line, _periods), record in zip(new, lines, strict=True)
            ]
        )
        # Only now it is known that Sales doesn't invoice them.
        lines._compute_qty_to_invoice()

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
        if record and float_compare(old, new, precision_digits=places):
            # Sales would look for a price of its own, for another quantity.
            record.write({"product_uom_qty": new, "price_unit": record.price_unit})

    def _round(self, periods):
        places = self.env["decimal.precision"].precision_get("Product Unit")
        return float(round(periods, places))

    def _write_changed(self, order, vals):
        changed = {
            name: value
            for name, value in vals.items()
            if order._fields[name].convert_to_write(order[name], order) != value
        }
        if changed:
            order.write(changed)

    def _withdraw(self, contracts):
        """Cancel the orders of contracts that were never won after all."""
        for contract in contracts:
            ref = contract.external_id
            bindings = self.env["saas.binding"].sudo()
            found = bindings._find(contract.source_id, Kind.SALES_ORDER, [ref])
            binding = found.get(ref)
            order = binding and binding._get_record().exists()
            if order and order.state == "sale":
                order.locked = False
                order._action_cancel()
                binding.version = _WITHDRAWN

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
